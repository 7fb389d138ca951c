import { l as ShapeError, o as QuireError, r as ConfigError } from "./errors-CjlPyKrT.js";
import { n as showValue, t as messageOf } from "./text-eUgHTlLT.js";
import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { t as formatShape } from "./shape-fqbSRAhU.js";
import { t as Tensor } from "./tensor-JGDOnnfU.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { c as checkRank, o as checkDType, s as checkDenseRows } from "./linear-DwAms2kL.js";
import { fileURLToPath } from "node:url";
import { isAbsolute } from "node:path";
import { existsSync } from "node:fs";
// src/ops/copy.ts
/**
* @param x [numTokens, size] f32, rows may be strided
* @returns the same values, dense, in the program of x
*/
function copy(x) {
	checkDType("copy", "x", x, "f32");
	checkDenseRows("copy", "x", x);
	return programOf("copy", x).record("copy", [x], [{
		shape: x.shape,
		dtype: "f32"
	}])[0];
}
// src/tensor/parameter.ts
/**
* A parameter of shape [rows, columns] or, one matrix after the other, [count, rows, columns] (matrix), or of any shape (rowMajor);
* `storage.address` is set at load.
*/
var Parameter = class extends Tensor {
	name;
	layout;
	constructor(name, storage, shape, dtype, layout) {
		super(storage, shape, dtype);
		this.name = name;
		this.layout = layout;
	}
};
// src/ops/cost.ts
/**
* Bytes and operations of each op of a program. What a fused op makes and reads itself is not read, and is written only if
* another op reads it, or it lands at an address for good. An op that helps another (packing, merging) costs nothing of its
* own: its record is counted once.
*
* @param ops       a compiled program's
* @param sequences the step's requests
*/
function programCosts(ops, sequences) {
	const readers = /* @__PURE__ */ new Map();
	ops.forEach(({ records }, i) => {
		for (const { storage } of records.flatMap(({ inputs }) => inputs)) {
			const known = readers.get(storage.id);
			if (known) known.add(i);
			else readers.set(storage.id, /* @__PURE__ */ new Set([i]));
		}
	});
	return ops.map((op, i) => {
		if (op.helps) return {
			bytesRead: 0,
			bytesWritten: 0,
			flops: 0
		};
		const made = /* @__PURE__ */ new Set();
		let [bytesRead, bytesWritten, flops] = [
			0,
			0,
			0
		];
		for (const record of op.records) {
			const cost = recordCost(record, sequences);
			flops += cost.flops;
			bytesRead += cost.bytesRead;
			bytesWritten += cost.bytesWritten;
			for (const input of record.inputs) if (made.has(input.storage.id)) bytesRead -= input.bytes;
			for (const { storage } of record.outputs) made.add(storage.id);
		}
		for (const output of op.records.flatMap(({ outputs }) => outputs)) {
			const ids = readers.get(output.storage.id);
			if (output.storage.address === void 0 && ids !== void 0 && ids.size === 1 && ids.has(i)) bytesWritten -= output.bytes;
		}
		return {
			bytesRead,
			bytesWritten,
			flops
		};
	});
}
/** One record alone. An op that is not known here moves its tensors and computes nothing. */
function recordCost(record, sequences) {
	const { op, custom, inputs, outputs, attributes } = record;
	if (custom) return {
		...elementwise(1)(record, sequences),
		...custom.cost?.(inputs, outputs, attributes)
	};
	return (Object.hasOwn(costs, op) ? costs[op] : elementwise(0))(record, sequences);
}
/** The ops whose cost is known, for a test that holds the list complete. */
function opsWithCost() {
	return Object.keys(costs);
}
const costs = {
	embedding: (record) => {
		const [ids, weight] = record.inputs;
		return {
			bytesRead: ids.bytes + ids.numElements * weight.size(1) * dtypeBytes[weight.dtype],
			bytesWritten: bytes(record.outputs),
			flops: 0
		};
	},
	linear: linearCost,
	linearInt8: linearCost,
	expertLinear: expertCost,
	expertLinearInt8: expertCost,
	combineExperts: (record) => {
		const flops = 2 * record.inputs[0].numElements;
		return {
			bytesRead: bytes(record.inputs),
			bytesWritten: bytes(record.outputs),
			flops
		};
	},
	topkRouting: (record) => {
		const flops = 4 * record.inputs[0].numElements;
		return {
			bytesRead: bytes(record.inputs),
			bytesWritten: bytes(record.outputs),
			flops
		};
	},
	rmsNorm: elementwise(4),
	layerNorm: elementwise(7),
	activation: elementwise(1),
	gatedActivation: elementwise(2),
	clampedSwiglu: elementwise(7),
	add: elementwise(1),
	scale: elementwise(1),
	mul: elementwise(1),
	softcap: elementwise(3),
	clamp: elementwise(2),
	copy: elementwise(0),
	rotaryEmbedding: (record) => {
		const [positions, x, cosSin] = record.inputs;
		const table = positions.numElements * cosSin.size(1) * dtypeBytes[cosSin.dtype];
		const rotated = positions.numElements * x.size(1) * cosSin.size(1);
		return {
			bytesRead: positions.bytes + x.bytes + table,
			bytesWritten: x.bytes,
			flops: 3 * rotated
		};
	},
	writeKVCache: (record) => {
		const [k, v, , slotMapping] = record.inputs;
		const bytesWritten = (k.numElements + v.numElements) * cacheElementBytes(record);
		return {
			bytesRead: k.bytes + v.bytes + slotMapping.bytes,
			bytesWritten,
			flops: 0
		};
	},
	writeLatents: (record) => {
		const [latent, rope, , slotMapping] = record.inputs;
		const bytesWritten = (latent.numElements + rope.numElements) * cacheElementBytes(record);
		return {
			bytesRead: latent.bytes + rope.bytes + slotMapping.bytes,
			bytesWritten,
			flops: 0
		};
	},
	headLinear: ({ inputs, outputs }) => {
		const [x, weight] = inputs;
		return {
			bytesRead: bytes(inputs),
			bytesWritten: bytes(outputs),
			flops: 2 * x.size(0) * weight.numElements
		};
	},
	mlaAttention: (record, sequences) => {
		const [qLatent, qRope] = record.inputs;
		const [headDim, latentDim] = [number(record, "headDim"), number(record, "latentDim")];
		let [tokens, pairs] = [0, 0];
		for (const { numTokens, seqLen } of sequences) {
			tokens += seqLen;
			pairs += visiblePairs(seqLen, Infinity) - visiblePairs(seqLen - numTokens, Infinity);
		}
		const flops = 2 * qLatent.size(1) * (headDim + latentDim) * pairs;
		return {
			bytesRead: qLatent.bytes + qRope.bytes + tokens * headDim * cacheElementBytes(record),
			bytesWritten: bytes(record.outputs),
			flops
		};
	},
	pagedAttention: (record, sequences) => {
		const [q] = record.inputs;
		const window = number(record, "slidingWindow") || Infinity;
		const chunk = number(record, "attentionChunkSize") || Infinity;
		const perToken = 2 * number(record, "numKvHeads") * number(record, "headDim") * cacheElementBytes(record);
		let [tokens, pairs] = [0, 0];
		for (const { numTokens, seqLen } of sequences) {
			const first = seqLen - numTokens;
			const startOfChunk = Math.floor(first / chunk) * chunk || 0;
			tokens += Math.min(seqLen - startOfChunk, window + numTokens - 1);
			for (let start = startOfChunk; start < seqLen; start += chunk) {
				const [begin, end] = [Math.max(first - start, 0), Math.min(seqLen - start, chunk)];
				pairs += visiblePairs(end, window) - visiblePairs(begin, window);
			}
		}
		const flops = 4 * q.size(1) * q.size(2) * pairs;
		return {
			bytesRead: q.bytes + tokens * perToken,
			bytesWritten: bytes(record.outputs),
			flops
		};
	},
	causalConv1d: (record, sequences) => stateCost(record, sequences, 2, 2 * (record.inputs[1].numElements / record.inputs[0].size(1)) + 1),
	selectiveScan: (record, sequences) => stateCost(record, sequences, 6, 7 * record.inputs[2].size(0) + 4),
	ssdScan: (record, sequences) => stateCost(record, sequences, 7, 5 * record.inputs[4].size(2) + 3),
	gatedRmsNorm: elementwise(6),
	gatherRows: (record) => {
		const picked = bytes(record.outputs);
		return {
			bytesRead: record.inputs[1].bytes + picked,
			bytesWritten: picked,
			flops: 0
		};
	},
	sample: (record) => {
		const logits = record.inputs[0];
		return {
			bytesRead: logits.bytes,
			bytesWritten: 4 * logits.size(0),
			flops: logits.numElements
		};
	}
};
/** An op that reads its inputs, writes its outputs, and does so many operations per element of the output. */
function elementwise(flopsPerElement) {
	return ({ inputs, outputs }) => ({
		bytesRead: bytes(inputs),
		bytesWritten: bytes(outputs),
		flops: flopsPerElement * outputs.reduce((sum, { numElements }) => sum + numElements, 0)
	});
}
function linearCost({ inputs, outputs }) {
	const [x, weight] = inputs;
	return {
		bytesRead: bytes(inputs),
		bytesWritten: bytes(outputs),
		flops: 2 * x.size(0) * weight.numElements
	};
}
/** An op with a state per request: input number `at`, read and written once for each request; the rest moves once. */
function stateCost(record, sequences, at, flopsPerElement) {
	const { inputs, outputs } = record;
	const states = 4 * sequences.length * inputs[at].size(1);
	const others = inputs.filter((_, i) => i < at || i > at + 4);
	const elements = outputs[0].numElements;
	return {
		bytesRead: bytes(others) + states,
		bytesWritten: bytes(outputs) + states,
		flops: flopsPerElement * elements
	};
}
/** The experts that are touched on average when every token chooses evenly; what a step really touches is data. */
function expertCost({ inputs, outputs }) {
	const [x, weight, ids, ...perExpert] = inputs;
	const [numExperts, rows, columns] = weight.shape;
	const touched = touchedExperts(numExperts, ids.size(1), ids.size(0)) / numExperts;
	return {
		bytesRead: x.bytes + ids.bytes + touched * (weight.bytes + bytes(perExpert)),
		bytesWritten: bytes(outputs),
		flops: 2 * ids.numElements * rows * columns
	};
}
/** How many of the experts numTokens tokens touch, each with topK different ones, on average over even choices. */
function touchedExperts(numExperts, topK, numTokens) {
	return numExperts * (1 - (1 - topK / numExperts) ** numTokens);
}
/** Pairs of a row and a position it attends to, in a sequence of `length` rows that each see `window` positions at most. */
function visiblePairs(length, window) {
	const growing = Math.min(length, window);
	return growing * (growing + 1) / 2 + (length > window ? (length - window) * window : 0);
}
function bytes(tensors) {
	return tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
}
function cacheElementBytes(record) {
	return record.attributes["cacheDtype"] === "bf16" ? 2 : 4;
}
function number(record, name) {
	return Number(record.attributes[name]);
}
// src/ops/define-op.ts
/** Ops from outside: an architecture brings an operator that Quire lacks. */
const defined = /* @__PURE__ */ new Set();
/**
* Makes an op of a name, a shape and a reference; it runs on every platform.
*
* @param name as it stands in messages and profiles; with the package in front it clashes with nobody's: "my-package/xielu"
* @param base URL of a module, for paths in `native` that are relative
* @returns the function that records it. It takes f32 and i32 tensors (views too), and parameters in plain order; it throws
*   ShapeError for others, and what `shape` throws
* @throws ConfigError for a name that Quire or another package has, or a definition that is none
*
* @example
* export const squaredRelu = defineOp("my-package/squared-relu", {
*   shape: ([x]: [Tensor]) => x.shape,
*   reference({ inputs: [x], outputs: [out] }) {
*     for (let i = 0; i < out.data.length; i++) out.data[i] = Math.max(0, x.data[i]!) ** 2;
*   },
* });
*/
function defineOp(name, definition, base) {
	const where = `defineOp(${showValue(name)}, …)`;
	if (typeof name !== "string" || name === "") throw new ConfigError(`${where}: the name must be a text that is not empty`);
	if (typeof definition?.shape !== "function" || typeof definition.reference !== "function") throw new ConfigError(`${where}: expected { shape(inputs, attributes) { … }, reference({ inputs, outputs, attributes }) { … } }`);
	if (opsWithCost().includes(name)) throw new ConfigError(`${where}: Quire has an op of that name; choose another, like "my-package/${name}"`);
	if (defined.has(name)) throw new ConfigError(`${where}: it is defined already; ops keep their name for the life of the process, so define each once, in a module`);
	const { native } = definition;
	const custom = {
		reference: definition.reference.bind(definition),
		native: {
			cpu: pathOf(`${where}: native.cpu`, native?.cpu, base),
			symbol: native?.symbol ?? name.replace(/[^A-Za-z0-9_]+/g, "_"),
			cuda: pathOf(`${where}: native.cuda`, native?.cuda, base)
		},
		cost: definition.cost
	};
	defined.add(name);
	return ((...args) => record(name, definition, custom, args));
}
function record(name, definition, custom, args) {
	const last = args.at(-1);
	const hasAttributes = args.length > 0 && !(last instanceof Tensor);
	const attributes = (hasAttributes ? last : void 0) ?? {};
	const inputs = hasAttributes ? args.slice(0, -1) : args;
	inputs.forEach((input, i) => checkInput(name, i, input));
	for (const [key, value] of Object.entries(attributes)) if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value))) throw new ShapeError(`${name}: attribute ${key} must be a number or a text, got ${showValue(value)}`);
	const outputs = shapeOf(name, definition, inputs, attributes);
	const specs = isShape(outputs) ? [{
		shape: outputs,
		dtype: "f32"
	}] : outputs;
	for (const { shape, dtype } of specs) if (!isShape(shape) || shape.length === 0 || dtype !== "f32" && dtype !== "i32") throw new ShapeError(`${name}: shape() must return positive sizes, or a list of { shape, dtype: "f32" | "i32" }, got ${showValue(outputs)}`);
	const tensors = inputs;
	const made = programOf(name, ...tensors).record(name, tensors, specs, { ...attributes }, custom);
	return isShape(outputs) ? made[0] : made;
}
function shapeOf(name, definition, inputs, attributes) {
	try {
		return definition.shape(inputs, attributes);
	} catch (cause) {
		if (cause instanceof QuireError) throw cause;
		const given = inputs.map(({ dtype, shape }) => `${dtype}${formatShape(shape)}`).join(", ");
		throw new ShapeError(`${name}(${given}): its shape() failed: ${messageOf(cause)}`, { cause });
	}
}
function checkInput(name, i, input) {
	if (!(input instanceof Tensor)) throw new ShapeError(`${name}: input ${i} must be a tensor, got ${showValue(input)}`);
	checkDType(name, `input ${i}`, input, "f32", "i32");
	if (input instanceof Parameter && input.layout !== "rowMajor") throw new ShapeError(`${name}: parameter ${input.name} lies in an order of the platform's own; declare it with this.parameter(…) in its module`);
}
function isShape(value) {
	return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size > 0);
}
/** @throws ConfigError unless the file is there */
function pathOf(where, file, base) {
	if (file === void 0) return void 0;
	const given = String(file);
	const text = base?.startsWith("file:") === true && !isAbsolute(given) ? new URL(given, base).href : given;
	const path = text.startsWith("file:") ? fileURLToPath(text) : text;
	if (!isAbsolute(path)) throw new ConfigError(`${where}: expected new URL("./my-op.so", import.meta.url) or an absolute path, got ${showValue(text)}`);
	if (!existsSync(path)) throw new ConfigError(`${where}: ${path} is not there; compile it`);
	return path;
}
// src/ops/gather-rows.ts
/**
* out[i] = x[rows[i]]: the rows whose logits are wanted.
*
* @param x    [numTokens, hiddenSize] f32, rows may be strided
* @param rows [numRows] i32, each in 0 .. numTokens - 1
* @returns    [numRows, hiddenSize] f32, dense, in the program of rows
*/
function gatherRows(x, rows) {
	checkRank("gatherRows", "x", x, 2);
	checkDType("gatherRows", "x", x, "f32");
	checkDenseRows("gatherRows", "x", x);
	checkRank("gatherRows", "rows", rows, 1);
	checkDType("gatherRows", "rows", rows, "i32");
	const shape = [rows.size(0), x.size(1)];
	return programOf("gatherRows", rows, x).record("gatherRows", [x, rows], [{
		shape,
		dtype: "f32"
	}])[0];
}
export { copy as a, Parameter as i, defineOp as n, programCosts as r, gatherRows as t };
