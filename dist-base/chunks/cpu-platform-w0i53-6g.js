import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { t as formatShape } from "./shape-fqbSRAhU.js";
import { a as LifetimeError, c as ResourceError, l as ShapeError, n as CheckpointError, o as QuireError, r as ConfigError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { n as loadNativeBinding } from "./native-binding-DBOIvHQI.js";
import { n as isNative, t as CpuProgram } from "./cpu-program-DmTjRr7-.js";
import { t as defaultThreads } from "./default-threads-CAuXyvgt.js";
import { n as createStorage } from "./tensor-JGDOnnfU.js";
import { t as logprobsModes } from "./sample-layout-CpnAdfXW.js";
import { totalmem } from "node:os";
// src/platform/cpu/kv-cache-layout.ts
/**
* Sizes of the CPU platform's paged KV cache and of paged attention's workspace; native/cpu/kv_cache.h and attention_tile.h
* mirror them.
*
* A block holds, for each kv head, for each 16 tokens in turn, a key panel and then a value panel, so that one line of
* 64 bytes feeds one multiply-add of 16 lanes:
*   bf16  keys [headDim / 2][16 tokens][2]      values [headDim / 16][8][16 elements][2 tokens]
*   f32   keys [headDim][16 tokens]             values [headDim / 16][16 tokens][16 elements]
* headDim is padded to a multiple of 2 in bf16 keys and of 16 in values; the padding is zero. Latents have keys only.
*/
/** Tokens of one panel; block sizes are multiples of it. */
const panelTokens = 16;
/** Query rows (tokens times heads of one kv head) that attention handles together, also of latents. */
const tileRows = 24;
const latentTileRows = 48;
/** Long sequences are split over partitions only when there are fewer tiles than this per thread. */
const splitTilesPerThread = 4;
/** Partial results never take more; beyond it, sequences are not split. */
const maxPartialBytes = 32 * 2 ** 20;
const roundUp = (value, multiple) => Math.ceil(value / multiple) * multiple;
/** Bytes of the panels of 16 tokens of one kv head. */
function kvPanelBytes(headDim, dtype) {
	const line = 64;
	return dtype === "bf16" ? {
		keys: roundUp(headDim, 2) / 2 * line,
		values: roundUp(headDim, 16) / 16 * 8 * line
	} : {
		keys: headDim * line,
		values: roundUp(headDim, 16) * line
	};
}
/**
* Bytes of one block (keys and values of blockSize tokens of all kv heads); a multiple of 64.
* @throws UnsupportedError when blockSize is not a multiple of 16
*/
function kvCacheBlockBytes(spec) {
	const { blockSize, headDim, numKvHeads, dtype, latentDim } = spec;
	if (!Number.isInteger(blockSize / panelTokens) || blockSize < 1) throw new UnsupportedError(`cpu platform: KV cache blocks must hold a multiple of ${panelTokens} tokens, got ${blockSize}; set --block-size 16`);
	const { keys, values } = kvPanelBytes(headDim, dtype);
	return numKvHeads * (blockSize / panelTokens) * (latentDim === void 0 ? keys + values : keys);
}
/**
* Bytes of workspace that one pagedAttention needs for partial results of sequences that are split over partitions; 0
* when no sequence can have more than one. Less is allowed: then fewer sequences are split, with the same results.
*
* @param numHeads  query heads
* @param numTokens rows of the step
* @param maxTokens longest sequence: maxBlocksPerSeq * blockSize
* @param threads   of the pool
*/
function attentionPartialBytes(spec, numHeads, numTokens, maxTokens, threads) {
	const partitions = Math.ceil(maxTokens / 512);
	if (partitions < 2 || threads < 2) return 0;
	const group = numHeads / spec.numKvHeads;
	const mostRows = spec.latentDim === void 0 ? tileRows : latentTileRows;
	const rowsPerTile = Math.min(mostRows, group * numTokens);
	const tiles = Math.min(splitTilesPerThread * threads, numTokens * spec.numKvHeads * Math.ceil(group / mostRows));
	const rowBytes = 4 * (roundUp(spec.latentDim ?? spec.headDim, 16) + 16);
	return Math.min(maxPartialBytes, tiles * rowsPerTile * partitions * rowBytes);
}
/**
* Walks over the ops in order and puts each new buffer into the tightest gap between those that are alive.
* @param buffers in any order; offsets come back in the same order
*/
function planMemory(buffers) {
	const offsets = buffers.map(() => 0);
	const order = buffers.map((_, i) => i).sort((a, b) => buffers[a].first - buffers[b].first || a - b);
	let alive = [];
	let bytes = 0;
	for (const i of order) {
		const buffer = buffers[i];
		alive = alive.filter((block) => block.last >= buffer.first);
		const size = Math.max(64, Math.ceil(buffer.bytes / 64) * 64);
		const { start, at } = tightestGap(alive, size);
		alive.splice(at, 0, {
			start,
			end: start + size,
			last: buffer.last
		});
		offsets[i] = start;
		bytes = Math.max(bytes, start + size);
	}
	return {
		offsets,
		bytes
	};
}
/** The smallest gap that holds `size` (or the end), and its index among the blocks. */
function tightestGap(alive, size) {
	let best = Infinity;
	let start = alive.at(-1)?.end ?? 0;
	let at = alive.length;
	let end = 0;
	alive.forEach((block, i) => {
		const gap = block.start - end;
		if (gap >= size && gap < best) [best, start, at] = [
			gap,
			end,
			i
		];
		end = block.end;
	});
	return {
		start,
		at
	};
}
// src/platform/cpu/opcodes.ts
/** Opcodes of the native kernels, mirrored by native/cpu/kernels.inc (which also lists their arguments). */
const opcodes = {
	embedding: 1,
	packActivations: 2,
	linear: 3,
	rmsNorm: 4,
	layerNorm: 5,
	rotaryEmbedding: 6,
	writeKVCache: 7,
	pagedAttention: 8,
	activation: 9,
	gatedActivation: 10,
	add: 11,
	scale: 12,
	copy: 13,
	gatherRows: 14,
	writeMatrixRows: 15,
	readMatrixRows: 16,
	pagedAttentionMerge: 17,
	readMemory: 18,
	multiplyPeak: 19,
	sample: 20,
	loadMatrixRows: 21,
	fillNoise: 22,
	addRmsNorm: 30,
	gatedLinear: 31,
	rotaryKVCache: 32,
	mul: 50,
	softcap: 52,
	clamp: 53,
	causalConv1d: 100,
	selectiveScan: 101,
	ssdScan: 102,
	gatedRmsNorm: 103,
	writeLatents: 70,
	packHeads: 71,
	headLinear: 72,
	externalOp: 90,
	topkRouting: 80,
	groupExperts: 81,
	packExperts: 82,
	expertLinear: 83,
	expertGatedLinear: 84,
	combineExperts: 85,
	clampedSwiglu: 86
};
// src/platform/cpu/lowering/lowered-op.ts
/** What runs as TypeScript between native pieces: its arguments are the places that it reads and writes. */
const hostKernel = "host";
function place(tensor) {
	return {
		storage: tensor.storage,
		byteOffset: tensor.offset * dtypeBytes[tensor.dtype]
	};
}
function optionalPlace(tensor) {
	return tensor ? place(tensor) : 0;
}
/** Whether a tensor is all of another, in the same order. */
function isAllOf(tensor, all) {
	const sameShape = String(tensor.shape) === String(all.shape) && tensor.offset === all.offset;
	return tensor.storage === all.storage && sameShape && tensor.isDense;
}
/** The start of a storage. */
function whole(storage) {
	return {
		storage,
		byteOffset: 0
	};
}
/** Working memory of the program. */
function temporary(bytes, label) {
	return createStorage("step", bytes, label);
}
/**
* Six numbers: address, n0, stride0, n1, stride1, n2 (native/cpu/kernel.h, View).
* @throws ShapeError for more than three dimensions or a last one with gaps
*/
function view(tensor) {
	const { shape, strides } = tensor;
	const rank = shape.length;
	if (rank < 1 || rank > 3 || shape[rank - 1] > 1 && strides[rank - 1] !== 1) throw new ShapeError(`CPU platform: ${tensor} with strides ${formatShape(strides)} is not one to three dimensions with dense rows`);
	const last = shape[rank - 1];
	if (rank === 1) return [
		place(tensor),
		1,
		last,
		1,
		0,
		last
	];
	if (rank === 2) return [
		place(tensor),
		shape[0],
		strides[0],
		1,
		0,
		last
	];
	return [
		place(tensor),
		shape[0],
		strides[0],
		shape[1],
		strides[1],
		last
	];
}
// src/platform/cpu/lowering/encode.ts
/** @throws LifetimeError if an external storage has no address */
function encode(ops) {
	const { offsets, bytes } = planStorages(ops);
	const placeOf = (storage) => {
		const offset = offsets.get(storage.id);
		if (offset === void 0 && storage.address === void 0) throw new LifetimeError(`CPU platform: ${storage.label} has no address; load it before compiling`);
		return {
			address: offset ?? storage.address,
			isOffset: offset !== void 0
		};
	};
	const pieces = [];
	let start = 0;
	ops.forEach((op, i) => {
		if (op.kernel !== "host") return;
		if (i > start) pieces.push(encodePiece(ops.slice(start, i), start, placeOf));
		pieces.push({
			firstOp: i,
			host: op,
			placeOf
		});
		start = i + 1;
	});
	if (start < ops.length || pieces.length === 0) pieces.push(encodePiece(ops.slice(start), start, placeOf));
	return {
		pieces,
		workspaceBytes: bytes
	};
}
function encodePiece(ops, firstOp, placeOf) {
	const numbers = [];
	const relocations = [];
	for (const { kernel, args } of ops) {
		numbers.push(opcodes[kernel], args.length);
		for (const argument of args) {
			if (typeof argument === "number") {
				numbers.push(argument);
				continue;
			}
			const { address, isOffset } = placeOf(argument.storage);
			if (isOffset) relocations.push(numbers.length);
			numbers.push(address + argument.byteOffset);
		}
	}
	return {
		firstOp,
		records: Float64Array.from(numbers),
		relocations: Int32Array.from(relocations)
	};
}
/** Offsets of the storages that live in the workspace, by id. */
function planStorages(ops) {
	const lives = /* @__PURE__ */ new Map();
	ops.forEach(({ args }, i) => {
		for (const argument of args) {
			if (typeof argument === "number") continue;
			const { storage } = argument;
			if (storage.kind !== "step" || storage.address !== void 0) continue;
			lives.set(storage.id, {
				storage,
				bytes: storage.bytes,
				first: lives.get(storage.id)?.first ?? i,
				last: i
			});
		}
	});
	const list = [...lives.values()];
	const plan = planMemory(list);
	return {
		offsets: new Map(list.map(({ storage }, i) => [storage.id, plan.offsets[i]])),
		bytes: plan.bytes
	};
}
// src/platform/cpu/lowering/attributes.ts
/** Order as in activationFunctions (src/ops/activation.ts), which this floor may not import; a test holds them equal. */
const activationNumbers = [
	"relu",
	"gelu",
	"gelu_pytorch_tanh",
	"silu",
	"quick_gelu",
	"relu2",
	"tanh",
	"sigmoid"
];
/** cache, blockBytes, blockSize, isBf16 */
function cacheArguments(record, cache) {
	const isBf16 = Number(record.attributes["cacheDtype"] === "bf16");
	return [
		place(cache),
		cache.size(1),
		number(record, "blockSize"),
		isBf16
	];
}
function number(record, name) {
	return Number(record.attributes[name]);
}
function activationNumber(record) {
	return activationNumbers.indexOf(String(record.attributes["kind"]));
}
// src/platform/cpu/lowering/add-rms-norm.ts
/** A view that is absent. */
const noView = [
	0,
	0,
	0,
	0,
	0,
	0
];
const addRmsNorm = {
	name: "addRmsNorm",
	match(context, i) {
		const { records } = context;
		const record = records[i];
		if (record.op === "add") {
			const after = normOf(record, records[i + 1]);
			return after && matched(context, i, {
				add: record,
				after
			});
		}
		if (record.op !== "rmsNorm") return void 0;
		const add = records[i + 1];
		if (add && addsNorm(context, add, record)) return matched(context, i, {
			before: record,
			add,
			after: normOf(add, records[i + 2])
		});
		return packsAs(context, record.outputs[0]) === void 0 ? void 0 : matched(context, i, { after: record });
	}
};
/** `next`, if it is the norm of all that `add` makes. */
function normOf(add, next) {
	return next?.op === "rmsNorm" && isAllOf(next.inputs[0], add.outputs[0]) ? next : void 0;
}
/** Whether `add` is the only reader of the norm, which then need not exist. */
function addsNorm(context, add, norm) {
	const out = norm.outputs[0];
	if (add.op !== "add" || out.shape.length !== 2 || out.storage.address !== void 0) return false;
	return context.readers(out).length === 1 && add.inputs.filter((input) => isAllOf(input, out)).length === 1;
}
function matched(context, i, parts) {
	const records = [
		parts.before,
		parts.add,
		parts.after
	].filter((record) => record !== void 0);
	return {
		records: records.map((_, k) => i + k),
		emit: () => [emit(context, parts, records)]
	};
}
function emit(context, { before, add, after }, records) {
	const [a, b] = terms({
		before,
		add,
		after
	});
	const out = (after ?? add).outputs[0];
	const isBf16 = packsAs(context, out);
	const packed = isBf16 === void 0 ? 0 : whole(context.declarePacked(out, isBf16));
	const isWanted = after && (isBf16 === void 0 || context.packedAloneAs(out) === void 0);
	const args = [
		...view(a),
		...b ? view(b) : noView,
		...normArguments(before)
	];
	args.push(add ? place(add.outputs[0]) : 0, ...normArguments(after));
	args.push(isWanted ? place(out) : 0, packed, Number(isBf16 ?? false));
	return {
		kernel: "addRmsNorm",
		args,
		records
	};
}
/** The residual and what is added to it. */
function terms({ before, add, after }) {
	if (!add) return [after.inputs[0]];
	const [a, b] = add.inputs;
	if (!before) return [a, b];
	return [isAllOf(a, before.outputs[0]) ? b : a, before.inputs[0]];
}
/** weight?, eps, weightOffset */
function normArguments(norm) {
	return norm ? [
		place(norm.inputs[1]),
		number(norm, "eps"),
		number(norm, "weightOffset")
	] : [
		0,
		0,
		0
	];
}
/** How linear layers that read x want it packed; undefined if none does. */
function packsAs(context, x) {
	return x.shape.length === 2 ? context.packedFor(x) : void 0;
}
// src/platform/cpu/matrix-layout.ts
/** Types that a matrix may have, and the number by which kernels know a type. */
const kernelDTypes = {
	f32: 0,
	bf16: 1,
	f16: 2,
	i8: 3
};
/** @throws UnsupportedError unless kernels know the type */
function kernelDType(dtype) {
	const number = kernelDTypes[dtype];
	if (number === void 0) throw new UnsupportedError(`CPU platform: no kernels for ${dtype}; it knows ${Object.keys(kernelDTypes).join(", ")}`);
	return number;
}
/** Columns rounded up to a pair. */
function evenColumns(columns) {
	return columns + columns % 2;
}
/**
* Bytes of a [rows, columns] matrix: panels of 16 rows, columns in pairs.
* @throws UnsupportedError unless dtype is f32, bf16 or i8
*/
function matrixBytes(rows, columns, dtype) {
	if (dtype !== "f32" && dtype !== "bf16" && dtype !== "i8") throw new UnsupportedError(`CPU platform: a matrix is f32, bf16 or i8, not ${dtype}`);
	return Math.ceil(rows / 16) * 16 * evenColumns(columns) * dtypeBytes[dtype];
}
// src/platform/cpu/lowering/lowering-context.ts
var LoweringContext = class {
	records;
	threads;
	readersOf = /* @__PURE__ */ new Map();
	packed = /* @__PURE__ */ new Map();
	made = /* @__PURE__ */ new Map();
	constructor(program, threads) {
		this.records = program.records;
		this.threads = threads;
		program.records.forEach((record, i) => {
			for (const { storage } of record.inputs) {
				const readers = this.readersOf.get(storage.id);
				if (readers) readers.push(i);
				else this.readersOf.set(storage.id, [i]);
			}
		});
	}
	/** Indexes of the records that read anything of the tensor's storage, ascending. */
	readers(tensor) {
		return this.readersOf.get(tensor.storage.id) ?? [];
	}
	/**
	* The seven arguments of a linear record's product (packed, isBf16, numTokens, weight, dtype, rows, columns), and the op
	* that packs its input, unless something packed it before.
	*/
	product(record) {
		const [x, weight] = record.inputs;
		const isBf16 = packsAsBf16(record);
		const pack = [];
		let storage = this.packed.get(packedKey$1(x, isBf16));
		if (!storage) {
			storage = this.declarePacked(x, isBf16);
			const args = [
				...view(x),
				whole(storage),
				Number(isBf16)
			];
			pack.push({
				kernel: "packActivations",
				args,
				records: [record],
				helps: true
			});
		}
		const dtype = kernelDType(weight.dtype);
		return {
			pack,
			product: [
				whole(storage),
				Number(isBf16),
				x.size(0),
				place(weight),
				dtype,
				weight.size(0),
				weight.size(1)
			]
		};
	}
	/** Room for the packed form of x; products that come later will read it, so the caller must fill it. */
	declarePacked(x, isBf16) {
		const storage = temporary(packedBytes(x.size(0), x.size(1)), "packed activations");
		this.packed.set(packedKey$1(x, isBf16), storage);
		return storage;
	}
	/** What `make` gave when it was first asked for under this key: working memory that several records use. */
	shared(key, make) {
		const known = this.made.get(key);
		if (known) return known;
		const storage = make();
		this.made.set(key, storage);
		return storage;
	}
	/**
	* How linear layers that take x whole want it packed (true: bf16); undefined if there are none, or they disagree.
	*/
	packedFor(x) {
		const forms = this.readers(x).map((i) => this.packedBy(this.records[i], x));
		const wanted = new Set(forms.filter((form) => form !== void 0));
		return wanted.size === 1 ? [...wanted][0] : void 0;
	}
	/** As packedFor(), and nothing else reads x, so that x itself need not exist. */
	packedAloneAs(x) {
		if (x.storage.address !== void 0) return void 0;
		return this.readers(x).every((i) => this.packedBy(this.records[i], x) !== void 0) ? this.packedFor(x) : void 0;
	}
	packedBy(record, x) {
		if (!isLinear(record) || packedKey$1(record.inputs[0], true) !== packedKey$1(x, true)) return void 0;
		return packsAsBf16(record);
	}
};
/** Bytes of packed activations (native/cpu/packed.h), in the largest of their forms. */
function packedBytes(numRows, columns) {
	return numRows * evenColumns(columns) * 4;
}
function isLinear(record) {
	return record.op === "linear" || record.op === "linearInt8";
}
/** Whether a linear record rounds its input to bf16. */
function packsAsBf16(record) {
	return record.op === "linear" ? record.inputs[1].dtype === "bf16" : record.attributes["activation"] === "bf16";
}
/** Equal for tensors that are the same elements in the same order. */
function packedKey$1(x, isBf16) {
	return [
		x.storage.id,
		x.offset,
		...x.shape,
		"|",
		...x.strides,
		isBf16
	].join(" ");
}
// src/platform/cpu/lowering/experts.ts
/** Rows of a block at most (kBlockRows of native/cpu/experts.h). */
const blockRows = 512;
/** Bytes of ExpertGroups (native/cpu/experts.h). */
function expertGroupsBytes(numRows, numExperts) {
	const blocks = Math.min(numRows, numExperts) + Math.floor(numRows / blockRows) + 1;
	return 4 * (2 + numRows + numRows % 2 + 2 * blocks);
}
function isExpertLinear(record) {
	return record?.op === "expertLinear" || record?.op === "expertLinearInt8";
}
function emitTopkRouting(record) {
	const [logits, bias] = record.inputs;
	const [ids, weights] = record.outputs;
	const args = [
		...view(logits),
		optionalPlace(bias),
		number(record, "topK")
	];
	args.push(Number(record.attributes["scoringFunc"] === "sigmoid"), number(record, "renormalize"));
	args.push(number(record, "numExpertGroup"), number(record, "topkGroup"));
	args.push(Number(record.attributes["groupScore"] === "topTwo"), number(record, "routedScalingFactor"));
	return [{
		kernel: "topkRouting",
		args: [
			...args,
			place(ids),
			place(weights)
		],
		records: [record]
	}];
}
function emitExpertLinear(record, context) {
	const { before, product } = expertProduct(record, context);
	return [...before, {
		kernel: "expertLinear",
		args: [...product, place(record.outputs[0])],
		records: [record]
	}];
}
/**
* The first ten arguments of an expert product (packed, isBf16, numRows, weight, dtype, rows, columns, scale, bias, groups), and the
* ops that sort and pack its rows, unless that was done before.
*/
function expertProduct(record, context) {
	const [x, weight, ids] = record.inputs;
	const [scale, bias] = record.op === "expertLinear" ? [void 0, record.inputs[3]] : record.inputs.slice(3);
	const isBf16 = takesBf16(record);
	const numRows = ids.numElements;
	const before = [];
	const groups = context.shared(`experts ${tensorKey(ids)}`, () => {
		const storage = temporary(expertGroupsBytes(numRows, weight.size(0)), "rows by expert");
		const args = [
			place(ids),
			numRows,
			weight.size(0),
			whole(storage)
		];
		before.push({
			kernel: "groupExperts",
			args,
			records: [record],
			helps: true
		});
		return storage;
	});
	const packed = context.shared(packedKey(x, ids, isBf16), () => {
		const storage = temporary(packedBytes(numRows, x.size(1)), "packed rows of experts");
		const args = [
			...view(x),
			numRows / x.size(0),
			numRows,
			whole(groups),
			whole(storage),
			Number(isBf16)
		];
		before.push({
			kernel: "packExperts",
			args,
			records: [record],
			helps: true
		});
		return storage;
	});
	const matrix = [
		place(weight),
		kernelDType(weight.dtype),
		weight.size(1),
		weight.size(2)
	];
	return {
		before,
		product: [...[
			whole(packed),
			Number(isBf16),
			numRows,
			...matrix,
			optionalPlace(scale),
			optionalPlace(bias)
		], whole(groups)]
	};
}
/**
* Matches an expert product whose gated activation alone reads it, when experts' products of the same routing alone read that.
* Needs whole panels on both sides: an intermediate size that is a multiple of 16.
*/
const expertGatedLinear = {
	name: "expertGatedLinear",
	match(context, i) {
		const record = context.records[i];
		const gated = context.records[i + 1];
		if (!isExpertLinear(record) || gated?.op !== "gatedActivation" && gated?.op !== "clampedSwiglu") return void 0;
		const [product, out] = [record.outputs[0], gated.outputs[0]];
		const x = gated.inputs[0];
		if (x.storage !== product.storage || x.size(-1) !== product.size(1) || product.storage.address !== void 0) return void 0;
		if (context.readers(product).length !== 1 || out.size(1) % 16 !== 0) return void 0;
		const ids = record.inputs[2];
		const isBf16 = packedAloneAs(context, out, ids);
		if (isBf16 === void 0) return void 0;
		const emit = () => {
			const { before, product: args } = expertProduct(record, context);
			const make = () => temporary(packedBytes(ids.numElements, out.size(1)), "packed rows of experts");
			const packed = context.shared(packedKey(out, ids, isBf16), make);
			const kind = gated.op === "clampedSwiglu" ? [
				-1,
				number(gated, "alpha"),
				number(gated, "limit")
			] : [
				activationNumber(gated),
				0,
				0
			];
			args.push(...kind, whole(packed), Number(isBf16));
			return [...before, {
				kernel: "expertGatedLinear",
				args,
				records: [record, gated]
			}];
		};
		return {
			records: [i, i + 1],
			emit
		};
	}
};
/** How the experts' products that read x want it packed; undefined if others read it, or they disagree. */
function packedAloneAs(context, x, ids) {
	if (x.storage.address !== void 0) return void 0;
	const forms = context.readers(x).map((index) => context.records[index]).map((reader) => isExpertLinear(reader) && tensorKey(reader.inputs[0]) === tensorKey(x) && tensorKey(reader.inputs[2]) === tensorKey(ids) && !reader.inputs.slice(1).some(({ storage }) => storage === x.storage) ? takesBf16(reader) : void 0);
	const [form] = forms;
	return forms.every((other) => other === form) ? form : void 0;
}
/** Whether a product rounds its input to bf16. */
function takesBf16(record) {
	return record.op === "expertLinear" ? record.inputs[1].dtype === "bf16" : record.attributes["activation"] === "bf16";
}
function packedKey(x, ids, isBf16) {
	return `packed ${tensorKey(x)} by ${tensorKey(ids)} ${isBf16}`;
}
/** Equal for tensors that are the same elements in the same order. */
function tensorKey({ storage, offset, shape, strides }) {
	return [
		storage.id,
		offset,
		...shape,
		"|",
		...strides
	].join(" ");
}
// src/platform/cpu/lowering/gated-linear.ts
/** Those that gated models use; the kernel has one loop for each (withGateActivation in activation_functions.h). */
const fusedActivations = /* @__PURE__ */ new Set([
	"gelu",
	"gelu_pytorch_tanh",
	"silu",
	"relu2"
]);
const gatedLinear = {
	name: "gatedLinear",
	match(context, i) {
		const record = context.records[i];
		const gated = context.records[i + 1];
		if (!isLinear(record) || gated?.op !== "gatedActivation") return void 0;
		if (!fusedActivations.has(String(gated.attributes["kind"]))) return void 0;
		const product = record.outputs[0];
		const x = gated.inputs[0];
		if (x.storage !== product.storage || x.size(-1) !== product.size(1) || product.storage.address !== void 0) return void 0;
		if (context.readers(product).length !== 1 || product.size(1) / 2 % 16 !== 0) return void 0;
		const emit = () => {
			const out = gated.outputs[0];
			const { pack, product: args } = context.product(record);
			const [scale, bias] = record.op === "linear" ? [void 0, record.inputs[2]] : record.inputs.slice(2);
			const isBf16 = context.packedFor(out);
			const packed = isBf16 === void 0 ? 0 : whole(context.declarePacked(out, isBf16));
			const isWanted = isBf16 === void 0 || context.packedAloneAs(out) === void 0;
			args.push(optionalPlace(scale), optionalPlace(bias), activationNumber(gated));
			args.push(isWanted ? place(out) : 0, packed, Number(isBf16 ?? false));
			return [...pack, {
				kernel: "gatedLinear",
				args,
				records: [record, gated]
			}];
		};
		return {
			records: [i, i + 1],
			emit
		};
	}
};
// src/platform/cpu/lowering/linear.ts
/**
* The product, and the packing of its input where nothing packed it before.
* @param sum the record that adds the result to `residual`; its output is then the kernel's
*/
function emitLinear(record, context, sum) {
	const { pack, product } = context.product(record);
	const [scale, bias] = record.op === "linearInt8" ? record.inputs.slice(2) : [void 0, record.inputs[2]];
	const out = (sum?.add ?? record).outputs[0];
	const args = [
		...product,
		optionalPlace(scale),
		optionalPlace(bias),
		place(out),
		out.size(1)
	];
	args.push(optionalPlace(sum?.residual), sum?.residual.strides[0] ?? 0);
	return [...pack, {
		kernel: "linear",
		args,
		records: sum ? [record, sum.add] : [record]
	}];
}
/** Matches a linear layer whose result is read by the add that follows, and by nothing else. */
const linearAdd = {
	name: "linearAdd",
	match(context, i) {
		const record = context.records[i];
		const add = context.records[i + 1];
		if (!isLinear(record) || add?.op !== "add") return void 0;
		const product = record.outputs[0];
		if (product.storage.address !== void 0 || context.readers(product).length !== 1) return void 0;
		const [a, b] = add.inputs;
		const residual = isAllOf(a, product) ? b : isAllOf(b, product) ? a : void 0;
		if (!residual || residual.storage === product.storage || String(residual.shape) !== String(product.shape)) return void 0;
		if (residual.shape.length !== 2 || residual.size(1) > 1 && residual.strides[1] !== 1) return void 0;
		return {
			records: [i, i + 1],
			emit: () => emitLinear(record, context, {
				add,
				residual
			})
		};
	}
};
// src/platform/cpu/lowering/paged-attention.ts
/**
* The kernel, and the one that merges partial results; also of mlaAttention, whose queries are in two parts.
* @param packed where the result goes in packed form, instead of the record's output
*/
function emitAttention(record, threads, packed) {
	const latentDim = number(record, "latentDim");
	const [q, ...rest] = record.inputs;
	const qRope = latentDim > 0 ? rest.shift() : void 0;
	const [cache, numSeqs, queryStartLoc, seqLens, blockTable, ...perHead] = rest;
	const [sinks, slopes] = number(record, "sinks") ? perHead : [void 0, ...perHead];
	const longest = blockTable.size(1) * number(record, "blockSize");
	const [numKvHeads, headDim] = [number(record, "numKvHeads"), number(record, "headDim")];
	const partialBytes = attentionPartialBytes({
		numKvHeads,
		headDim,
		latentDim: latentDim || void 0
	}, q.size(1), q.size(0), longest, threads);
	const partials = partialBytes > 0 ? whole(temporary(partialBytes, "attention partials")) : 0;
	const args = [
		...view(q),
		...cacheArguments(record, cache),
		numKvHeads
	];
	args.push(place(numSeqs), place(queryStartLoc), place(seqLens), place(blockTable), blockTable.size(1));
	args.push(number(record, "scale"), number(record, "slidingWindow"));
	args.push(packed ? 0 : place(record.outputs[0]), partials, partialBytes, cache.size(0), seqLens.size(0));
	args.push(packed ? whole(packed.storage) : 0, Number(packed?.isBf16 ?? false));
	args.push(number(record, "attentionChunkSize"), number(record, "logitSoftcap"), optionalPlace(sinks));
	args.push(optionalPlace(slopes), number(record, "alibiScale"), Number(record.attributes["alibi"] === "bf16"));
	args.push(latentDim, ...qRope ? view(qRope) : [
		0,
		0,
		0,
		0,
		0,
		0
	]);
	const ops = [{
		kernel: "pagedAttention",
		args,
		records: [record]
	}];
	if (partialBytes > 0) ops.push({
		kernel: "pagedAttentionMerge",
		args,
		records: [record],
		helps: true
	});
	return ops;
}
// src/platform/cpu/lowering/fusions.ts
/** The fusions of the CPU platform, in the order in which they are tried. */
const cpuFusions = [
	linearAdd,
	addRmsNorm,
	gatedLinear,
	expertGatedLinear,
	{
		name: "rotaryKVCache",
		match(context, i) {
			const [first, second, write] = context.records.slice(i, i + 3);
			if (first?.op !== "rotaryEmbedding" || second?.op !== "rotaryEmbedding" || write?.op !== "writeKVCache") return void 0;
			const [positions, q, cosSin] = first.inputs;
			const [positionsOfK, k, cosSinOfK] = second.inputs;
			const [rotatedK, v, cache, slotMapping] = write.inputs;
			if (positions !== positionsOfK || cosSin !== cosSinOfK || first.attributes["style"] !== second.attributes["style"]) return void 0;
			const output = second.outputs[0];
			if (rotatedK !== output || context.readers(output).length !== 1 || output.storage.address !== void 0) return void 0;
			const emit = () => {
				const style = Number(first.attributes["style"] === "gptj");
				const args = [
					place(positions),
					place(cosSin),
					cosSin.size(1),
					style,
					cosSin.size(0),
					...view(q),
					place(first.outputs[0])
				];
				args.push(...view(k), ...view(v), ...cacheArguments(write, cache), place(slotMapping), cache.size(0));
				return [{
					kernel: "rotaryKVCache",
					args,
					records: [
						first,
						second,
						write
					]
				}];
			};
			return {
				records: [
					i,
					i + 1,
					i + 2
				],
				emit
			};
		}
	},
	{
		name: "packedAttention",
		match(context, i) {
			const record = context.records[i];
			if (record.op !== "pagedAttention" || number(record, "headDim") % 2 !== 0) return void 0;
			const out = record.outputs[0];
			const isBf16 = context.packedAloneAs(out);
			if (isBf16 === void 0) return void 0;
			const emit = () => emitAttention(record, context.threads, {
				storage: context.declarePacked(out, isBf16),
				isBf16
			});
			return {
				records: [i],
				emit
			};
		}
	}
];
// src/platform/cpu/lowering/custom-op.ts
const maxTensors = 24;
const maxDimensions = 8;
const maxAttributes = 16;
const maxTextBytes = 1024;
/** @throws UnsupportedError when the library cannot be used, or a record is larger than quire_op.h allows */
function emitCustomOp(record, custom, findOp) {
	const tensors = [...record.inputs, ...record.outputs];
	const { cpu, symbol } = custom.native;
	if (cpu === void 0 || findOp === void 0) return [{
		kernel: hostKernel,
		args: tensors.map(place),
		records: [record]
	}];
	const texts = Object.entries(record.attributes).map(([name, value]) => [name, value]);
	const head = [
		findOp(cpu, symbol),
		record.inputs.length,
		record.outputs.length,
		texts.length
	];
	const attributes = texts.flatMap(([name, value]) => typeof value === "string" ? [
		...text(name),
		1,
		...text(value)
	] : [
		...text(name),
		0,
		value
	]);
	const numBytes = texts.flat().reduce((sum, value) => sum + 1 + Buffer.byteLength(typeof value === "string" ? value : ""), 0);
	if (tensors.length > maxTensors || texts.length > maxAttributes || numBytes > maxTextBytes || tensors.some(({ shape }) => shape.length > maxDimensions)) throw new UnsupportedError(`op ${record.op} in ${record.scope}: native code takes at most ${maxTensors} tensors of ${maxDimensions} dimensions, ${maxAttributes} attributes and ${maxTextBytes} bytes of names and texts; leave \`native\` out, or make the op smaller`);
	return [{
		kernel: "externalOp",
		args: [
			...head,
			...tensors.flatMap(tensorArguments),
			...attributes
		],
		records: [record]
	}];
}
function tensorArguments(tensor) {
	return [
		place(tensor),
		Number(tensor.dtype === "i32"),
		tensor.shape.length,
		...tensor.shape,
		...tensor.strides
	];
}
/** Its length in bytes, and the bytes. */
function text(value) {
	const bytes = Buffer.from(value);
	return [bytes.length, ...bytes];
}
// src/platform/cpu/lowering/head-linear.ts
function emitHeadLinear(record) {
	const [x, weight] = record.inputs;
	const isBf16 = Number(weight.dtype === "bf16");
	const [numTokens, numHeads, inputSize] = x.shape;
	const packed = whole(temporary(numTokens * numHeads * evenColumns(inputSize) * 4, "packed heads"));
	const args = [
		packed,
		isBf16,
		numTokens,
		...[
			place(weight),
			kernelDType(weight.dtype),
			weight.size(1),
			inputSize
		],
		numHeads,
		place(record.outputs[0])
	];
	return [{
		kernel: "packHeads",
		args: [
			...view(x),
			packed,
			isBf16
		],
		records: [record],
		helps: true
	}, {
		kernel: "headLinear",
		args,
		records: [record]
	}];
}
// src/platform/cpu/lowering/state-space.ts
/** state, slotStride, numSlots, numSeqs, maxNumSeqs, queryStartLoc, seqLens, stateSlots (StateSequences in native/cpu/state_space.h) */
function sequences(inputs) {
	const [state, numSeqs, queryStartLoc, seqLens, stateSlots] = inputs;
	const places = [
		queryStartLoc,
		seqLens,
		stateSlots
	].map((tensor) => place(tensor));
	return [
		place(state),
		state.strides[0],
		state.size(0),
		place(numSeqs),
		stateSlots.size(0),
		...places
	];
}
/** A view, or six zeros. */
function optionalView(tensor) {
	return tensor ? view(tensor) : [
		0,
		0,
		0,
		0,
		0,
		0
	];
}
/** One call per record, for the table of emitters. */
const stateSpaceEmitters = Object.fromEntries(Object.entries({
	causalConv1d: ({ inputs, outputs, attributes }) => {
		const [x, weight, ...rest] = inputs;
		const kind = activationNumbers.indexOf(String(attributes["kind"]));
		return [
			...[
				...view(x),
				place(weight),
				optionalPlace(rest[5]),
				weight.size(0) / x.size(1),
				kind
			],
			...sequences(rest),
			place(outputs[0])
		];
	},
	selectiveScan: ({ inputs, outputs }) => {
		const [x, dt, a, b, c, d, ...rest] = inputs;
		return [
			...[
				...view(x),
				...view(dt),
				place(a),
				...view(b),
				...view(c),
				place(d),
				...optionalView(rest[5])
			],
			a.size(0),
			...sequences(rest),
			place(outputs[0])
		];
	},
	ssdScan: (record) => {
		const [x, dt, dtBias, a, b, c, d, ...rest] = record.inputs;
		const args = [
			...view(x),
			...view(dt),
			place(dtBias),
			place(a),
			...view(b),
			...view(c),
			place(d)
		];
		args.push(number(record, "dtMin"), number(record, "dtMax"));
		return [
			...args,
			...sequences(rest),
			place(record.outputs[0])
		];
	},
	gatedRmsNorm: (record) => {
		const [x, gate, weight] = record.inputs;
		return [...[
			...view(x),
			...view(gate),
			place(weight),
			number(record, "eps"),
			number(record, "groupSize")
		], place(record.outputs[0])];
	}
}).map(([kernel, make]) => [kernel, (record) => [{
	kernel,
	args: make(record),
	records: [record]
}]]));
// src/platform/cpu/lowering/emit.ts
/** Lowers a record that no fusion took; undefined when the op has no kernel. */
function emitRecord(record, context) {
	return Object.hasOwn(emitters, record.op) ? emitters[record.op](record, context) : void 0;
}
const emitters = {
	...stateSpaceEmitters,
	embedding: (record) => {
		const [ids, weight] = record.inputs;
		const args = [
			place(ids),
			place(weight),
			kernelDType(weight.dtype),
			Number(record.attributes["layout"] === "matrix")
		];
		args.push(weight.size(0), weight.size(1), number(record, "rowStart"), place(record.outputs[0]), ids.size(0));
		return [op("embedding", args, record)];
	},
	linear: (record, context) => emitLinear(record, context),
	linearInt8: (record, context) => emitLinear(record, context),
	rmsNorm: (record) => {
		const [x, weight] = record.inputs;
		return [op("rmsNorm", [
			...view(x),
			place(weight),
			number(record, "eps"),
			place(record.outputs[0]),
			number(record, "weightOffset")
		], record)];
	},
	layerNorm: (record) => {
		const [x, weight, bias] = record.inputs;
		const args = [
			...view(x),
			place(weight),
			optionalPlace(bias),
			number(record, "eps"),
			place(record.outputs[0])
		];
		args.push(weight.shape.length === 2 ? weight.size(1) : 0);
		return [op("layerNorm", args, record)];
	},
	rotaryEmbedding: (record) => {
		const [positions, x, cosSin] = record.inputs;
		const args = [
			place(positions),
			...view(x),
			place(cosSin),
			cosSin.size(1)
		];
		args.push(Number(record.attributes["style"] === "gptj"), place(record.outputs[0]), cosSin.size(0));
		return [op("rotaryEmbedding", args, record)];
	},
	writeKVCache: (record) => {
		const [k, v, cache, slotMapping] = record.inputs;
		return [op("writeKVCache", [
			...view(k),
			...view(v),
			...cacheArguments(record, cache),
			place(slotMapping),
			cache.size(0)
		], record)];
	},
	pagedAttention: (record, context) => emitAttention(record, context.threads),
	headLinear: emitHeadLinear,
	writeLatents: (record) => {
		const [latent, rope, cache, slotMapping] = record.inputs;
		return [op("writeLatents", [
			...view(latent),
			...view(rope),
			...cacheArguments(record, cache),
			place(slotMapping),
			cache.size(0)
		], record)];
	},
	mlaAttention: (record, context) => emitAttention(record, context.threads),
	activation: (record) => [op("activation", [
		...view(record.inputs[0]),
		activationNumber(record),
		place(record.outputs[0])
	], record)],
	gatedActivation: (record) => [op("gatedActivation", [
		...view(record.inputs[0]),
		activationNumber(record),
		place(record.outputs[0])
	], record)],
	add: (record) => {
		const [a, b] = record.inputs;
		return [op("add", [
			...view(a),
			...view(b),
			place(record.outputs[0])
		], record)];
	},
	mul: (record) => {
		const [a, b] = record.inputs;
		return [op("mul", [
			...view(a),
			...view(b),
			place(record.outputs[0])
		], record)];
	},
	softcap: (record) => {
		return [op("softcap", [
			...view(record.inputs[0]),
			number(record, "cap"),
			place(record.outputs[0])
		], record)];
	},
	clamp: (record) => {
		return [op("clamp", [
			...view(record.inputs[0]),
			number(record, "min"),
			number(record, "max"),
			place(record.outputs[0])
		], record)];
	},
	scale: (record) => {
		return [op("scale", [
			...view(record.inputs[0]),
			number(record, "factor"),
			place(record.outputs[0])
		], record)];
	},
	copy: (record) => [op("copy", [...view(record.inputs[0]), place(record.outputs[0])], record)],
	topkRouting: emitTopkRouting,
	expertLinear: emitExpertLinear,
	expertLinearInt8: emitExpertLinear,
	combineExperts: (record) => {
		const [y, weights] = record.inputs;
		return [op("combineExperts", [
			...view(y),
			...view(weights),
			place(record.outputs[0])
		], record)];
	},
	clampedSwiglu: (record) => {
		const [alpha, limit] = [number(record, "alpha"), number(record, "limit")];
		return [op("clampedSwiglu", [
			...view(record.inputs[0]),
			alpha,
			limit,
			place(record.outputs[0])
		], record)];
	},
	gatherRows: (record) => {
		const [x, rows] = record.inputs;
		return [op("gatherRows", [
			...view(x),
			place(rows),
			rows.size(0),
			place(record.outputs[0])
		], record)];
	},
	sample: (record) => {
		const [logits, ints, floats, lists, ...outputs] = record.inputs;
		const mode = logprobsModes.findIndex((name) => name === record.attributes["logprobsMode"]);
		return [op("sample", [
			...[
				...view(logits),
				place(ints),
				place(floats),
				place(lists),
				lists.size(0),
				...outputs.map(place)
			],
			outputs[4].size(0),
			mode
		], record)];
	}
};
function op(kernel, args, record) {
	return {
		kernel,
		args,
		records: [record]
	};
}
// src/platform/cpu/lowering/lower.ts
/**
* @param fusions tried in order at every record; none: the plain list
* @throws UnsupportedError naming the record when an op has no kernel
*/
function lower(program, threads, fusions, findOp) {
	const context = new LoweringContext(program, threads);
	const ops = [];
	const done = /* @__PURE__ */ new Set();
	program.records.forEach((record, i) => {
		if (done.has(i)) return;
		for (const fusion of fusions) {
			const match = fusion.match(context, i);
			if (!match || match.records.some((index) => done.has(index))) continue;
			for (const index of match.records) done.add(index);
			ops.push(...match.emit());
			return;
		}
		const emitted = record.custom ? emitCustomOp(record, record.custom, findOp) : emitRecord(record, context);
		if (!emitted) throw new UnsupportedError(`program "${program.label}", record ${i}, op ${record.op} in ${record.scope || "the program itself"}: the CPU platform has no kernel for it`);
		ops.push(...emitted);
	});
	return ops;
}
// src/platform/cpu/weight-records.ts
/** The numbers by which kernels know how rows are stored (native/cpu/gguf_blocks.h). */
const storedTypes = {
	f32: 0,
	bf16: 1,
	f16: 2,
	q4_0: 16,
	q4_1: 17,
	q5_0: 18,
	q5_1: 19,
	q8_0: 20,
	q2_k: 21,
	q3_k: 22,
	q4_k: 23,
	q5_k: 24,
	q6_k: 25,
	iq4_nl: 26
};
/** Each record as [opcode, count, arguments ...]; see native/cpu/kernels.inc. */
function encodeRecords(opcode, records) {
	return Float64Array.from(records.flatMap((args) => [
		opcode,
		args.length,
		...args
	]));
}
/**
* @param progress address of an i64 that counts bytes of finished rows
* @throws UnsupportedError for a storage type that kernels do not read
*/
function encodeLoads(loads, progress) {
	return encodeRecords(opcodes.loadMatrixRows, loads.map((load) => {
		const { matrix, rowStart, numRows, storage, descriptor, position, rowBytes, sourceRow, pairedRows } = load;
		const type = storedTypes[storage];
		if (type === void 0) throw new UnsupportedError(`${load.label}: the CPU platform does not load rows stored as ${storage}`);
		const source = [
			descriptor,
			position,
			rowBytes,
			sourceRow,
			pairedRows,
			type
		];
		const { address, dtype, rows, columns } = matrix;
		return [
			...source,
			address,
			kernelDType(dtype),
			rows,
			columns,
			rowStart,
			numRows,
			progress
		];
	}));
}
function encodeFills(fills) {
	return encodeRecords(opcodes.fillNoise, fills.map(({ target: { address, rows, columns, dtype }, isMatrix, seed, centre, scale }) => {
		return [
			address,
			kernelDType(dtype),
			Number(isMatrix),
			rows,
			columns,
			seed,
			centre,
			scale
		];
	}));
}
// src/platform/cpu/cpu-platform.ts
/** The native CPU platform: C++ kernels for the best instruction set of this machine, on a thread pool of its own. */
const notMeasured = /* @__PURE__ */ new Float64Array(0);
/** Far more than a cache holds. */
const probeBytes = 512 << 20;
/**
* Opens the native CPU platform.
* @throws UnsupportedError if the addon is not built or cannot be loaded, or the machine lacks the instruction set
* @throws ConfigError if threads is not a whole number from 1 to 1024
*/
function openCpuPlatform(options = {}) {
	return new CpuPlatform(loadNativeBinding(), options);
}
var CpuPlatform = class {
	name = "cpu";
	isa;
	threads;
	binding;
	fusions;
	allocations = /* @__PURE__ */ new Map();
	handle;
	workspace = 0;
	workspaceBytes = 0;
	running = false;
	/** The native run under way. */
	pending;
	/** Addresses of functions of ops from outside, by library and name. */
	opFunctions = /* @__PURE__ */ new Map();
	announced = /* @__PURE__ */ new Set();
	warn;
	bytes = 0;
	memoryLimit = Math.min(totalmem(), process.constrainedMemory?.() || Infinity);
	probeMemory = 0;
	/** performance.now() less the binding's clock, milliseconds. */
	clockOffsetMs;
	constructor(binding, options) {
		this.binding = binding;
		this.fusions = options.fusions ?? cpuFusions;
		this.warn = options.warn ?? ((line) => process.emitWarning(line));
		this.threads = options.threads ?? defaultThreads();
		if (!Number.isInteger(this.threads) || this.threads < 1 || this.threads > 1024) throw new ConfigError(`CPU platform: threads must be a whole number from 1 to 1024, got ${this.threads}`);
		const isas = binding.isas();
		this.isa = options.isa ?? isas[0];
		if (!isas.includes(this.isa)) throw new UnsupportedError(`CPU platform: no instruction set "${this.isa}" on this machine; it has ${isas.join(", ")}`);
		this.clockOffsetMs = clockOffset(binding);
		this.handle = this.guard(() => binding.open(this.isa, this.threads, (...result) => this.finish(...result)));
	}
	get description() {
		return `cpu (${this.isa}, ${this.threads} ${this.threads === 1 ? "thread" : "threads"})`;
	}
	get allocatedBytes() {
		return this.bytes;
	}
	allocate(bytes, label) {
		this.open();
		if (!Number.isInteger(bytes) || bytes < 0) throw new ShapeError(`allocate ${label}: ${bytes} is no number of bytes`);
		const limit = this.memoryLimit;
		const address = this.bytes + bytes <= limit ? this.binding.allocate(bytes) : 0;
		if (address === 0) throw new ResourceError(`${label}: ${inMiB(bytes)} + ${inMiB(this.bytes)} already allocated is more than the ${inMiB(limit)} of memory here, or the system refused; use a smaller model, a smaller KV cache or a machine with more memory`);
		this.allocations.set(address, {
			bytes,
			label
		});
		this.bytes += bytes;
		return address;
	}
	free(address) {
		const allocation = this.allocations.get(address);
		if (!allocation) throw new LifetimeError(`free: ${address} is not an address that allocate gave out, or was freed`);
		this.allocations.delete(address);
		this.bytes -= allocation.bytes;
		this.binding.free(address, allocation.bytes);
	}
	write(address, bytes) {
		this.open();
		this.binding.write(address, bytes);
	}
	read(address, target) {
		this.open();
		this.binding.read(address, target);
	}
	matrixBytes(rows, columns, dtype) {
		return matrixBytes(rows, columns, dtype);
	}
	writeMatrixRows(matrix, rowStart, numRows, source, sourceDtype) {
		const handle = this.open();
		checkRows("writeMatrixRows", matrix, rowStart, numRows);
		const needed = numRows * matrix.columns * dtypeBytes[sourceDtype];
		const isFloat = sourceDtype === "f32" || sourceDtype === "f16" || sourceDtype === "bf16";
		if (matrix.dtype === "i8" ? sourceDtype !== "i8" : !isFloat) throw new UnsupportedError(`writeMatrixRows: ${sourceDtype} rows do not become a ${matrix.dtype} matrix`);
		if (source.byteLength < needed) throw new ShapeError(`writeMatrixRows: ${numRows} rows of ${matrix.columns} ${sourceDtype} are ${needed} bytes, got ${source.byteLength}`);
		if (numRows === 0) return;
		const { address, rows, columns, dtype } = matrix;
		const args = [
			0,
			kernelDType(sourceDtype),
			address,
			kernelDType(dtype),
			rows,
			columns,
			rowStart,
			numRows
		];
		this.guard(() => this.binding.runNow(handle, opcodes.writeMatrixRows, Float64Array.from(args), source));
	}
	readMatrixRows(matrix, rowStart, numRows) {
		const handle = this.open();
		checkRows("readMatrixRows", matrix, rowStart, numRows);
		const { address, rows, columns, dtype } = matrix;
		const out = new Float32Array(numRows * columns);
		const args = [
			0,
			address,
			kernelDType(dtype),
			rows,
			columns,
			rowStart,
			numRows
		];
		this.guard(() => this.binding.runNow(handle, opcodes.readMatrixRows, Float64Array.from(args), out));
		return out;
	}
	async loadMatrixRows(loads, progress) {
		for (const { matrix, rowStart, numRows } of loads) checkRows("loadMatrixRows", matrix, rowStart, numRows);
		const counter = this.allocate(8, "progress of loading");
		const done = /* @__PURE__ */ new BigInt64Array(1);
		const timer = setInterval(() => {
			this.read(counter, new Uint8Array(done.buffer));
			progress(Number(done[0]));
		}, 40);
		try {
			await this.runRecords(loads.length, encodeLoads(loads, counter), (record, message) => {
				return new CheckpointError(`${loads[record].label}: ${message}; download it again`);
			});
		} finally {
			clearInterval(timer);
			if (this.handle) this.free(counter);
		}
	}
	async fillNoise(fills) {
		await this.runRecords(fills.length, encodeFills(fills));
	}
	/** Runs records that no model recorded. */
	async runRecords(count, records, failure) {
		if (count === 0) return;
		const handle = this.open();
		const native = this.guard(() => this.binding.createProgram(handle, records, /* @__PURE__ */ new Int32Array(0)));
		const program = new CpuProgram(this, "weights", [], 0, [{
			firstOp: 0,
			native
		}]);
		if (failure) program.failure = failure;
		await this.start([program], false);
	}
	kvCacheBlockBytes(spec) {
		return kvCacheBlockBytes(spec);
	}
	compile(program) {
		const handle = this.open();
		const ops = lower(program, this.threads, this.fusions, (path, symbol) => this.findOp(path, symbol));
		const { pieces, workspaceBytes } = encode(ops);
		const placed = pieces.map((piece) => {
			if ("host" in piece) {
				this.announce(piece.host);
				return piece;
			}
			const { firstOp, records, relocations } = piece;
			return {
				firstOp,
				native: this.guard(() => this.binding.createProgram(handle, records, relocations))
			};
		});
		return new CpuProgram(this, program.label, ops, workspaceBytes, placed);
	}
	/** @throws UnsupportedError when the library or the function in it cannot be used */
	findOp(path, symbol) {
		const key = `${path} ${symbol}`;
		let address = this.opFunctions.get(key);
		if (address !== void 0) return address;
		try {
			address = this.binding.findOp(path, symbol);
		} catch (cause) {
			throw new UnsupportedError(`op from outside: ${path} ${messageOf(cause)}`, { cause });
		}
		this.opFunctions.set(key, address);
		return address;
	}
	/** Says once that an op is slow. */
	announce({ records }) {
		const { op } = records[0];
		if (this.announced.has(op)) return;
		this.announced.add(op);
		this.warn(`WARNING: op ${op} has no native code for the CPU: its TypeScript reference runs between native pieces, on one thread, slowly`);
	}
	run(programs) {
		return this.start(programs, false);
	}
	trace(programs) {
		return this.start(programs, true);
	}
	probe(what) {
		const handle = this.open();
		const result = /* @__PURE__ */ new Float32Array(16);
		if (what === "read") this.probeMemory ||= this.touched(probeBytes);
		const rounds = 400;
		const args = what === "read" ? [
			0,
			this.probeMemory,
			probeBytes
		] : [
			0,
			kernelDType(what),
			rounds
		];
		const opcode = what === "read" ? opcodes.readMemory : opcodes.multiplyPeak;
		const start = process.hrtime.bigint();
		this.guard(() => this.binding.runNow(handle, opcode, Float64Array.from(args), result));
		const seconds = Number(process.hrtime.bigint() - start) / 1e9;
		if (what === "read") return probeBytes / seconds;
		const sums = this.isa.startsWith("avx512") ? 24 : this.isa === "avx2" ? 6 : 3;
		const products = what === "bf16" && this.isa === "avx512_bf16" ? 32 : 16;
		return rounds * 1024 * sums * products * 2 * this.threads / seconds;
	}
	/** Waits for a running step. A second call does nothing. */
	dispose() {
		if (!this.handle) return;
		this.binding.close(this.handle);
		this.handle = void 0;
		for (const [address, { bytes }] of this.allocations) this.binding.free(address, bytes);
		this.allocations.clear();
		this.workspace = this.workspaceBytes = this.bytes = this.probeMemory = 0;
		this.pending?.reject(new LifetimeError("CPU platform: disposed while a step was running"));
		this.pending = void 0;
	}
	async start(programs, measure) {
		this.open();
		if (this.running) throw new LifetimeError("CPU platform: run was called before the last run ended; one call at a time");
		const ours = programs.map((program) => this.own(program));
		this.growWorkspace(Math.max(0, ...ours.map((program) => program.workspaceBytes)));
		const pieces = ours.flatMap((program) => program.pieces.map((piece) => ({
			program,
			piece
		})));
		const runNatives = (natives) => this.runNatives(natives, measure);
		this.running = true;
		try {
			if (pieces.every(isNative)) return await runNatives(pieces);
			const { runPieces } = await import("./host-piece-wkogKCvx.js");
			return await runPieces(pieces, this, this.workspace, runNatives, this.threads);
		} finally {
			this.running = false;
		}
	}
	/** One native run. */
	async runNatives(pieces, measure) {
		const handle = this.open();
		const natives = pieces.map(({ piece }) => piece.native);
		return {
			...await new Promise((resolve, reject) => {
				this.pending = {
					pieces,
					resolve,
					reject
				};
				try {
					this.guard(() => this.binding.run(handle, natives, this.workspace, Number(measure)));
				} catch (error) {
					this.pending = void 0;
					throw error;
				}
			}),
			threads: this.threads,
			spans: measure ? this.binding.spans(this.open()) : notMeasured
		};
	}
	finish(...[failure, failedProgram, failedRecord, started, ended]) {
		const pending = this.pending;
		this.pending = void 0;
		if (!pending) return;
		const { clockOffsetMs } = this;
		if (failure === null) return pending.resolve({
			startMs: clockOffsetMs + started / 1e6,
			endMs: clockOffsetMs + ended / 1e6
		});
		const { program, piece } = pending.pieces[failedProgram];
		pending.reject(program.errorOf(piece.firstOp + failedRecord, failure));
	}
	own(program) {
		if (!(program instanceof CpuProgram) || program.platform !== this) throw new LifetimeError(`CPU platform: program "${program.label}" was compiled by another platform`);
		if (!program.pieces) throw new LifetimeError(`CPU platform: program "${program.label}" is disposed`);
		return program;
	}
	/** All programs share one workspace, as they run one at a time. */
	growWorkspace(bytes) {
		if (bytes <= this.workspaceBytes) return;
		if (this.workspace) this.free(this.workspace);
		this.workspace = this.workspaceBytes = 0;
		this.workspace = this.allocate(bytes, "working memory of a step");
		this.workspaceBytes = bytes;
	}
	/** Memory with pages of its own: untouched pages are all one page of zeros. */
	touched(bytes) {
		const address = this.allocate(bytes, "memory probe");
		const piece = new Uint8Array(16 << 20).fill(1);
		for (let at = 0; at < bytes; at += piece.length) this.binding.write(address + at, piece);
		return address;
	}
	open() {
		if (!this.handle) throw new LifetimeError("CPU platform: it is disposed");
		return this.handle;
	}
	/** Turns the addon's errors into Quire's. */
	guard(call) {
		try {
			return call();
		} catch (error) {
			throw new QuireError("KERNEL", `CPU platform: ${messageOf(error)}`, { cause: error });
		}
	}
};
/** The two clocks are read one after the other; the closest of a few pairs counts. */
function clockOffset(binding) {
	let best = Infinity;
	let offset = 0;
	for (let i = 0; i < 10; i++) {
		const before = performance.now();
		const native = binding.clock();
		const after = performance.now();
		if (after - before < best) offset = (before + after) / 2 - native / 1e6;
		best = Math.min(best, after - before);
	}
	return offset;
}
function checkRows(what, { rows, columns }, rowStart, numRows) {
	if (!(rowStart >= 0 && numRows >= 0 && rowStart + numRows <= rows)) throw new ShapeError(`${what}: rows ${rowStart} .. ${rowStart + numRows} of a ${formatShape([rows, columns])} matrix`);
}
function inMiB(bytes) {
	return bytes === Infinity ? "unlimited" : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
export { openCpuPlatform };
