import { a as constructModel, c as readParameter, d as openCheckpoint, f as readSafetensors, g as parseJsonObject, h as loadPlugins, l as int8, o as planModel, s as overrideConfig, t as createWorker, u as textTensorName } from "./create-worker-BnjcDtzY.js";
import { n as CheckpointError, o as QuireError, r as ConfigError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { t as resolveModelPaths } from "./resolve-model-d7D9dTZM.js";
import { n as f16ToF32, t as bf16ToF32 } from "./convert-ByzURpcE.js";
import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { i as Parameter } from "./gather-rows-bb8SGkfy.js";
import { i as sameShape, n as numElements, r as rowMajorStrides, t as formatShape } from "./shape-fqbSRAhU.js";
import { n as createStorage, t as Tensor } from "./tensor-JGDOnnfU.js";
import { n as createScheduler, t as Request } from "./request-C8_8bHci.js";
import { i as normalizeSamplingParams } from "./sampling-params-D2sfQFut.js";
import { n as moduleTree } from "./module-tree-BEeUxqEu.js";
import { i as RandomAccessFile } from "./gguf-checkpoint-BBxxudY4.js";
import { n as activationKinds } from "./activation-BsHeAGxe.js";
import { t as referenceKernels } from "./kernels-BKwxRX9E.js";
// src/worker/tracing-platform.ts
/**
* `platform` is what the worker gets in place of `inner`: all but `compile` and `run` goes straight through. Nothing is fused,
* and every value of a program keeps its place until the program is disposed.
*/
var TracingPlatform = class {
	platform;
	visitor;
	inner;
	compiled = /* @__PURE__ */ new Map();
	constructor(inner) {
		this.inner = inner;
		const own = {
			compile: (program) => this.compile(program),
			run: (programs) => this.run(programs),
			trace: () => Promise.reject(new UnsupportedError("a run that is traced op by op cannot be measured"))
		};
		this.platform = new Proxy(inner, { get: (target, key) => {
			const value = Reflect.get(own, key) ?? Reflect.get(target, key);
			return typeof value === "function" ? value.bind(target) : value;
		} });
	}
	/** Runs single records, now. Their inputs must have been computed. */
	async runRecords(records) {
		for (const record of records) {
			for (const { storage } of record.outputs) this.placeStorage(storage);
			let program = this.compiled.get(record);
			if (!program) {
				program = this.inner.compile({
					label: `op ${record.op}`,
					records: [record]
				});
				this.compiled.set(record, program);
			}
			await this.inner.run([program]);
		}
	}
	/** Drops what was compiled for records that will not run again. */
	forget(records) {
		for (const record of records) {
			this.compiled.get(record)?.dispose();
			this.compiled.delete(record);
		}
	}
	/** All values of a tensor or parameter as f32, row-major. */
	read(tensor) {
		if (tensor instanceof Parameter && tensor.layout === "matrix") return readParameter(this.inner, tensor);
		const values = this.readStorage(tensor);
		const out = new Float32Array(tensor.numElements);
		forEachElement(tensor, (i, at) => out[i] = values[at]);
		return out;
	}
	/** Replaces the values of a f32 or i32 tensor; its place must be known (its program has run up to here). */
	write(tensor, values) {
		const { storage, dtype } = tensor;
		if (dtype !== "f32" && dtype !== "i32") throw new UnsupportedError(`${tensor}: only f32 and i32 values can be replaced`);
		const bytes = new Uint8Array(storage.bytes);
		if (!tensor.isDense || tensor.bytes !== storage.bytes) this.inner.read(this.addressOf(storage), bytes);
		const all = dtype === "f32" ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer);
		forEachElement(tensor, (i, at) => all[at] = values[i]);
		this.inner.write(this.addressOf(storage), bytes);
	}
	/** A tensor of its own, with values, for records that are made up. Free it by `free`. */
	scratch(shape, values) {
		const bytes = 4 * numElements(shape);
		const storage = createStorage("external", bytes, "scratch", this.inner.allocate(bytes, "scratch"));
		const tensor = new Tensor(storage, shape, "f32");
		if (values) this.write(tensor, values);
		return tensor;
	}
	/** A row-major f32 parameter with values, for records that are made up. */
	scratchParameter(shape, values) {
		const { storage } = this.scratch(shape, values);
		return new Parameter("scratch", storage, shape, "f32", "rowMajor");
	}
	free(tensor) {
		this.inner.free(this.addressOf(tensor.storage));
	}
	compile(program) {
		const placed = [];
		for (const { outputs } of program.records) for (const { storage } of outputs) if (storage.address === void 0) placed.push(storage);
		const dispose = () => {
			this.forget(program.records);
			for (const storage of placed) {
				if (storage.address !== void 0) this.inner.free(storage.address);
				storage.address = void 0;
			}
		};
		return {
			label: program.label,
			ops: [],
			workspaceBytes: 0,
			recorded: program,
			dispose
		};
	}
	async run(programs) {
		const startMs = performance.now();
		for (const { recorded } of programs) for (const record of recorded.records) {
			for (const { storage } of record.outputs) this.placeStorage(storage);
			const other = await this.visitor?.before?.(record, recorded);
			await this.runRecords([other ?? record]);
			if (other) this.forget([other]);
			await this.visitor?.after?.(record, recorded);
		}
		return {
			startMs,
			endMs: performance.now()
		};
	}
	placeStorage(storage) {
		storage.address ??= this.inner.allocate(storage.bytes, storage.label);
	}
	addressOf(storage) {
		if (storage.address === void 0) throw new UnsupportedError(`${storage.label}: its value is not computed yet`);
		return storage.address;
	}
	/** Every element of the storage, as numbers. */
	readStorage({ storage, dtype }) {
		const bytes = new Uint8Array(storage.bytes);
		this.inner.read(this.addressOf(storage), bytes);
		const { buffer } = bytes;
		if (dtype === "f32") return new Float32Array(buffer);
		if (dtype === "i32") return new Int32Array(buffer);
		if (dtype === "i8") return new Int8Array(buffer);
		if (dtype !== "f16" && dtype !== "bf16") return bytes;
		const bits = new Uint16Array(buffer, 0, storage.bytes / dtypeBytes[dtype]);
		const values = new Float32Array(bits.length);
		(dtype === "f16" ? f16ToF32 : bf16ToF32)(bits, values);
		return values;
	}
};
/** Calls `visit` with the row-major index of each element and its place in the storage, in elements. */
function forEachElement({ shape, strides, offset }, visit) {
	const dense = rowMajorStrides(shape);
	const total = numElements(shape);
	const last = shape.at(-1) ?? 1;
	const lastStride = strides.at(-1) ?? 1;
	for (let row = 0; row < total; row += last) {
		let at = offset;
		let rest = row;
		for (let d = 0; d < shape.length - 1; d++) {
			const i = Math.floor(rest / dense[d]);
			rest -= i * dense[d];
			at += i * strides[d];
		}
		for (let j = 0; j < last; j++) visit(row + j, at + j * lastStride);
	}
}
// src/tools/check/result.ts
function ok(name, detail) {
	return {
		name,
		status: "ok",
		detail
	};
}
function failed(name, detail, remedy) {
	return {
		name,
		status: "failed",
		detail,
		...remedy === void 0 ? {} : { remedy }
	};
}
function skipped(name, detail) {
	return {
		name,
		status: "skipped",
		detail
	};
}
// src/tools/check/run-requests.ts
let nextId = 0;
/**
* All jobs with one scheduler; options as the engine's.
* @throws QuireError when a request fails or they do not end
*/
async function runRequests(worker, config, jobs) {
	const scheduler = createScheduler(config, worker.info);
	const results = jobs.map(() => ({
		tokenIds: [],
		rows: [],
		numCachedTokens: 0
	}));
	const requests = jobs.map(({ promptTokenIds, maxTokens, params }) => new Request({
		requestId: `check-${nextId++}`,
		promptTokenIds,
		params: normalizeSamplingParams({
			temperature: 0,
			ignoreEos: true,
			logprobs: -1,
			maxTokens,
			...params
		}),
		eosTokenIds: worker.info.eosTokenIds
	}));
	const lastArrival = Math.max(...jobs.map(({ arrival = 0 }) => arrival));
	for (let step = 0; step <= lastArrival || scheduler.hasUnfinishedRequests(); step++) {
		if (step > 1e4) throw new QuireError("CHECK", "the requests of a check do not end");
		requests.forEach((request, i) => {
			if ((jobs[i].arrival ?? 0) === step) scheduler.addRequest(request);
		});
		const plan = scheduler.schedule();
		for (const output of scheduler.updateFromOutput(plan, await worker.execute(plan))) {
			if (output.errorMessage !== null) throw new QuireError("CHECK", output.errorMessage);
			const i = requests.findIndex(({ requestId }) => requestId === output.requestId);
			results[i].tokenIds.push(...output.newTokenIds);
			for (const { tokenIds, logprobs } of output.logprobs ?? []) {
				const row = new Float64Array(worker.info.vocabSize).fill(NaN);
				tokenIds.forEach((id, k) => row[id] = logprobs[k]);
				results[i].rows.push(row);
			}
		}
	}
	requests.forEach((request, i) => results[i].numCachedTokens = Math.max(0, request.numCachedTokens));
	await worker.execute(scheduler.schedule());
	return results;
}
// src/tools/check/invariance.ts
const maxTokens = 4;
/** Token ids without a meaning, the same in every run. */
function someTokens(count, vocabSize, seed) {
	let state = seed * 2654435761 + 12345;
	return Array.from({ length: count }, () => {
		state = Math.imul(state ^ state >>> 15, 2246822519) + 3266489917 | 0;
		return (state >>> 0) % vocabSize;
	});
}
/**
* Four prompts, two of which begin alike.
* @param tolerance of log-probabilities; 0: bit for bit
*/
async function checkInvariance(worker, config, tolerance) {
	const { vocabSize, blockSize, maxModelLen } = worker.info;
	const room = Math.min(maxModelLen, worker.info.maxModelLen) - maxTokens - 1;
	const shared = someTokens(Math.min(2 * blockSize, Math.max(1, room - 9)), vocabSize, 7);
	const lengths = [
		5,
		23,
		1
	].map((length) => Math.max(1, Math.min(length, room)));
	const prompts = [
		[...shared, ...someTokens(Math.min(9, Math.max(1, room - shared.length)), vocabSize, 1)],
		...lengths.map((length, i) => someTokens(length, vocabSize, 2 + i)),
		[...shared, ...someTokens(Math.min(4, Math.max(1, room - shared.length)), vocabSize, 6)]
	];
	const plain = {
		...config,
		enablePrefixCaching: false
	};
	const jobs = prompts.map((promptTokenIds) => ({
		promptTokenIds,
		maxTokens
	}));
	const alone = [];
	try {
		for (const job of jobs) alone.push(...await runRequests(worker, plain, [job]));
	} catch (error) {
		if (!(error instanceof QuireError)) throw error;
		return [failed("alone", `a request by itself fails: ${error.message}`)];
	}
	const how = tolerance === 0 ? "bit for bit" : `within ${tolerance}`;
	const chunk = Math.max(2, Math.min(7, config.maxNumBatchedTokens));
	const inChunks = {
		...plain,
		maxNumBatchedTokens: chunk,
		enableChunkedPrefill: true
	};
	const [first, last] = [jobs[0], jobs.at(-1)];
	return [
		await attempt("batch", batchRemedy, async () => {
			const together = jobs.map((job, i) => ({
				...job,
				arrival: i
			}));
			return difference(await runRequests(worker, plain, together), alone, tolerance) ?? ok("batch", `${jobs.length} requests together give what each gives alone, ${how}`);
		}),
		await attempt("chunks", chunkRemedy, async () => {
			const chunked = [];
			for (const job of jobs) chunked.push(...await runRequests(worker, inChunks, [job]));
			return difference(chunked, alone, tolerance) ?? ok("chunks", `prompts in chunks of ${chunk} tokens give what they give whole, ${how}`);
		}),
		await attempt("prefix hit", chunkRemedy, async () => {
			const jobsInTurn = [first, {
				...last,
				arrival: 8
			}];
			const [, result] = await runRequests(worker, {
				...config,
				enablePrefixCaching: true
			}, jobsInTurn);
			const hit = result.numCachedTokens;
			if (hit === 0) return skipped("prefix hit", noHit);
			return difference([result], [alone.at(-1)], tolerance) ?? ok("prefix hit", `a request that finds ${hit} tokens in the cache gives what it gives alone, ${how}`);
		})
	];
}
const noHit = "no prefix was found in the cache: this model keeps a state instead of keys and values, or the prompts are shorter than a block";
const batchRemedy = "an op of the model mixes rows of different requests, or takes numbers from the whole step: every op must treat each row by itself";
const chunkRemedy = "something depends on where a chunk begins: use the step's positions (not row numbers), and let only attention look at other rows";
/** A check's result: ok or skipped, or failed with what is wrong (a text, or an error while it ran). */
async function attempt(name, remedy, run) {
	try {
		const result = await run();
		return typeof result === "string" ? failed(name, result, remedy) : result;
	} catch (error) {
		if (!(error instanceof QuireError)) throw error;
		return failed(name, error.message, remedy);
	}
}
/** Where results differ from those of the requests alone; undefined if they do not. */
function difference(got, wanted, tolerance) {
	for (const [i, { rows }] of wanted.entries()) for (const [k, row] of rows.entries()) {
		const other = got[i].rows[k];
		if (row.some(Number.isNaN)) return `request ${i}, output token ${k}: log-probabilities are not numbers, even alone`;
		if (!other) return `request ${i}: it gave ${got[i].rows.length} tokens, alone ${rows.length}`;
		const worst = largestDifference(row, other);
		if (worst <= tolerance) continue;
		return `request ${i}, output token ${k}: ${Number.isNaN(worst) ? "log-probabilities are not numbers" : `log-probabilities are up to ${worst.toExponential(1)} away`} from those of the request alone`;
	}
}
/** NaN where only one side is a number. */
function largestDifference(a, b) {
	let worst = 0;
	for (let i = 0; i < a.length; i++) {
		const difference = a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]);
		if (!(difference <= worst)) worst = difference;
		if (Number.isNaN(worst)) return worst;
	}
	return worst;
}
// src/tools/check/reference/difference.ts
/** How far two lists of numbers are apart, and where. */
/** Standard deviation over all elements. */
function deviation(values) {
	let sum = 0;
	for (const value of values) sum += value;
	const mean = sum / values.length;
	let squares = 0;
	for (const value of values) squares += (value - mean) ** 2;
	return Math.sqrt(squares / values.length);
}
/**
* The largest |got - wanted| / (std + |wanted|), std of `wanted`: the share of a value that is wrong, where small values count as
* if they were as large as usual. Infinity if anything is not a number, or lengths differ.
*/
function distance(got, wanted) {
	if (got.length !== wanted.length) return Infinity;
	const std = Math.max(deviation(wanted), 1e-20);
	let worst = 0;
	for (let i = 0; i < wanted.length; i++) {
		const share = Math.abs(got[i] - wanted[i]) / (std + Math.abs(wanted[i]));
		if (!(share <= worst)) worst = Number.isNaN(share) ? Infinity : share;
	}
	return worst;
}
function whereabouts(got, wanted, numTokens, tolerance) {
	const std = Math.max(deviation(wanted), 1e-20);
	const features = wanted.length / numTokens;
	const tokens = /* @__PURE__ */ new Set();
	const columns = /* @__PURE__ */ new Set();
	let [worst, at] = [-1, 0];
	for (let i = 0; i < wanted.length; i++) {
		const difference = Math.abs(got[i] - wanted[i]);
		if (difference > worst || Number.isNaN(difference)) [worst, at] = [Number.isNaN(difference) ? Infinity : difference, i];
		if (difference / (std + Math.abs(wanted[i])) <= tolerance) continue;
		tokens.add(Math.floor(i / features));
		columns.add(i % features);
	}
	return {
		inStds: worst / std,
		token: Math.floor(at / features),
		feature: at % features,
		firstToken: Math.min(...tokens),
		numTokens,
		wrongTokens: tokens.size,
		wrongFeatures: [...columns].sort((a, b) => a - b),
		features
	};
}
// src/tools/check/first-mixing-op.ts
/** "op of module", or undefined where the first step shows nothing. */
async function firstMixingOp(config, instruments, tolerance) {
	let tracing;
	const worker = await createWorker(config, {
		log: () => void 0,
		instruments: {
			...instruments,
			platform: (inner) => (tracing = new TracingPlatform(inner)).platform
		}
	});
	const plain = {
		...config,
		enablePrefixCaching: false
	};
	const [first, second] = [someTokens(5, worker.info.vocabSize, 11), someTokens(9, worker.info.vocabSize, 12)];
	/** The first step's values: of each op that has one row a token. */
	const trace = async (prompts) => {
		const rows = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
		const ops = [];
		tracing.visitor = { after: async (record) => {
			const [output] = record.outputs;
			if (output?.dtype === "f32" && output.size(0) === rows && record.op !== "sample") ops.push({
				record,
				values: tracing.read(output)
			});
		} };
		await runRequests(worker, plain, prompts.map((promptTokenIds) => ({
			promptTokenIds,
			maxTokens: 1
		})));
		return ops;
	};
	try {
		const alone = await trace([second]);
		const together = await trace([first, second]);
		for (const [i, { record, values }] of alone.entries()) {
			const other = together[i];
			if (other?.record.op !== record.op) return void 0;
			const width = values.length / second.length;
			if (distance(other.values.subarray(first.length * width), values) > tolerance) return `${record.op} of ${record.scope || "the model"}`;
		}
		return;
	} finally {
		worker.dispose();
	}
}
// src/tools/check/int8-layers.ts
/** Log-probabilities in int8 may be so far off; a wrong weight is off by several units. */
const tolerance$1 = 2;
/** @param plain the same model without int8, loaded */
async function checkInt8(plain, config, instruments) {
	const name = "int8";
	if (config.quantization !== void 0) return skipped(name, `the model is quantized already (--quantization ${config.quantization})`);
	const changed = /* @__PURE__ */ new Set();
	let worker;
	try {
		worker = await createWorker(config, {
			log: () => void 0,
			instruments: {
				...instruments,
				linearMethod: (prefix, chosen) => {
					const layer = /\.(\d+)\./.exec(prefix)?.[1];
					if (layer === void 0 || Number(layer) % 2 !== 0 || chosen.name !== "none") return chosen;
					changed.add(prefix);
					return int8;
				}
			}
		});
	} catch (error) {
		if (error instanceof UnsupportedError) return skipped(name, error.message);
		throw error;
	}
	try {
		if (changed.size === 0) return skipped(name, "no linear layer inside a numbered layer takes its method by prefix");
		const { vocabSize, maxModelLen } = worker.info;
		const job = {
			promptTokenIds: someTokens(Math.max(1, Math.min(12, maxModelLen - 2)), vocabSize, 5),
			maxTokens: 1
		};
		const [[wanted], [got]] = [await runRequests(plain, config, [job]), await runRequests(worker, config, [job])];
		const [a, b] = [wanted.rows[0], got.rows[0]];
		const worst = largestDifference(a, b);
		if (!(worst <= tolerance$1)) return failed(name, `log-probabilities are off by up to ${worst.toFixed(2)} with ${changed.size} linear layers in int8`, "a layer's weight is used outside its linear layer, or read in another order than its parts say");
		return ok(name, `every second layer in int8 (${changed.size} linear layers, by prefix) builds and runs; log-probabilities move by up to ${worst.toPrecision(2)}`);
	} finally {
		worker.dispose();
	}
}
// src/tools/check/limits.ts
/** Parameters of a model that is checked whole. */
const maxParameters = 4e8;
const layerFields = [
	"num_hidden_layers",
	"n_layer",
	"num_layers",
	"n_layers"
];
/** How many layers to keep: as many as asked for, else those that a large model can afford; undefined: all. */
function affordableLayers({ parameters, raw }, asked) {
	const all = layersOf(raw);
	if (all === void 0) return void 0;
	if (asked !== void 0) return asked < all ? asked : void 0;
	return parameters.declared.reduce((sum, { spec }) => sum + spec.shape.reduce((a, b) => a * b, 1), 0) <= maxParameters || all <= 2 ? void 0 : 2;
}
/** The config for the first layers; lists with one entry a layer are cut too. */
function cutModel(config, { raw, nestedIn }, layers) {
	const all = layersOf(raw);
	const overrides = {};
	for (const field of layerFields) if (raw[field] !== void 0) overrides[field] = layers;
	for (const [key, value] of Object.entries(raw)) if (Array.isArray(value) && value.length === all) overrides[key] = value.slice(0, layers);
	const left = Array.from({ length: all - layers }, (_, i) => layers + i).join("|");
	const ignored = [new RegExp(`^[^0-9]*\\.(?:${left})\\.`)];
	const hfOverrides = overrideConfig(config.hfOverrides, nestedIn === void 0 ? overrides : { [nestedIn]: overrides });
	return {
		config: {
			...config,
			hfOverrides
		},
		ignored,
		layers,
		of: all
	};
}
function layersOf(raw) {
	return layerFields.map((field) => raw[field]).find((count) => Number.isSafeInteger(count));
}
// src/tools/check/platforms.ts
const numTokens = 6;
const tolerance = 1e-4;
/** One step of a few tokens in float32 on both, op by op. */
async function checkPlatforms(config, instruments) {
	const name = "platforms";
	const run = (platform) => traceStep({
		...config,
		platform,
		cpuIsa: platform === "cpu" ? config.cpuIsa : void 0
	}, instruments);
	let native;
	try {
		native = await run("cpu");
	} catch (error) {
		if (error instanceof UnsupportedError) return skipped(name, `there is no native platform to compare with: ${error.message}`);
		throw error;
	}
	const reference = await run("reference");
	const worst = distance(native.logprobs, reference.logprobs);
	if (worst <= tolerance) return ok(name, `reference and native agree in float32: log-probabilities of ${numTokens} tokens within ${worst.toExponential(1)} (${native.platform})`);
	const first = reference.ops.findIndex(({ values }, i) => distance(native.ops[i].values, values) > tolerance);
	const where = first < 0 ? "" : `; the first op that differs is ${reference.ops[first].what}`;
	return failed(name, `log-probabilities differ by ${worst.toExponential(1)} between the reference and the native platform${where}`, "a kernel is wrong: run its cases, npx vitest run test/conformance -t OP");
}
async function traceStep(config, instruments) {
	let tracing;
	const worker = await createWorker({
		...config,
		dtype: "float32",
		kvCacheDtype: "auto",
		maxNumSeqs: 1,
		maxNumBatchedTokens: 64,
		enablePrefixCaching: false
	}, {
		log: () => void 0,
		instruments: {
			...instruments,
			platform: (inner) => (tracing = new TracingPlatform(inner)).platform
		}
	});
	try {
		const ops = [];
		tracing.visitor = { after: async ({ op, scope, outputs }) => {
			for (const output of outputs) if (output.dtype === "f32" && op !== "sample") ops.push({
				what: `${op} in ${scope || "the model"}`,
				values: tracing.read(output)
			});
		} };
		const { vocabSize, maxModelLen, platform } = worker.info;
		const promptTokenIds = someTokens(Math.max(1, Math.min(numTokens, maxModelLen - 2)), vocabSize, 3);
		const [result] = await runRequests(worker, {
			...config,
			maxNumSeqs: 1,
			maxNumBatchedTokens: 64,
			enablePrefixCaching: false
		}, [{
			promptTokenIds,
			maxTokens: 1
		}]);
		return {
			ops,
			logprobs: Float32Array.from(result.rows[0]),
			platform
		};
	} finally {
		worker.dispose();
	}
}
// src/tools/check/reference/dump.ts
/** What scripts/dump_reference.py writes: inputs and outputs of every module of a Hugging Face model, for one list of tokens. */
/** 256 MB of what was read last is kept: values are compared again and again. */
const maxCachedElements = 2 ** 26;
/** An open dump. Calls are module names, the second call of a module "name#2"; the model itself is "". */
var Dump = class {
	path;
	ids;
	/** In the order in which they began. */
	calls;
	modules;
	config;
	file;
	stored;
	cache = /* @__PURE__ */ new Map();
	cachedElements = 0;
	keysOf = /* @__PURE__ */ new Map();
	/** @throws CheckpointError if the file is damaged or no dump of the script */
	constructor(path) {
		this.path = path;
		this.file = new RandomAccessFile(path);
		try {
			this.stored = new Map(readSafetensors(this.file).map((tensor) => [tensor.info.name, tensor]));
			const info = readInfo(this.file);
			[this.ids, this.calls, this.config] = [
				info.ids,
				info.calls,
				info.config
			];
			this.modules = new Map(Object.entries(info.modules));
			for (const key of this.stored.keys()) {
				const call = key.slice(0, key.lastIndexOf(":"));
				const keys = this.keysOf.get(call);
				if (keys) keys.push(key);
				else this.keysOf.set(call, [key]);
			}
		} catch (error) {
			this.file.close();
			throw error;
		}
	}
	/** Keys of a call's tensors: "name:in.0", "name:in.hidden_states", "name:out.0" … */
	keys(call) {
		return this.keysOf.get(call) ?? [];
	}
	/** As the reference had it; empty for an unknown key. */
	shape(key) {
		return this.stored.get(key)?.info.shape ?? [];
	}
	/** Whether a tensor holds whole numbers: ids, choices. */
	isInteger(key) {
		return this.stored.get(key)?.info.storage === "i64";
	}
	/** Do not write to its values. @throws CheckpointError if there is no such tensor or the file cannot be read */
	tensor(key) {
		const known = this.cache.get(key);
		if (known) return known;
		const tensor = this.read(key);
		this.cachedElements += tensor.values.length;
		for (const [oldest, { values }] of this.cache) {
			if (this.cachedElements <= maxCachedElements) break;
			this.cache.delete(oldest);
			this.cachedElements -= values.length;
		}
		this.cache.set(key, tensor);
		return tensor;
	}
	read(key) {
		const stored = this.stored.get(key);
		if (!stored) throw new CheckpointError(`${this.path}: no tensor "${key}"`);
		const { shape, byteLength, storage } = stored.info;
		const bytes = new Uint8Array(byteLength);
		stored.read(0, byteLength, bytes, 0);
		if (storage === "f32") return {
			shape,
			values: new Float32Array(bytes.buffer)
		};
		if (storage === "i64") return {
			shape,
			values: Float32Array.from(new BigInt64Array(bytes.buffer), Number)
		};
		throw new CheckpointError(`${this.path}: "${key}" is ${storage}; expected f32 or i64: write it with the script as it is`);
	}
	/**
	* A tensor with one row a token, [numTokens * features] row-major; undefined where it has no such form, or another number of
	* features. Heads before tokens ([1, heads, tokens, headDim]) are put behind.
	*/
	rows(key, features) {
		const numTokens = this.ids.length;
		const info = this.stored.get(key)?.info;
		if (!info) return void 0;
		const shape = [...info.shape];
		const total = shape.reduce((a, b) => a * b, 1);
		if (total % numTokens !== 0 || features !== void 0 && total !== numTokens * features) return void 0;
		while (shape.length > 1 && shape[0] === 1) shape.shift();
		if (shape[0] === numTokens || total === numTokens) return this.tensor(key).values;
		if (shape.length === 3 && shape[1] === numTokens) return swapFirstTwo(this.tensor(key).values, shape);
	}
	/** The class of a call's module. */
	classOf(call) {
		return this.modules.get(moduleOf(call))?.class ?? "?";
	}
	close() {
		this.file.close();
	}
};
/** "name#2" -> "name". */
function moduleOf(call) {
	return call.replace(/#\d+$/, "");
}
function swapFirstTwo(values, [a, b, c]) {
	const out = new Float32Array(values.length);
	for (let i = 0; i < a; i++) for (let j = 0; j < b; j++) out.set(values.subarray((i * b + j) * c, (i * b + j + 1) * c), (j * a + i) * c);
	return out;
}
function readInfo(file) {
	const length = Number(new DataView(file.readBytes(0, 8).buffer).getBigUint64(0, true));
	const text = parseJsonObject(file.readBytes(8, length), `${file.path}: header`)["__metadata__"]?.["quire"];
	const wrong = (what) => new CheckpointError(`${file.path}: ${what}; make the dump with the script that quire check --print-dump-script prints`);
	if (typeof text !== "string") throw wrong("it has no description of a reference run");
	const info = parseJsonObject(new TextEncoder().encode(text), `${file.path}: its description`);
	const { ids, calls, modules } = info;
	if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id) => Number.isSafeInteger(id) && id >= 0)) throw wrong("its token ids are not a list of numbers");
	if (!Array.isArray(calls) || typeof modules !== "object" || modules === null || Array.isArray(modules)) throw wrong("its list of calls or modules is missing");
	for (const module of Object.values(modules)) if (typeof module?.class !== "string" || typeof module.weights !== "object" || typeof module.attributes !== "object") throw wrong("a module has no class, weights or attributes");
	return {
		ids,
		calls,
		modules,
		config: info.config ?? {}
	};
}
// src/tools/check/reference/names.ts
/** Which module of the reference is which of the port: by names, by the model's renames, and where names differ by the weights. */
function matchNames(dump, constructed) {
	const sources = new Set(constructed.parameters.declared.flatMap(({ spec }) => spec.parts.map((part) => part.source.name)));
	const stored = new CheckpointStarts(constructed);
	const bySource = /* @__PURE__ */ new Map();
	const foreign = [];
	const left = [];
	for (const [module, { weights }] of dump.modules) for (const [key, [shape, start]] of Object.entries(weights)) {
		const full = module === "" ? key : `${module}.${key}`;
		const source = candidates(full, constructed).find((name) => sources.has(name));
		if (source === void 0) {
			left.push({
				module,
				shape,
				start
			});
			continue;
		}
		if (!bySource.has(source)) bySource.set(source, module);
		if (stored.differs(source, shape, start)) foreign.push([full, source]);
	}
	const free = /* @__PURE__ */ new Map();
	if (left.length > 0) for (const source of sources) {
		const key = bySource.has(source) ? void 0 : stored.key(source);
		if (key !== void 0) free.set(key, [...free.get(key) ?? [], source]);
	}
	for (const { module, shape, start } of left) {
		const source = free.get(startKey(shape, start))?.shift();
		if (source !== void 0) bySource.set(source, module);
	}
	const ported = portNames(dump, bySource);
	return {
		moduleOfSource: (source) => bySource.get(source),
		moduleOfPort: (name) => ported(name),
		foreign
	};
}
const roots = /^(model|transformer|backbone|gpt_neox|language_model|decoder|base_model)\./;
/** What a weight of the reference may be called by the port: renamed, and with other first words. */
function candidates(name, { modelClass, raw }) {
	const rename = (text) => {
		const rule = modelClass.renames?.find(([from]) => from.test(text));
		return rule ? text.replace(rule[0], rule[1]) : text;
	};
	const bare = name.replace(roots, "");
	const words = [
		"model",
		"transformer",
		"backbone",
		"gpt_neox",
		"language_model.model",
		"model.language_model",
		String(raw.model_type)
	];
	const all = [
		name,
		bare,
		bare.replace(roots, ""),
		...words.map((word) => `${word}.${bare}`)
	];
	return [.../* @__PURE__ */ new Set([...all.map(rename), ...all])];
}
/** From a port's module name to the reference's, learnt from the weights that both have. */
function portNames(dump, bySource) {
	const learnt = /* @__PURE__ */ new Map();
	for (const [source, module] of bySource) {
		let port = source.split(".").slice(0, -1);
		let reference = module.split(".");
		while (port.length > 0 && reference.length > 0) {
			const [name, other] = [port.join("."), reference.join(".")];
			if (!learnt.has(name)) learnt.set(name, other);
			if (port.at(-1) !== reference.at(-1)) break;
			[port, reference] = [port.slice(0, -1), reference.slice(0, -1)];
		}
	}
	return (name) => {
		if (name === "") return "";
		for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
			const other = learnt.get(name.slice(0, end));
			if (other === void 0) continue;
			const full = other + name.slice(end);
			if (dump.modules.has(full)) return full;
		}
		return dump.modules.has(name) ? name : void 0;
	};
}
/** The first values of the checkpoint's tensors. */
var CheckpointStarts = class {
	constructed;
	known = /* @__PURE__ */ new Map();
	byName = /* @__PURE__ */ new Map();
	constructor(constructed) {
		this.constructed = constructed;
		for (const stored of constructed.checkpoint?.tensors.keys() ?? []) {
			const name = constructed.nestedIn === void 0 ? stored : textTensorName(stored) ?? stored;
			const rule = constructed.modelClass.renames?.find(([from]) => from.test(name));
			this.byName.set(rule ? name.replace(rule[0], rule[1]) : name, stored);
		}
	}
	/** Equal for equal shapes and first values. */
	key(source) {
		const own = this.read(source);
		return own && startKey(own.shape, [...own.start]);
	}
	differs(source, shape, start) {
		const own = this.read(source);
		return own !== void 0 && (String(own.shape) !== String(shape) || !isEqual(own.start, start));
	}
	/** Undefined where values are stored in blocks, or cannot be read. */
	read(source) {
		if (this.known.has(source)) return this.known.get(source);
		const value = this.readNow(source);
		this.known.set(source, value);
		return value;
	}
	readNow(source) {
		const { checkpoint } = this.constructed;
		const info = checkpoint?.tensors.get(this.byName.get(source) ?? source);
		if (!checkpoint || !info || info.storage !== "f32" && info.storage !== "bf16") return void 0;
		const count = Math.min(4, info.shape.reduce((a, b) => a * b, 1));
		const width = info.storage === "f32" ? 4 : 2;
		const bytes = new Uint8Array(width * count);
		checkpoint.read(info.name, 0, bytes.length, bytes);
		if (width === 4) return {
			shape: info.shape,
			start: new Float32Array(bytes.buffer)
		};
		const bits = Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16);
		return {
			shape: info.shape,
			start: new Float32Array(bits.buffer)
		};
	}
};
function startKey(shape, start) {
	return `${shape.join("x")}|${start.map((value) => Math.fround(value)).join(" ")}`;
}
function isEqual(a, b) {
	return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) <= 1e-6 * Math.abs(value) + 1e-12);
}
// src/tools/check/reference/segment.ts
var Segment = class {
	tracing;
	records;
	known;
	target;
	wanted;
	numTokens;
	/** The port's own value. */
	got;
	/** Distance of `got` from `wanted`. */
	distance;
	columns;
	constructor(parts) {
		this.tracing = parts.tracing;
		this.records = parts.records;
		this.known = parts.known;
		this.target = parts.target;
		this.wanted = parts.wanted;
		this.numTokens = parts.numTokens;
		this.columns = parts.columns;
		this.got = this.readTarget();
		this.distance = distance(this.got, this.wanted);
	}
	/** The judged columns of the port's value as it is now. */
	readTarget() {
		return pickColumns(this.tracing.read(this.target), this.numTokens, this.columns);
	}
	/**
	* Runs a variant of the records and gives what comes out; undefined where it cannot run. Values that records made are the
	* variant's afterwards, those known from the reference stay.
	*/
	async run(steps) {
		const made = steps.filter((step) => typeof step !== "function" && !this.records.includes(step));
		try {
			for (const step of steps) if (typeof step === "function") step();
			else await this.tracing.runRecords([step]);
			return this.readTarget();
		} catch {
			return;
		} finally {
			this.tracing.forget(made);
		}
	}
	/** Puts the port's own values back. */
	async restore() {
		if (this.records.length > 0) await this.run(this.records);
	}
	/** The records with one replaced: by another record, or by arithmetic. */
	replaced(record, ...by) {
		return this.records.flatMap((other) => other === record ? by : [other]);
	}
};
/** Columns of a [numTokens, …] list. */
function pickColumns(values, numTokens, columns) {
	if (!columns) return values;
	const width = values.length / numTokens;
	const out = new Float32Array(numTokens * columns.length);
	for (let t = 0; t < numTokens; t++) for (let i = 0; i < columns.length; i++) out[t * columns.length + i] = values[t * width + columns[i]];
	return out;
}
/** The list with some of its columns replaced by those of another. */
function withColumns(values, numTokens, columns, part) {
	if (!columns) return part;
	const width = values.length / numTokens;
	const out = Float32Array.from(values);
	for (let t = 0; t < numTokens; t++) columns.forEach((column, i) => out[t * width + column] = part[t * columns.length + i]);
	return out;
}
/** Who made what in a program, and which values are known from the reference. */
var Ancestry = class {
	makers = /* @__PURE__ */ new Map();
	known = /* @__PURE__ */ new Map();
	/** Call before a record runs or when a program begins: storages must have their addresses. */
	add(record) {
		const written = record.outputs.length > 0 ? record.outputs : record.inputs.filter((input) => isCache(input));
		for (const { storage } of written) {
			const list = this.makers.get(storage.address) ?? [];
			if (!list.includes(record)) list.push(record);
			this.makers.set(storage.address, list);
		}
	}
	markKnown(tensor, label, columns) {
		const { address } = tensor.storage;
		const entry = this.known.get(address) ?? {
			labels: /* @__PURE__ */ new Set(),
			tensor,
			columns: /* @__PURE__ */ new Map()
		};
		entry.labels.add(label);
		const [start, end] = columnRange(tensor);
		const isPart = end - start < tensor.storage.bytes / 4 / Math.max(1, tensor.size(0));
		const own = columns ?? (isPart ? Array.from({ length: end - start }, (_, i) => start + i) : void 0);
		if (own) entry.columns.set(label, own);
		this.known.set(address, entry);
	}
	isKnown(tensor) {
		return this.known.has(tensor.storage.address);
	}
	/** The records from known values to `tensors`, in order, and those values. */
	slice(tensors, order) {
		const records = /* @__PURE__ */ new Set();
		const known = /* @__PURE__ */ new Map();
		const visit = (tensor, reader) => {
			const address = tensor.storage.address;
			const value = this.known.get(address);
			if (value) {
				const entry = known.get(address) ?? {
					value: {
						...value,
						labels: [...value.labels]
					},
					read: []
				};
				entry.read.push(columnRange(tensor));
				known.set(address, entry);
				return;
			}
			const makers = this.makers.get(address) ?? [];
			const own = isCache(tensor) ? makers.filter(({ scope }) => scope === reader?.scope) : makers;
			for (const record of own.length > 0 ? own : makers) {
				if (records.has(record)) continue;
				records.add(record);
				for (const input of record.inputs) if (!(input instanceof Parameter)) visit(input, record);
			}
		};
		for (const tensor of tensors) visit(tensor);
		return {
			records: [...records].sort((a, b) => order(a) - order(b)),
			known: [...known.values()].map(whatIsRead)
		};
	}
};
/** Columns of its storage's rows that a tensor is a view of. */
function columnRange({ offset, strides, shape }) {
	const start = offset % Math.max(1, strides[0] ?? 1);
	return [start, start + shape.slice(1).reduce((a, b) => a * b, 1)];
}
/** Names of those parts alone that are read: of a product that holds queries, keys and values perhaps the values. */
function whatIsRead({ value, read }) {
	const isRead = (label) => value.columns.get(label)?.some((column) => read.some(([start, end]) => column >= start && column < end)) ?? true;
	const labels = value.labels.filter(isRead);
	const outputs = labels.filter((label) => label.endsWith(":out"));
	return {
		...value,
		labels: outputs.length > 0 ? outputs : labels
	};
}
/** A layer's cache: memory of its own, bytes without a meaning as numbers. */
function isCache(tensor) {
	return !(tensor instanceof Parameter) && tensor.storage.kind === "external" && tensor.owner === void 0;
}
// src/tools/check/causes/evidence.ts
const numberForms = [
	["", (x) => x],
	["1 / ", (x) => 1 / x],
	["sqrt of ", Math.sqrt],
	["1 / sqrt of ", (x) => 1 / Math.sqrt(x)]
];
var Evidence = class {
	segment;
	dump;
	constructed;
	call;
	side;
	tolerance;
	cachedNeighbours;
	cachedNumbers;
	constructor(parts) {
		this.segment = parts.segment;
		this.dump = parts.dump;
		this.constructed = parts.constructed;
		this.call = parts.call;
		this.side = parts.side;
		this.tolerance = parts.tolerance;
	}
	/** Whether values are the reference's, and clearly nearer to it than the port's own. */
	agrees(values) {
		if (!values) return false;
		const now = distance(values, this.segment.wanted);
		return now <= this.tolerance && now < this.segment.distance / 4;
	}
	/** Values of the reference from the segment's beginning up to its end, without repetitions. */
	neighbours() {
		this.cachedNeighbours ??= this.findNeighbours();
		return this.cachedNeighbours;
	}
	/** Numbers of the config and of the reference's modules around the place. */
	numbers() {
		this.cachedNumbers ??= this.findNumbers();
		return this.cachedNumbers;
	}
	/** "8 (sqrt of hidden_size)" where a number can be explained; names that share a word with `about` come first. */
	explain(value, about = "") {
		const shown = Number(value.toPrecision(6)).toString();
		const isNear = (other) => Math.abs(value - other) <= 2e-5 * Math.abs(value);
		const words = about.split(/(?=[A-Z])|_/).filter((word) => word.length > 2).map((word) => word.toLowerCase());
		const isAbout = ({ name }) => words.some((word) => name.toLowerCase().includes(word));
		const numbers = [...this.numbers().filter(isAbout), ...this.numbers().filter((number) => !isAbout(number))];
		for (const [text, form] of numberForms) for (const { value: number, name } of numbers) if (number > 0 && number !== 1 && isNear(form(number))) return `${shown} (${text}${name})`;
		return shown;
	}
	/** The same for a number that something is multiplied by. */
	explainFactor(value) {
		return this.explain(value, "scale_scaling_multiplier");
	}
	/** A tensor of the segment in words: the reference's name for it, or the op that made it. */
	describe(tensor) {
		const { address } = tensor.storage;
		const known = this.segment.known.find((value) => value.tensor.storage.address === address);
		const range = columnRange(tensor);
		const isOf = (text) => known.columns.get(text)?.some((column) => column >= range[0] && column < range[1]) ?? true;
		const labels = known?.labels.filter(isOf) ?? [];
		const label = labels.find((text) => text.endsWith(":out")) ?? labels[0];
		if (label !== void 0) {
			const size = known.columns.get(label)?.length ?? known.tensor.numElements / known.tensor.size(0);
			return `${range[1] - range[0] < size ? `columns ${range[0]} to ${range[1] - 1} of ` : ""}the ${label.endsWith(":in") ? "input" : "output"} of ${label.replace(/:[^:]*$/, "")}`;
		}
		const maker = this.segment.records.find(({ outputs }) => outputs.some((output) => output.storage.address === address));
		return maker ? `the output of ${maker.op} in ${maker.scope || "the model"}` : tensor.storage.label;
	}
	/** Calls of the reference from the layer before the segment's beginning up to its end. */
	nearCalls() {
		const { calls } = this.dump;
		const index = (call) => calls.indexOf(call);
		const isOwn = (call) => call === this.call || call.startsWith(`${this.call}.`);
		const last = this.side === "out" ? calls.findLastIndex(isOwn) : index(this.call);
		const end = this.call === "" ? calls.length : Math.max(0, last);
		const starts = this.segment.known.flatMap(({ labels }) => labels.map((label) => index(label.replace(/:[^:]*$/, ""))));
		const nearest = Math.min(end, ...starts.filter((i) => i >= 0));
		const begin = Math.max(0, Math.min(nearest - 3, this.startOfLayerBefore(calls[end] ?? calls.at(-1))));
		return calls.slice(begin, end + 1).filter((call) => call !== "" && !/rotary/i.test(this.dump.classOf(call)));
	}
	findNeighbours() {
		const { calls } = this.dump;
		const features = this.segment.wanted.length / this.segment.numTokens;
		const found = [];
		const own = `${this.call}:${this.side}`;
		const isLeaf = (call) => !calls.some((other) => other.startsWith(`${moduleOf(call)}.`));
		const window = this.nearCalls();
		for (const call of [...window.filter(isLeaf), ...window.filter((call) => !isLeaf(call))]) for (const key of this.dump.keys(call)) {
			const side = key.slice(key.lastIndexOf(":") + 1);
			if (key.startsWith(own)) continue;
			if (this.call.startsWith(`${call}.`) && side.startsWith("out")) continue;
			const values = this.dump.rows(key, features);
			if (!values || found.some((other) => distance(values, other.values) < 1e-7)) continue;
			if (!isLeaf(call) && distance(values, this.segment.wanted) < 1e-7) continue;
			found.push({
				label: `${call}:${side.replace(/\.(0|hidden_states)$/, "")}`,
				values
			});
			if (found.length >= 48) return found;
		}
		return found;
	}
	/** Index of the first call of the layer before a call's own; 0 outside layers. */
	startOfLayerBefore(call) {
		const layer = /^(.*?\.)(\d+)(?=\.|$)/.exec(call) ?? void 0;
		const { calls } = this.dump;
		if (!layer) return Math.max(0, calls.indexOf(call) - 40);
		const before = calls.indexOf(`${layer[1]}${Math.max(0, Number(layer[2]) - 1)}`);
		return before < 0 || layer[2] === "0" ? 0 : before;
	}
	findNumbers() {
		const found = /* @__PURE__ */ new Map();
		const add = (name, value) => {
			if (typeof value === "number" && Number.isFinite(value) && !found.has(name)) found.set(name, value);
		};
		const visit = (config, path) => {
			for (const [key, value] of Object.entries(config)) if (typeof value === "object" && value !== null && !Array.isArray(value)) visit(value, `${path}${key}.`);
			else if (!/_id$|_ids$/.test(key)) add(`${path}${key}`, value);
		};
		visit(this.dump.config, "");
		visit(this.constructed.raw, "");
		const { hidden_size: hidden, num_attention_heads: heads } = this.dump.config;
		if (typeof hidden === "number" && typeof heads === "number") add("head_dim", hidden / heads);
		const parts = moduleOf(this.call).split(".");
		for (let end = parts.length; end > 0; end--) {
			const name = parts.slice(0, end).join(".");
			const attributes = this.dump.modules.get(name)?.attributes ?? {};
			for (const [key, value] of Object.entries(attributes)) add(`${parts[end - 1]}.${key} of the reference`, value);
		}
		return [...found].map(([name, value]) => ({
			value,
			name
		}));
	}
};
// src/tools/check/causes/variants.ts
/** Changes a segment's ops one at a time and runs them again: the change that makes the numbers agree is the likely cause. */
/** Values that a text attribute may have. */
const words = {
	style: ["neox", "gptj"],
	kind: activationKinds,
	scoringFunc: ["softmax", "sigmoid"],
	groupScore: ["max", "topTwo"]
};
/** Attributes that say how memory is laid out: changing them would read beyond it. */
const structural = /num|size|dim|block|layout|dtype|start|offset|count|top_?k|group|kernel|state|expert|width|rank|stride|head|row|column|length|mode|sinks|alibi/i;
/** Most different runs in one search, and how long it may take. */
const maxRuns = 800;
const maxPairs = 400;
const maxMs = 8e3;
/**
* Runs variants, then pairs of those that may combine; the first that agrees is the cause.
* @param likely texts of causes that were found elsewhere, without layer numbers: tried first
*/
async function variantCause(evidence, variants, likely) {
	const { segment } = evidence;
	const end = Date.now() + maxMs;
	const isLikely = ({ text }) => likely.has(withoutLayers(text));
	const ordered = [...variants.filter(isLikely), ...variants.filter((variant) => !isLikely(variant))];
	const tried = [];
	for (const variant of ordered.slice(0, maxRuns)) {
		const values = await segment.run(applied(segment, variant.changes));
		variant.undo?.();
		if (evidence.agrees(values)) return confirmed(variant.text);
		if (values) tried.push({
			variant,
			distance: distance(values, segment.wanted)
		});
		if (Date.now() > end) break;
	}
	const pairs = bestOfEachKind(tried);
	let runs = 0;
	for (const [i, { variant: a }] of pairs.entries()) for (const { variant: b } of pairs.slice(i + 1)) {
		if (a.kind === b.kind || [...a.changes.keys()].some((record) => b.changes.has(record))) continue;
		if (++runs > maxPairs || Date.now() > end) break;
		const values = await segment.run(applied(segment, new Map([...a.changes, ...b.changes])));
		a.undo?.();
		b.undo?.();
		if (evidence.agrees(values)) return confirmed(`${a.text}, and ${b.text}`);
	}
	await segment.restore();
}
/** Of each kind the three that come nearest, and those that are plain. */
function bestOfEachKind(tried) {
	const kinds = /* @__PURE__ */ new Map();
	for (const entry of [...tried].sort((a, b) => a.distance - b.distance)) {
		const { kind, isPlain } = entry.variant;
		if (kind === void 0) continue;
		const list = kinds.get(kind) ?? [];
		if (list.length < 3 || isPlain === true) list.push(entry);
		kinds.set(kind, list);
	}
	return [...kinds.values()].flat().slice(0, 40);
}
/** The same text for all layers. */
function withoutLayers(text) {
	return text.replace(/\.\d+(?=\.|$| |,|:|\))/g, ".N");
}
function confirmed(text) {
	return {
		text: `${text} makes the numbers agree`,
		variant: withoutLayers(text),
		confirmed: true
	};
}
function applied(segment, changes) {
	return segment.records.flatMap((record) => [...changes.get(record) ?? [record]]);
}
/** Changes of what an op is or takes: another function or style, inputs exchanged, the op left out. Few, and likely. */
function opVariants(evidence) {
	const { segment } = evidence;
	const groups = alike(segment.records);
	return [
		...groups.flatMap((group) => attributeVariants(group, evidence, "string")),
		...segment.records.flatMap((record) => swapVariants(record, evidence)),
		...exchangedWeights(segment.records),
		...groups.flatMap((group) => bypassVariants(group, evidence))
	];
}
/** Other numbers in the ops: scales, windows, caps. Many. */
function numberVariants(evidence) {
	return alike(evidence.segment.records).flatMap((group) => attributeVariants(group, evidence, "number"));
}
/** Records of one op with equal attributes are changed together (queries and keys), and alone. */
function alike(records) {
	const groups = /* @__PURE__ */ new Map();
	for (const record of records) {
		const key = `${record.op} ${JSON.stringify(record.attributes)}`;
		groups.set(key, [...groups.get(key) ?? [], record]);
	}
	return [...groups.values()].flatMap((group) => group.length > 1 ? [group, ...group.map((record) => [record])] : [group]);
}
function where({ op, scope }) {
	return scope === "" ? op : `${op} of ${scope}`;
}
function attributeVariants(group, evidence, type) {
	const [first] = group;
	if (!Object.hasOwn(referenceKernels, first.op)) return [];
	return Object.entries(first.attributes).flatMap(([name, value]) => {
		const change = (to, shown) => ({
			text: `${name} ${shown} instead of ${typeof value === "number" ? evidence.explain(value, name) : value} in ${where(first)}`,
			changes: new Map(group.map((r) => [r, [{
				...r,
				attributes: {
					...r.attributes,
					[name]: to
				}
			}]])),
			kind: `${first.op}.${name}`,
			isPlain: typeof value === "string" || to === 0
		});
		if (typeof value !== type) return [];
		if (typeof value === "string") return (words[name] ?? []).filter((w) => w !== value).map((w) => change(w, w));
		if (structural.test(name)) return [];
		return otherNumbers(value, name, evidence.numbers()).map((n) => change(n.value, n.name === "" ? `${n.value}` : evidence.explain(n.value, name)));
	});
}
/** Numbers that an attribute may have been meant to be. */
function otherNumbers(value, name, numbers) {
	const isCount = /window|chunk/i.test(name);
	const found = /* @__PURE__ */ new Map();
	const add = (number, label) => {
		if (number !== value && Number.isFinite(number) && !found.has(number) && (!isCount || Number.isInteger(number))) found.set(number, label);
	};
	for (const number of [
		0,
		1,
		...Number.isInteger(value) ? [value - 1, value + 1] : []
	]) if (number >= 0) add(number, "");
	for (const { value: v, name: label } of numbers) {
		if (Math.abs(v) > 1e9) continue;
		add(v, label);
		if (isCount) {
			for (const shifted of [v - 1, v + 1]) if (shifted >= 0) add(shifted, `${label} ${shifted > v ? "+" : "-"} 1`);
		}
		if (isCount || v <= 0) continue;
		add(1 / Math.sqrt(v), label);
		add(1 / v, label);
		add(Math.sqrt(v), label);
		add(value * v, label);
		add(value / v, label);
	}
	return [...found].map(([number, label]) => ({
		value: number,
		name: label
	}));
}
/** The two halves of a gate/up product, and inputs of one shape, in the other order. */
function swapVariants(record, evidence) {
	const { segment } = evidence;
	const { inputs, op } = record;
	const variants = [];
	if (op === "gatedActivation") {
		const x = inputs[0];
		const scratch = segment.tracing.scratch(x.shape);
		const swapHalves = () => segment.tracing.write(scratch, halvesSwapped(segment.tracing.read(x), x.size(-1)));
		const base = (attributes = record.attributes) => [swapHalves, {
			...record,
			attributes,
			inputs: [scratch, ...inputs.slice(1)]
		}];
		variants.push({
			text: `gate and up swapped in ${where(record)}`,
			changes: /* @__PURE__ */ new Map([[record, base()]])
		});
		for (const kind of activationKinds) if (kind !== record.attributes["kind"]) variants.push({
			text: `gate and up swapped, and ${kind} instead of ${record.attributes["kind"]}, in ${where(record)}`,
			changes: /* @__PURE__ */ new Map([[record, base({
				...record.attributes,
				kind
			})]])
		});
	}
	for (const [i, a] of inputs.entries()) for (const [k, b] of inputs.entries()) {
		if (!(k > i && isStep(a) && isStep(b) && String(a.shape) === String(b.shape)) || a.dtype !== b.dtype || op === "add" || op === "mul") continue;
		const swapped = inputs.map((input, n) => n === i ? b : n === k ? a : input);
		variants.push({
			text: `${evidence.describe(a)} and ${evidence.describe(b)} exchanged in ${where(record)}`,
			changes: /* @__PURE__ */ new Map([[record, [{
				...record,
				inputs: swapped
			}]]])
		});
	}
	return variants;
}
function halvesSwapped(values, width) {
	const out = new Float32Array(values.length);
	const half = width / 2;
	for (let at = 0; at < values.length; at += width) {
		out.set(values.subarray(at + half, at + width), at);
		out.set(values.subarray(at, at + half), at + half);
	}
	return out;
}
/** Two ops of one kind with each other's weights. */
function exchangedWeights(records) {
	const variants = [];
	for (const [i, a] of records.entries()) for (const b of records.slice(i + 1)) {
		if (a.op !== b.op || a.inputs.length !== b.inputs.length) continue;
		const isExchanged = (k) => a.inputs[k] instanceof Parameter && a.inputs[k] !== b.inputs[k] && String(a.inputs[k].shape) === String(b.inputs[k].shape);
		if (!a.inputs.some((_, k) => isExchanged(k))) continue;
		const take = (own, other) => ({
			...own,
			inputs: own.inputs.map((input, k) => isExchanged(k) ? other.inputs[k] : input)
		});
		variants.push({
			text: `the weights of ${where(a)} and ${where(b)} exchanged`,
			changes: /* @__PURE__ */ new Map([[a, [take(a, b)]], [b, [take(b, a)]]])
		});
	}
	return variants.slice(0, 20);
}
/** The op left out: one of its inputs goes on as it is. */
function bypassVariants(group, evidence) {
	const { tracing } = evidence.segment;
	const [first] = group;
	const output = first.outputs[0];
	if (!output || first.outputs.length !== 1) return [];
	return first.inputs.flatMap((input, i) => {
		if (!isStep(input) || input.dtype !== "f32" || input.numElements !== output.numElements) return [];
		const others = first.inputs.filter((other, k) => k !== i && isStep(other) && other.dtype === "f32");
		const pass = (r) => [() => tracing.write(r.outputs[0], tracing.read(r.inputs[i]))];
		return [{
			text: others.length > 0 ? `leaving ${others.map((other) => evidence.describe(other)).join(", ")} out of ${where(first)}` : `leaving out ${where(first)}`,
			changes: new Map(group.map((r) => [r, pass(r)])),
			kind: `without ${first.op}`,
			isPlain: group.length > 1
		}];
	});
}
/** A value of the step, not a weight or a cache. */
function isStep(tensor) {
	return !(tensor instanceof Parameter) && tensor.owner !== void 0;
}
// src/tools/check/causes/attention.ts
/** Variants of a segment that attends. */
function attentionVariants(evidence) {
	const { segment } = evidence;
	const attention = segment.records.find(({ op }) => op === "pagedAttention");
	const writing = segment.records.find(({ op }) => op === "writeKVCache");
	if (!attention || !writing) return [];
	return [
		...groupingVariants(attention, evidence),
		...biasVariants(attention, evidence),
		...exchangeVariants(attention, writing, evidence),
		...splitVariants(attention, writing, evidence)
	];
}
/** KV head h % numKvHeads in place of h / group, and the other way round. */
function groupingVariants(attention, { segment }) {
	const { tracing, numTokens } = segment;
	const q = attention.inputs[0];
	const [heads, headDim] = [q.size(1), q.size(2)];
	const kvHeads = Number(attention.attributes["numKvHeads"]);
	const group = heads / kvHeads;
	if (!(group > 1) || kvHeads < 2) return [];
	const scratch = tracing.scratch(q.shape);
	const order = Array.from({ length: heads }, (_, place) => place % group * kvHeads + Math.floor(place / group));
	const move = (from, target, source) => {
		const out = new Float32Array(from.length);
		for (let t = 0; t < numTokens; t++) for (let p = 0; p < heads; p++) out.set(from.subarray((t * heads + source(p)) * headDim, (t * heads + source(p) + 1) * headDim), (t * heads + target(p)) * headDim);
		return out;
	};
	const before = () => tracing.write(scratch, move(tracing.read(q), (p) => p, (p) => order[p]));
	const output = attention.outputs[0];
	const after = () => tracing.write(output, move(tracing.read(output), (p) => order[p], (p) => p));
	return [{
		text: `query head h with KV head h % ${kvHeads} instead of h / ${group} in ${where(attention)}`,
		changes: /* @__PURE__ */ new Map([[attention, [
			before,
			{
				...attention,
				inputs: [scratch, ...attention.inputs.slice(1)]
			},
			after
		]]]),
		kind: "grouping"
	}];
}
/** Linear biases and sinks: without those that there are, with the usual slopes where there are none. */
function biasVariants(attention, { segment }) {
	const { attributes, inputs } = attention;
	const heads = inputs[0].size(1);
	const hasSinks = attributes["sinks"] === 1;
	const hasAlibi = typeof attributes["alibi"] === "string" && attributes["alibi"] !== "";
	const plain = inputs.slice(0, inputs.length - Number(hasSinks) - Number(hasAlibi));
	const variant = (text, record) => ({
		text: `${text} in ${where(attention)}`,
		changes: /* @__PURE__ */ new Map([[attention, [record]]]),
		kind: "biases"
	});
	const variants = [];
	if (hasSinks) {
		const kept = hasAlibi ? [...plain, inputs.at(-1)] : plain;
		variants.push(variant("no sinks", {
			...attention,
			inputs: kept,
			attributes: {
				...attributes,
				sinks: 0
			}
		}));
	}
	if (hasAlibi) {
		const kept = inputs.slice(0, -1);
		variants.push(variant("no linear biases", {
			...attention,
			inputs: kept,
			attributes: {
				...attributes,
				alibi: ""
			}
		}));
		for (const rounding of ["none", "bf16"]) if (rounding !== attributes["alibi"]) variants.push(variant(`linear biases rounded as ${rounding}`, {
			...attention,
			attributes: {
				...attributes,
				alibi: rounding
			}
		}));
	}
	const slopes = segment.tracing.scratchParameter([heads], Float32Array.from({ length: heads }, (_, h) => slopeOf(h, heads)));
	const base = hasAlibi ? inputs.slice(0, -1) : inputs;
	for (const alibiScale of [1, Number(attributes["scale"])]) {
		const changed = {
			...attributes,
			alibi: "none",
			alibiScale
		};
		const text = `linear biases with the usual slopes${alibiScale === 1 ? "" : ", scaled as the products are,"}`;
		variants.push(variant(text, {
			...attention,
			inputs: [...base, slopes],
			attributes: changed
		}));
	}
	return variants;
}
/** Slope of head h, as published: powers of 2 ** (-8 / n); heads beyond a power of two take every other one of twice as many. */
function slopeOf(h, heads) {
	const power = 2 ** Math.floor(Math.log2(heads));
	return h < power ? 2 ** (-8 * (h + 1) / power) : 2 ** (-4 * (2 * (h - power) + 1) / power);
}
/** Keys in place of values, and so on, before anything is done with them. */
function exchangeVariants(attention, writing, { segment }) {
	const { tracing, records } = segment;
	const named = {
		queries: lastInput(attention, records),
		keys: lastInput(writing, records),
		values: writing.inputs[1]
	};
	return [
		"queries keys",
		"queries values",
		"keys values"
	].flatMap((pair) => {
		const [a, b] = pair.split(" ").map((name) => named[name]);
		if (String(a.shape) !== String(b.shape)) return [];
		const [ownA, ownB] = [tracing.read(a), tracing.read(b)];
		const exchange = () => {
			const values = tracing.read(a);
			tracing.write(a, tracing.read(b));
			tracing.write(b, values);
		};
		return {
			text: `${pair.replace(" ", " and ")} exchanged before ${where(attention)}`,
			changes: onceMade([a, b], records, exchange),
			undo: () => (tracing.write(a, ownA), tracing.write(b, ownB)),
			kind: "exchange",
			isPlain: true
		};
	});
}
/** Does something to values before they are used: where ops of the segment make them, after these. */
function onceMade(tensors, records, change) {
	const maker = records.findLast(({ outputs }) => outputs.some(({ storage }) => tensors.some((tensor) => tensor.storage === storage)));
	const first = records[0];
	return new Map([maker ? [maker, [maker, change]] : [first, [change, first]]]);
}
/** Other readings of one product that holds queries, keys and values. */
function splitVariants(attention, writing, { segment, dump }) {
	const fused = segment.known.flatMap(({ labels }) => labels).find((label) => label.endsWith(":out") && /qkv|query_key_value|c_attn|Wqkv|in_proj|attn_proj/i.test(label));
	if (fused === void 0) return [];
	const { tracing, numTokens } = segment;
	const [q, k, v] = [
		lastInput(attention, segment.records),
		lastInput(writing, segment.records),
		writing.inputs[1]
	];
	const [heads, kvHeads, headDim] = [
		q.size(1),
		k.size(1),
		k.size(2)
	];
	const all = dump.rows(`${fused}.0`, (heads + 2 * kvHeads) * headDim);
	if (!all) return [];
	const count = heads + 2 * kvHeads;
	const pick = (order) => {
		const out = new Float32Array(numTokens * order.length * headDim);
		for (let t = 0; t < numTokens; t++) order.forEach((h, i) => out.set(all.subarray((t * count + h) * headDim, (t * count + h + 1) * headDim), (t * order.length + i) * headDim));
		return out;
	};
	return layouts(heads, kvHeads).map(([text, order]) => {
		const put = () => [
			[q, order.q],
			[k, order.k],
			[v, order.v]
		].forEach(([tensor, heads]) => tracing.write(tensor, pick(heads)));
		const own = [
			q,
			k,
			v
		].map((tensor) => [tensor, tracing.read(tensor)]);
		const undo = () => own.forEach(([tensor, values]) => tracing.write(tensor, values));
		return {
			undo,
			text: `cutting ${fused.replace(/:out$/, "")} as ${text}`,
			changes: onceMade([
				q,
				k,
				v
			], segment.records, put)
		};
	});
}
const names = {
	q: "queries",
	k: "keys",
	v: "values"
};
/** The product in equal parts, as many as divide the KV heads: each holds its queries, keys and values in one order. */
function layouts(heads, kvHeads) {
	return [.../* @__PURE__ */ new Set([
		1,
		kvHeads,
		2,
		4,
		8
	])].filter((parts) => kvHeads % parts === 0).flatMap((parts) => [
		"qkv",
		"qvk",
		"kqv",
		"kvq",
		"vqk",
		"vkq"
	].map((letters) => {
		const order = {
			q: [],
			k: [],
			v: []
		};
		let at = 0;
		for (let part = 0; part < parts; part++) for (const letter of letters) for (let i = 0; i < (letter === "q" ? heads : kvHeads) / parts; i++) order[letter].push(at++);
		const [a, b, c] = [...letters].map((letter) => names[letter]);
		if (parts === 1) return [`all ${a}, then all ${b}, then all ${c}`, order];
		return [`${parts} parts${parts === kvHeads ? " (one a KV head)" : ""}, each with its ${a}, ${b}, ${c}`, order];
	}));
}
/** The value that an op's first input was before ops of this segment (rotary) changed it. */
function lastInput(record, records) {
	let tensor = record.inputs[0];
	for (const other of [...records].reverse()) if (other.outputs[0]?.storage === tensor.storage) tensor = other.inputs.find((input) => input.shape.length === 3 && input.owner !== void 0) ?? tensor;
	return tensor;
}
// src/tools/check/causes/factors.ts
/** Most factors that are tried. */
const maxFactors = 120;
/** Variants in which a value that goes into the segment is first multiplied, clamped or capped. */
function factorVariants(evidence) {
	const { tracing, records, known, numTokens } = evidence.segment;
	const first = records[0];
	if (!first) return [];
	const values = known.filter(({ tensor }) => tensor.dtype === "f32" && tensor.size(0) === numTokens).slice(0, 4);
	const variants = (tensors, changes) => tensors.flatMap(({ tensor }) => {
		const own = tracing.read(tensor);
		return changes.map(([text, f]) => {
			const apply = () => tracing.write(tensor, own.map(f));
			return {
				text: text.replace("VALUE", evidence.describe(tensor)),
				changes: /* @__PURE__ */ new Map([[first, [apply, first]]]),
				undo: () => tracing.write(tensor, own)
			};
		});
	});
	return [...variants(values, caps(evidence)), ...variants(values.slice(0, 2), factors(evidence))];
}
function caps(evidence) {
	return evidence.numbers().filter(({ value, name }) => value > .001 && value < 1e6 && /clip|cap|limit|max|min|clamp/i.test(name)).flatMap(({ value, name }) => [[`clamping VALUE to +-${value} (${name}) first`, (x) => Math.max(-value, Math.min(value, x))], [`capping VALUE softly at ${value} (${name}) first`, (x) => value * Math.tanh(x / value)]]);
}
function factors(evidence) {
	const found = /* @__PURE__ */ new Set();
	for (const { value } of evidence.numbers()) if (value > 0 && value !== 1 && value < 1e6) for (const factor of [
		value,
		1 / value,
		Math.sqrt(value),
		1 / Math.sqrt(value)
	]) found.add(Number(factor.toPrecision(9)));
	return [...found].slice(0, maxFactors).map((factor) => [`multiplying VALUE by ${evidence.explainFactor(factor)} first`, (x) => x * factor]);
}
// src/tools/check/causes/functions.ts
const functions = [
	["sigmoid", (x) => 1 / (1 + Math.exp(-x))],
	["silu", (x) => x / (1 + Math.exp(-x))],
	["tanh", Math.tanh],
	["relu", (x) => Math.max(0, x)],
	["gelu (tanh)", (x) => .5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + .044715 * x ** 3)))],
	["1 + x", (x) => 1 + x],
	["1 - x", (x) => 1 - x],
	["-x", (x) => -x],
	["the square", (x) => x * x],
	["exp", Math.exp],
	["softplus", (x) => Math.log1p(Math.exp(x))]
];
/** Ops that work element by element, so that a function before them is a likely thing to forget. */
const elementwise = /* @__PURE__ */ new Set([
	"add",
	"mul",
	"scale",
	"softcap",
	"clamp",
	"activation",
	"gatedActivation",
	"copy"
]);
/** Variants in which one input of an op first goes through a function. */
function functionVariants(evidence) {
	const { tracing, records } = evidence.segment;
	return records.filter(({ op }) => elementwise.has(op)).flatMap((record) => record.inputs.flatMap((input, i) => {
		if (!isStep(input) || input.dtype !== "f32") return [];
		const scratch = tracing.scratch(input.shape);
		const changed = {
			...record,
			inputs: record.inputs.map((other, k) => k === i ? scratch : other)
		};
		return functions.map(([name, f]) => {
			const apply = () => tracing.write(scratch, tracing.read(input).map(f));
			return {
				text: `${name} of ${evidence.describe(input)} before ${where(record)}, which the port does not apply,`,
				changes: /* @__PURE__ */ new Map([[record, [apply, changed]]])
			};
		});
	}));
}
// src/tools/check/causes/leaf.ts
/** By the op that computes the module. */
function leafCause(evidence, record) {
	if (record.op === "rmsNorm" || record.op === "layerNorm") return normCause(evidence, record);
	if (record.op === "embedding") return embeddingCause(evidence, record);
	if (record.op.startsWith("linear")) return linearCause(evidence, record);
}
/** The number that the reference's module adds before the root, by its own field. */
function referenceEps(dump, call) {
	const attributes = dump.modules.get(moduleOf(call))?.attributes ?? {};
	return Object.entries(attributes).find(([name, value]) => /eps/i.test(name) && typeof value === "number")?.[1];
}
/** Tries the forms that norms have, on the reference's own input. */
function normCause(evidence, record) {
	const { segment } = evidence;
	const input = record.inputs[0];
	const x = segment.tracing.read(input);
	const width = input.size(-1);
	const eps = Number(record.attributes["eps"]);
	const own = record.inputs.slice(1).map((parameter) => segment.tracing.read(parameter));
	const offset = Number(record.attributes["weightOffset"] ?? 0);
	const more = segment.records.filter((other) => other !== record && other.op === record.op && other.inputs[0].storage === input.storage).map((other) => segment.tracing.read(other.inputs[1]));
	const weight = (own[0] ?? new Float32Array(width).fill(1)).map((w, i) => more.reduce((sum, values) => sum + values[i % values.length], w + offset));
	const bias = own[1];
	const epsilons = [.../* @__PURE__ */ new Set([
		eps,
		referenceEps(evidence.dump, evidence.call) ?? eps,
		1e-5,
		1e-6,
		1e-8,
		1e-12,
		0
	])];
	const widths = [width, x.length / segment.numTokens].filter((w, i, all) => all.indexOf(w) === i);
	const centred = record.op === "layerNorm";
	if (evidence.agrees(norm(x, {
		width,
		mean: centred,
		epsilon: eps,
		weight,
		bias
	}))) return void 0;
	for (const size of widths) for (const mean of [centred, !centred]) for (const [words, w, b] of [
		[
			"",
			weight,
			bias
		],
		[
			"(1 + weight) in place of weight",
			weight.map((v) => 1 + v),
			bias
		],
		[
			"weight in place of (1 + weight)",
			weight.map((v) => v - 1),
			bias
		],
		[
			"no weight",
			void 0,
			void 0
		],
		[
			bias ? "no bias" : "a bias that the port does not add",
			weight,
			void 0
		]
	]) {
		const lacksBias = !bias && words.includes("bias");
		for (const epsilon of epsilons) {
			const changes = [
				...size === width ? [] : [`one norm over all ${size} elements instead of ${width} (each head)`],
				...mean === centred ? [] : [mean ? "a layer norm (the mean is taken off) instead of an RMS norm" : "an RMS norm instead of a layer norm"],
				...words === "" ? [] : [words],
				...epsilon === eps ? [] : [`epsilon ${epsilon} instead of ${eps}`]
			];
			if (changes.length === 0) continue;
			const plain = norm(x, {
				width: size,
				mean,
				epsilon,
				weight: w,
				bias: b
			});
			const values = lacksBias ? constantRows(plain, segment.wanted, segment.numTokens) : plain;
			if (evidence.agrees(values)) return {
				text: `${changes.join(", ")}: makes the numbers agree`,
				confirmed: true
			};
		}
	}
	const solved = solveEps(x, segment.wanted, weight, width);
	if (solved !== void 0 && !centred && Math.abs(solved / eps - 1) > .05) return {
		text: `epsilon: the reference's numbers were made with about ${solved.toPrecision(3)}, the port has ${eps}`,
		confirmed: false
	};
}
function norm(x, { width, mean, epsilon, weight, bias }) {
	const out = new Float32Array(x.length);
	for (let at = 0; at < x.length; at += width) {
		let sum = 0;
		if (mean) for (let j = 0; j < width; j++) sum += x[at + j];
		const centre = sum / width;
		let squares = 0;
		for (let j = 0; j < width; j++) squares += (x[at + j] - centre) ** 2;
		const factor = 1 / Math.sqrt(squares / width + epsilon);
		for (let j = 0; j < width; j++) out[at + j] = (x[at + j] - centre) * factor * (weight ? weight[(at + j) % weight.length] : 1) + (bias ? bias[(at + j) % bias.length] : 0);
	}
	return out;
}
/** Epsilon from the quietest row, where it matters most. */
function solveEps(x, y, weight, width) {
	let best;
	for (let at = 0; at < x.length; at += width) {
		let [square, top, bottom] = [
			0,
			0,
			0
		];
		for (let j = 0; j < width; j++) {
			const plain = x[at + j] * weight[(at + j) % weight.length];
			[square, top, bottom] = [
				square + x[at + j] ** 2 / width,
				top + plain * y[at + j],
				bottom + plain * plain
			];
		}
		const eps = (bottom / top) ** 2 - square;
		if (!best || square < best.square) best = {
			square,
			eps
		};
	}
	return best && best.eps > 0 ? best.eps : void 0;
}
/** Another row of the table: positions that begin elsewhere. */
function embeddingCause(evidence, record) {
	const { segment } = evidence;
	const [ids, weight] = record.inputs;
	const rows = Array.from(segment.tracing.read(ids));
	const table = segment.tracing.read(weight);
	const width = weight.size(1);
	const rowStart = Number(record.attributes["rowStart"]);
	for (const shift of [
		0,
		1,
		-1,
		2,
		-2,
		3,
		-3
	]) {
		const values = new Float32Array(rows.length * width);
		rows.forEach((id, t) => {
			const row = id - rowStart + shift;
			if (row >= 0 && row < weight.size(0)) values.set(table.subarray(row * width, (row + 1) * width), t * width);
		});
		if (shift !== 0 && evidence.agrees(values)) return {
			text: `rows of the table are ${Math.abs(shift)} ${shift > 0 ? "further down" : "further up"}: the offset of the ids (positions) is ${-rowStart + shift}, not ${-rowStart}`,
			confirmed: true
		};
	}
}
/** Which matrix of the checkpoint makes the reference's output of its input? */
function linearCause(evidence, record) {
	const { segment, constructed } = evidence;
	const { checkpoint } = constructed;
	const own = constructed.parameters.declared.find(({ parameter }) => parameter === record.inputs[1])?.spec.name ?? "its weight";
	if (!checkpoint) return void 0;
	const x = segment.tracing.read(record.inputs[0]);
	const { numTokens, wanted } = segment;
	const ownBias = record.inputs[2] && segment.tracing.read(record.inputs[2]);
	const [inputs, outputs] = [x.length / numTokens, wanted.length / numTokens];
	for (const { name, shape, storage } of checkpoint.tensors.values()) {
		if (shape.length !== 2 || storage !== "f32" || !/weight|kernel/.test(name)) continue;
		for (const isTransposed of [false, true]) {
			if (shape[isTransposed ? 1 : 0] !== outputs || shape[isTransposed ? 0 : 1] !== inputs) continue;
			const bytes = new Uint8Array(4 * inputs * outputs);
			checkpoint.read(name, 0, bytes.length, bytes);
			const product = multiply(x, new Float32Array(bytes.buffer), {
				numTokens,
				inputs,
				outputs,
				isTransposed
			});
			const biased = ownBias && product.map((value, i) => value + ownBias[i % outputs]);
			const isAsBiased = biased !== void 0 && evidence.agrees(biased);
			const isPlain = !isAsBiased && evidence.agrees(product);
			if (!isAsBiased && !isPlain && !evidence.agrees(constantRows(product, wanted, numTokens))) continue;
			return {
				text: `the reference multiplies by "${name}"${isTransposed ? " transposed (stored as [inputs, outputs])" : ""}${isAsBiased ? "" : isPlain ? ownBias ? ", without the bias that the port adds" : "" : `, ${ownBias ? "with another bias than the port's" : "with a bias that the port does not add"}`}; the port by ${own} as it lies there`,
				confirmed: true
			};
		}
	}
}
/** x W^T, or x W for a transposed one; a few tokens would do, but agreement is judged on all. */
function multiply(x, w, s) {
	const out = new Float32Array(s.numTokens * s.outputs);
	const [stepO, stepI] = s.isTransposed ? [1, s.outputs] : [s.inputs, 1];
	for (let t = 0; t < s.numTokens; t++) for (let o = 0; o < s.outputs; o++) {
		let sum = 0;
		for (let i = 0; i < s.inputs; i++) sum += x[t * s.inputs + i] * w[o * stepO + i * stepI];
		out[t * s.outputs + o] = sum;
	}
	return out;
}
/** The product, with the constant row added that the first token asks for; too few tokens would agree with any. */
function constantRows(product, wanted, numTokens) {
	if (numTokens < 3) return product;
	const features = wanted.length / numTokens;
	return product.map((value, i) => value + wanted[i % features] - product[i % features]);
}
// src/tools/check/causes/sums.ts
/** Writes a value as a sum of a few others with factors: what a residual stream is made of. */
const maxSamples = 600;
/** The shortest sum of at most three neighbours that is `values`; undefined if there is none. */
function sumOf(values, neighbours, tolerance) {
	const step = Math.max(1, Math.floor(values.length / maxSamples));
	const samples = Array.from({ length: Math.floor(values.length / step) }, (_, i) => i * step + i % step);
	const dot = (a, b) => samples.reduce((sum, i) => sum + a[i] * b[i], 0);
	const gram = neighbours.map((a) => neighbours.map((b) => dot(a.values, b.values)));
	const right = neighbours.map((a) => dot(a.values, values));
	const total = dot(values, values);
	if (!(total > 0)) return void 0;
	for (const size of [
		1,
		2,
		3
	]) {
		const fits = [];
		for (const chosen of subsets(neighbours.length, size)) {
			const factors = solve(chosen.map((i) => chosen.map((j) => gram[i][j])), chosen.map((i) => right[i]));
			if (!factors || factors.some((factor) => Math.abs(factor) < 1e-4)) continue;
			const rest = total - chosen.reduce((sum, i, k) => sum + factors[k] * right[i], 0);
			if (Math.abs(rest) / total > 1e-6) continue;
			const plain = factors.filter((factor) => Math.abs(factor - 1) < 1e-4).length;
			fits.push({
				chosen,
				factors,
				plain
			});
		}
		for (const { chosen, factors } of fits.sort((a, b) => b.plain - a.plain).slice(0, 20)) {
			const rounded = factors.map((factor) => Math.abs(factor - Math.round(factor)) < 1e-4 ? Math.round(factor) : factor);
			if (distance(values.map((_, i) => chosen.reduce((s, n, k) => s + rounded[k] * neighbours[n].values[i], 0)), values) > Math.max(tolerance, 1e-5)) continue;
			return chosen.map((n, k) => ({
				label: neighbours[n].label,
				factor: rounded[k]
			}));
		}
	}
}
function* subsets(count, size, from = 0) {
	if (size === 0) return yield [];
	for (let i = from; i <= count - size; i++) for (const rest of subsets(count, size - 1, i + 1)) yield [i, ...rest];
}
/** Gauss with pivots; undefined when singular. */
function solve(matrix, right) {
	const rows = matrix.map((row, i) => [...row, right[i]]);
	const n = rows.length;
	for (let c = 0; c < n; c++) {
		let best = c;
		for (let r = c + 1; r < n; r++) if (Math.abs(rows[r][c]) > Math.abs(rows[best][c])) best = r;
		[rows[c], rows[best]] = [rows[best], rows[c]];
		const pivot = rows[c][c];
		if (!(Math.abs(pivot) > 1e-9 * (matrix[c][c] || 1))) return void 0;
		for (let r = 0; r < n; r++) {
			if (r === c) continue;
			const factor = rows[r][c] / pivot;
			for (let k = c; k <= n; k++) rows[r][k] -= factor * rows[c][k];
		}
	}
	return rows.map((row, i) => row[n] / row[i]);
}
/** "embed_tokens:out + 0.22 * o_proj:out" */
function formatSum(terms, evidence) {
	return terms.map(({ label, factor }) => factor === 1 ? label : `${evidence.explainFactor(factor)} * ${label}`).join(" + ");
}
/** Compares what the port adds up with what the reference does. */
function sumCause(evidence) {
	const { segment, tolerance } = evidence;
	const neighbours = evidence.neighbours();
	const wanted = sumOf(segment.wanted, neighbours, tolerance);
	const got = sumOf(segment.got, neighbours, tolerance);
	if (!wanted && !got) return void 0;
	if (!wanted) return {
		text: `the port's value is ${formatSum(got, evidence)}`,
		confirmed: false
	};
	const reference = `the reference: ${formatSum(wanted, evidence)}`;
	if (!got) return {
		text: `in the reference it is ${formatSum(wanted, evidence)}`,
		confirmed: false
	};
	return {
		text: `${verdict(wanted, got, evidence)}; ${reference}; the port: ${formatSum(got, evidence)}`,
		confirmed: true
	};
}
function verdict(wanted, got, evidence) {
	const inPort = new Map(got.map(({ label, factor }) => [label, factor]));
	const inReference = new Map(wanted.map(({ label, factor }) => [label, factor]));
	const missing = wanted.filter(({ label }) => !inPort.has(label));
	const extra = got.filter(({ label }) => !inReference.has(label));
	const scaled = wanted.filter(({ label, factor }) => inPort.has(label) && !isNear(inPort.get(label), factor));
	if (missing.length === 0 && extra.length === 0 && scaled.length === 1) {
		const { label, factor } = scaled[0];
		const other = inPort.get(label);
		return `a factor: ${label} is multiplied by ${evidence.explainFactor(factor)} in the reference, by ${evidence.explainFactor(other)} in the port`;
	}
	if (scaled.length === 0 && extra.length === 0) return `the port leaves out ${missing.map(({ label }) => label).join(", ")} (a residual that is not added, or only later: a parallel block)`;
	if (scaled.length === 0 && missing.length === 0) return `the port adds ${extra.map(({ label }) => label).join(", ")}, the reference does not`;
	return (missing.length === 1 && extra.length === 1 ? skippedModule(missing[0].label, extra[0].label, evidence) : void 0) ?? "another value goes in";
}
function isNear(a, b) {
	return Math.abs(a - b) <= .001 * Math.abs(b);
}
/** "norm:out" in the reference where the port has "norm:in": the module is skipped. */
function skippedModule(wanted, got, { dump }) {
	const [module, side] = [wanted.replace(/:[^:]*$/, ""), wanted.slice(wanted.lastIndexOf(":") + 1)];
	const [other, otherSide] = [got.replace(/:[^:]*$/, ""), got.slice(got.lastIndexOf(":") + 1)];
	const isInput = (label, of) => dump.keys(of).some((key) => key.includes(":in") && sameValues(key, label, dump));
	if (side.startsWith("out") && isInput(got, module)) return `${module} (${dump.classOf(module)}) is skipped`;
	if (otherSide.startsWith("out") && isInput(wanted, other)) return `${other} (${dump.classOf(other)}) is applied here, in the reference it is not`;
}
function sameValues(key, label, dump) {
	const a = dump.rows(key);
	const b = dump.rows(`${label}.0`) ?? dump.rows(`${label}.hidden_states`) ?? dump.rows(label);
	return a !== void 0 && b !== void 0 && distance(a, b) < 1e-6;
}
// src/tools/check/causes/missing-part.ts
/** A term or a factor that one side has and the other has not: what the two values differ by is a value of the reference. */
const gates = [
	["", (x) => x],
	["the sigmoid of ", (x) => 1 / (1 + Math.exp(-x))],
	["silu of ", (x) => x / (1 + Math.exp(-x))],
	["1 + ", (x) => 1 + x],
	["tanh of ", Math.tanh],
	["relu of ", (x) => Math.max(0, x)],
	["gelu (tanh) of ", (x) => .5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + .044715 * x ** 3)))]
];
/** Differences and quotients of the two values, looked up among the reference's values around. */
function missingPartCause(evidence) {
	const { got, wanted } = evidence.segment;
	const candidates = [...evidence.neighbours(), ...parts(evidence)];
	const terms = sumOf(wanted.map((value, i) => value - got[i]), candidates, .001);
	if (terms) return {
		text: `the reference's value is the port's plus ${terms.map(({ label, factor }) => factor === 1 ? label : `${evidence.explainFactor(factor)} * ${label}`).join(" + ")}`,
		confirmed: true
	};
	for (const { label, values } of candidates) for (const [name, f] of gates) {
		const factors = values.map(f);
		if (evidence.agrees(got.map((value, i) => value * factors[i]))) return {
			text: `the reference's value is the port's times ${name}${label}: a gate that is not applied`,
			confirmed: true
		};
		if (evidence.agrees(got.map((value, i) => value / factors[i]))) return {
			text: `the port's value is the reference's times ${name}${label}: a gate that should not be applied`,
			confirmed: true
		};
	}
}
/** Parts of wider values that are as wide as the wrong one: halves of a product with its gate. */
function parts(evidence) {
	const { numTokens, wanted } = evidence.segment;
	const width = wanted.length / numTokens;
	const isNear = (call) => call !== evidence.call;
	return evidence.nearCalls().filter(isNear).slice(-40).flatMap((call) => evidence.dump.keys(call).flatMap((key) => {
		const all = key.includes(":out") ? evidence.dump.rows(key) : void 0;
		const total = all ? all.length / numTokens : 0;
		if (!all || total <= width || total % width !== 0 || total / width > 8) return [];
		return Array.from({ length: total / width }, (_, n) => {
			const columns = Array.from({ length: width }, (__, i) => n * width + i);
			return {
				label: `columns ${n * width} to ${(n + 1) * width - 1} of ${call}:out`,
				values: pickColumns(all, numTokens, columns)
			};
		});
	}));
}
// src/tools/check/causes/numbers.ts
/** What can be read off two lists of numbers alone: a factor, a constant, a function of each element, another order. */
/** A factor, or a constant per feature. */
function affineCause(evidence) {
	const { wanted, got, numTokens } = evidence.segment;
	if (got.every((x) => x === 0)) return {
		text: "the port's value is zero everywhere",
		confirmed: false
	};
	const factor = dot(got, wanted) / dot(got, got);
	if (evidence.agrees(got.map((x) => x * factor))) return {
		text: `a missing factor: the reference is ${evidence.explainFactor(factor)} times the port (the port ${evidence.explainFactor(1 / factor)} times the reference)`,
		confirmed: true
	};
	const features = wanted.length / numTokens;
	if (numTokens < 3) return void 0;
	const added = Float32Array.from({ length: features }, (_, j) => wanted[j] - got[j]);
	if (evidence.agrees(got.map((x, i) => x + added[i % features]))) return {
		text: "a constant is added to each feature: a bias that one side has and the other has not",
		confirmed: true
	};
	const ratios = Float32Array.from({ length: features }, (_, j) => columnRatio(wanted, got, j, features));
	if (evidence.agrees(got.map((x, i) => x * ratios[i % features]))) return {
		text: `each feature has a factor of its own (${[...ratios.subarray(0, 3)].map((r) => r.toPrecision(4)).join(", ")} …): a weight of a norm that is missing, or used otherwise`,
		confirmed: false
	};
	const rows = Float32Array.from({ length: numTokens }, (_, t) => {
		const [a, b] = [got.subarray(t * features, (t + 1) * features), wanted.subarray(t * features, (t + 1) * features)];
		return dot(a, b) / dot(a, a);
	});
	if (evidence.agrees(got.map((x, i) => x * rows[Math.floor(i / features)]))) return {
		text: `each token has a factor of its own (${[...rows.subarray(0, 3)].map((r) => r.toPrecision(4)).join(", ")} …): a norm or a softmax over other elements, or another epsilon`,
		confirmed: false
	};
}
function dot(a, b) {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
	return sum;
}
function columnRatio(wanted, got, column, features) {
	let [ab, bb] = [0, 0];
	for (let i = column; i < wanted.length; i += features) [ab, bb] = [ab + got[i] * wanted[i], bb + got[i] ** 2];
	return ab / bb;
}
/** A function of each element of the port's value: a cap, an activation. */
function unaryCause(evidence) {
	const { got } = evidence.segment;
	const functions = activationKinds.map((kind) => [kind, activationFunction(kind)]).flatMap(([kind, f]) => f ? [[`the activation ${kind}`, f]] : []);
	functions.push(["tanh", Math.tanh], ["sigmoid", (x) => 1 / (1 + Math.exp(-x))], ["its square", (x) => x * x], ["exp", Math.exp]);
	for (const { value, name } of evidence.numbers()) if (value > .001 && value < 1e6) {
		functions.push([`a soft cap, ${value} * tanh(x / ${value}) (${name})`, (x) => value * Math.tanh(x / value)]);
		functions.push([`an inverse soft cap at ${value} (${name}): the port caps, the reference does not`, (x) => value * Math.atanh(x / value)]);
		functions.push([`a clamp to +-${value} (${name})`, (x) => Math.max(-value, Math.min(value, x))]);
	}
	for (const [text, f] of functions) if (evidence.agrees(got.map(f))) return {
		text: `the reference is the port's value after ${text}`,
		confirmed: true
	};
}
/** Plain forms of the activations, for trying. */
function activationFunction(kind) {
	const tanhGelu = (x) => .5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + .044715 * x ** 3)));
	return {
		relu: (x) => Math.max(0, x),
		relu2: (x) => Math.max(0, x) ** 2,
		silu: (x) => x / (1 + Math.exp(-x)),
		gelu_pytorch_tanh: tanhGelu,
		quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x))
	}[kind];
}
/** The same features in another order: whole blocks (heads), or rows and columns of blocks exchanged. */
function orderCause(evidence) {
	const { wanted, got, numTokens } = evidence.segment;
	const features = wanted.length / numTokens;
	for (const size of blockSizes(evidence, features)) {
		const order = matchBlocks(got, wanted, features, size, evidence.tolerance);
		if (!order) continue;
		return {
			text: `blocks of ${size} features stand in another order: the reference's are the port's ${order.slice(0, 8).join(", ") + (order.length > 8 ? ", …" : "")} (heads exchanged, or rows of the weight in another layout)`,
			confirmed: true
		};
	}
	for (let a = 2; a <= features / 2; a++) {
		if (features % a !== 0) continue;
		const b = features / a;
		const moved = got.map((_, n) => {
			const [t, j] = [Math.floor(n / features), n % features];
			return got[t * features + j % a * b + Math.floor(j / a)];
		});
		if (evidence.agrees(moved)) return {
			text: `features are interleaved otherwise: the reference's order is the port's [${a}, ${b}] read column by column (a weight whose rows alternate, split as if they were stacked)`,
			confirmed: true
		};
	}
}
function blockSizes({ constructed, segment }, features) {
	const caches = segment.records.flatMap(({ attributes }) => typeof attributes["headDim"] === "number" ? [attributes["headDim"]] : []);
	const { head_dim: headDim, hidden_size: hidden, num_attention_heads: heads } = constructed.raw;
	const sizes = [
		...caches,
		headDim,
		hidden && heads ? hidden / heads : void 0,
		features / 2,
		features / 3,
		1
	];
	return [...new Set(sizes)].filter((size) => size !== void 0 && Number.isInteger(size) && features % size === 0 && size < features && features / size <= 4096);
}
/** For each block of `wanted` the block of `got` that equals it; undefined unless each has one, and some differ from their own. */
function matchBlocks(got, wanted, features, size, tolerance) {
	const count = features / size;
	const block = (x, n) => {
		const out = new Float32Array(x.length / features * size);
		for (let t = 0; t * features < x.length; t++) out.set(x.subarray(t * features + n * size, t * features + (n + 1) * size), t * size);
		return out;
	};
	const blocks = Array.from({ length: count }, (_, n) => block(got, n));
	const order = [];
	for (let n = 0; n < count; n++) {
		const target = block(wanted, n);
		const match = distance(blocks[n], target) < tolerance ? n : blocks.findIndex((b) => nearStart(b, target, tolerance) && distance(b, target) < tolerance);
		if (match < 0) return void 0;
		order.push(match);
	}
	return order.every((n, i) => n === i) ? void 0 : order;
}
function nearStart(a, b, tolerance) {
	return Math.abs(a[0] - b[0]) <= Math.max(.01, 100 * tolerance) * (1 + Math.abs(b[0]));
}
// src/tools/check/causes/rotary.ts
/** Variants of a segment that attends: other tables in its rotary ops, or rotary ops that it lacks. */
function rotaryVariants(evidence) {
	const { segment, dump } = evidence;
	const rotations = segment.records.filter(({ op }) => op === "rotaryEmbedding");
	const tables = [...referenceTables(evidence.call, dump), ...otherBases(evidence, rotations[0])];
	return [...rotations.length > 0 && rotations.length <= 4 ? tables.flatMap((table) => replacedTable(rotations, table, evidence)) : [], ...insertedRotation(evidence, rotations)];
}
/** Rotation of queries, keys or both where the port has none; by plain tables where the reference shows none of its own. */
function insertedRotation(evidence, rotations) {
	const { segment, call, dump } = evidence;
	const attention = segment.records.find(({ op }) => /attention/i.test(op));
	const writing = segment.records.find(({ op }) => op === "writeKVCache");
	if (!attention || !writing) return [];
	const isTurned = ({ inputs }) => rotations.some(({ outputs }) => outputs[0].storage === inputs[0].storage);
	const bare = [attention, writing].filter((record) => !isTurned(record));
	const names = bare.map((record) => record === attention ? "queries" : "keys").join(" and ");
	if (bare.length === 0) return [];
	const shown = referenceTables(call, dump);
	return (shown.length > 0 ? shown : plainTables(evidence, attention.inputs[0].size(-1))).flatMap((table) => ["neox", "gptj"].map((style) => {
		const turn = (record) => {
			const x = record.inputs[0];
			const scratch = segment.tracing.scratch(x.shape);
			const { numTokens, tracing } = segment;
			const rotate = () => tracing.write(scratch, rotated(tracing.read(x), x.size(-1), numTokens, table, style));
			return [rotate, {
				...record,
				inputs: [scratch, ...record.inputs.slice(1)]
			}];
		};
		return {
			text: `rotating ${names} (rotaryEmbedding, style ${style}${shown.length > 0 ? "" : `, ${2 * table.half} elements of each head, ${table.from}`}) before ${where(attention)}, which the port does not do,`,
			changes: new Map(bare.map((record) => [record, turn(record)])),
			kind: "rotation"
		};
	}));
}
/** The reference's tables near a place: what its attention is given, else what its rotary modules give. */
function referenceTables(call, dump) {
	const parent = moduleOf(call).replace(/\.[^.]*$/, "");
	const around = dump.calls.filter((name) => moduleOf(name) === parent);
	const rotary = dump.calls.filter((name) => /rot/i.test(dump.classOf(name)));
	const tables = [];
	for (const name of [...around, ...rotary]) {
		const keys = dump.keys(name).filter((key) => around.includes(name) ? key.includes(":in.") : key.includes(":out"));
		keys.forEach((key, i) => {
			const [cos, sin] = complexRows(key, dump) ?? [dump.rows(key), keys[i + 1] === void 0 ? void 0 : dump.rows(keys[i + 1])];
			if (!cos || !sin || cos.length !== sin.length || !isUnit(cos, sin)) return;
			tables.push(halved(cos, sin, dump.ids.length, name));
		});
	}
	return tables;
}
/** cos and sin of complex numbers, which the script writes as pairs: [1, numTokens, half, 2]. */
function complexRows(key, dump) {
	const rows = dump.rows(key);
	if (!rows || dump.shape(key).length !== 4 || dump.shape(key).at(-1) !== 2) return void 0;
	const pick = (part) => Float32Array.from({ length: rows.length / 2 }, (_, i) => rows[2 * i + part]);
	return [pick(0), pick(1)];
}
/** cos² + sin² is one number everywhere, and position 0 is not turned. */
function isUnit(cos, sin) {
	const radius = cos[0] ** 2;
	return radius > .001 && cos.every((c, i) => Math.abs(c * c + sin[i] ** 2 - radius) < .001 * radius) && Math.abs(sin[0]) < 1e-6;
}
/** Tables of the reference hold each number twice: as halves, or in pairs. Some hold it once. */
function halved(cos, sin, numTokens, from) {
	const width = cos.length / numTokens;
	const half = width / 2;
	const at = (i, j) => i * width + j;
	const every = (test) => {
		for (let i = 0; i < numTokens; i++) for (let j = 0; j < half; j++) if (!test(i, j)) return false;
		return width % 2 === 0;
	};
	const isHalves = every((i, j) => Math.abs(cos[at(i, j)] - cos[at(i, j + half)]) < 1e-6);
	const isPairs = !isHalves && every((i, j) => Math.abs(cos[at(i, 2 * j)] - cos[at(i, 2 * j + 1)]) < 1e-6);
	if (!isHalves && !isPairs) return {
		half: width,
		cos,
		sin,
		from
	};
	const pick = (x) => Float32Array.from({ length: numTokens * half }, (_, n) => x[at(Math.floor(n / half), (isPairs ? 2 : 1) * (n % half))]);
	return {
		half,
		cos: pick(cos),
		sin: pick(sin),
		from
	};
}
/** Plain tables with other bases and widths than the port's. */
function otherBases(evidence, rotation) {
	return rotation ? plainTables(evidence, rotation.inputs[1].size(-1), rotation.inputs[2].size(1)) : [];
}
/** Tables of usual bases and those in the config, for whole heads and parts of them. */
function plainTables(evidence, headDim, ...more) {
	const named = (pattern) => evidence.numbers().flatMap(({ name, value }) => pattern.test(name) && value > 1 ? [value] : []);
	const { numTokens } = evidence.segment;
	const widths = [
		headDim,
		headDim / 2,
		headDim / 4,
		...more,
		...named(/rot.*(dim|ndims)/i)
	];
	return [.../* @__PURE__ */ new Set([
		...named(/theta|base/i),
		1e4,
		5e5,
		1e6
	])].flatMap((base) => widths.filter((width, i) => Number.isInteger(width / 2) && width <= headDim && widths.indexOf(width) === i).map((width) => {
		const angles = Float64Array.from({ length: numTokens * width / 2 }, (_, n) => {
			const [t, i] = [Math.floor(n / (width / 2)), n % (width / 2)];
			return t * base ** (-2 * i / width);
		});
		return {
			half: width / 2,
			cos: Float32Array.from(angles, Math.cos),
			sin: Float32Array.from(angles, Math.sin),
			from: `base ${base}`
		};
	}));
}
function replacedTable(rotations, table, { segment }) {
	const { half, cos, sin, from } = table;
	const [first] = rotations;
	if (2 * half > first.inputs[1].size(-1)) return [];
	const values = new Float32Array(segment.numTokens * 2 * half);
	for (let t = 0; t < segment.numTokens; t++) {
		values.set(cos.subarray(t * half, (t + 1) * half), 2 * half * t);
		values.set(sin.subarray(t * half, (t + 1) * half), 2 * half * t + half);
	}
	const cosSin = segment.tracing.scratchParameter([segment.numTokens, 2 * half], values);
	const own = ownTable(first, segment.tracing.read(first.inputs[2]));
	const isReference = !from.startsWith("base");
	const text = `${isReference ? `the reference's cosines and sines (${from}): ` : ""}${describe(table, own)}, in ${where(first)},`;
	return (rotations.length > 1 ? [rotations, ...rotations.map((r) => [r])] : [rotations]).flatMap((group) => [
		"as it is",
		"neox",
		"gptj"
	].map((style) => ({
		text: style === "as it is" ? text : `style ${style} with ${text}`,
		changes: new Map(group.map((r) => [r, [{
			...r,
			inputs: [
				r.inputs[0],
				r.inputs[1],
				cosSin
			],
			attributes: style === "as it is" ? r.attributes : {
				...r.attributes,
				style
			}
		}]])),
		kind: "table",
		isPlain: isReference && style === "as it is"
	})));
}
function ownTable(rotation, values) {
	const width = rotation.inputs[2].size(1);
	const half = width / 2;
	const pick = (start) => Float32Array.from({ length: values.length / width * half }, (_, n) => values[Math.floor(n / half) * width + start + n % half]);
	return {
		half,
		cos: pick(0),
		sin: pick(half),
		from: ""
	};
}
/** What two tables differ in: width, base, amplitude, or else frequencies. */
function describe(wanted, own) {
	if (wanted.half !== own.half) return `${2 * wanted.half} rotated elements of each head instead of ${2 * own.half}`;
	const radius = ({ cos }) => Math.abs(cos[0]);
	if (Math.abs(radius(wanted) - radius(own)) > 1e-4) return `an attention factor of ${radius(wanted).toFixed(4)} instead of ${radius(own).toFixed(4)}`;
	const [a, b] = [base(wanted), base(own)];
	if (a !== void 0 && b !== void 0 && Math.abs(a / b - 1) > .001) return `base ${round(a)} instead of ${round(b)}`;
	return b === void 0 || a === void 0 ? "other frequencies (rope scaling)" : "other angles";
}
/** The base if frequencies are its plain powers. */
function base({ half, cos, sin }) {
	if (half < 2 || cos.length < 2 * half) return void 0;
	const frequency = (i) => Math.atan2(sin[half + i], cos[half + i]);
	const found = (1 / frequency(1)) ** half;
	const last = half - 1;
	return Math.abs(frequency(0) - 1) < 1e-4 && Math.abs(frequency(last) / found ** (-last / half) - 1) < .01 && Number.isFinite(found) ? found : void 0;
}
function round(value) {
	const rough = Number(value.toPrecision(3));
	return Math.abs(rough / value - 1) < .002 ? rough : Number(value.toPrecision(5));
}
/** x [numTokens, …, headDim] with its first 2 * half elements of each head turned. */
function rotated(x, headDim, numTokens, { half, cos, sin }, style) {
	const out = Float32Array.from(x);
	const heads = x.length / numTokens / headDim;
	if (2 * half > headDim) return out;
	for (let t = 0; t < numTokens; t++) for (let h = 0; h < heads; h++) for (let i = 0; i < half; i++) {
		const at = (t * heads + h) * headDim;
		const [p, q] = style === "neox" ? [at + i, at + i + half] : [at + 2 * i, at + 2 * i + 1];
		const [c, s] = [cos[t * half + i], sin[t * half + i]];
		out[p] = x[p] * c - x[q] * s;
		out[q] = x[q] * c + x[p] * s;
	}
	return out;
}
// src/tools/check/causes/routing.ts
/** Compares the chosen experts with those that the reference's router or experts were given. */
function routingCause({ segment, dump }) {
	const routing = segment.records.find(({ op }) => op === "topkRouting");
	const ids = routing?.outputs[0];
	if (!routing || !ids) return void 0;
	const parent = segment.known.flatMap(({ labels }) => labels).map((label) => /^(.*)\.[^.]*:out$/.exec(label)?.[1]).filter((name) => name !== void 0);
	const own = Array.from(segment.tracing.read(ids));
	const numExperts = routing.inputs[0].size(-1);
	const isRouting = (call) => /rout|gate|expert|moe/i.test(`${call} ${dump.classOf(call)}`);
	for (const call of dump.calls.filter((name) => isRouting(name) && parent.some((module) => name.startsWith(`${module}.`)))) for (const key of dump.keys(call).filter((name) => dump.isInteger(name))) {
		const rows = dump.rows(key);
		const k = rows && rows.length / segment.numTokens;
		if (!(k !== void 0 && k < numExperts && rows.every((id) => Number.isInteger(id) && id >= 0 && id < numExperts)) || !rows.some((id) => id > 0)) continue;
		if (k !== ids.size(1)) return {
			text: `the reference sends each token to ${k} experts (${call}), the port to ${ids.size(1)}`,
			confirmed: true
		};
		const sorted = (list, t) => [...list.slice(t * k, (t + 1) * k)].sort((a, b) => a - b).join();
		const wanted = Array.from(rows);
		const wrong = Array.from({ length: segment.numTokens }, (_, t) => t).filter((t) => sorted(own, t) !== sorted(wanted, t));
		if (wrong.length > 0) return {
			text: `other experts are chosen: token ${wrong[0]} goes to ${sorted(wanted, wrong[0])} in the reference, to ${sorted(own, wrong[0])} in the port (${wrong.length} of ${segment.numTokens} tokens)`,
			confirmed: false
		};
	}
}
// src/tools/check/causes/skipped.ts
/** Most passages that are tried in pairs. */
const maxPaired = 6;
/** Variants in which a value that goes into the segment is first what some module of the reference makes of it. */
function skippedModuleVariants(evidence) {
	const { tracing, numTokens, records } = evidence.segment;
	const first = records[0];
	if (!first) return [];
	const passages = findPassages(evidence).slice(0, 30);
	const variant = (taken) => {
		const own = new Map(taken.map(({ tensor }) => [tensor, tracing.read(tensor)]));
		const pass = () => taken.forEach(({ tensor, columns, output }) => tracing.write(tensor, withColumns(tracing.read(tensor), numTokens, columns, output)));
		return {
			text: taken.map(({ text }) => text).join(", and "),
			changes: /* @__PURE__ */ new Map([[first, [pass, first]]]),
			kind: "passage",
			undo: () => own.forEach((values, tensor) => tracing.write(tensor, values))
		};
	};
	const few = passages.slice(0, maxPaired);
	const pairs = few.flatMap((a, i) => few.slice(i + 1).map((b) => [a, b]));
	return [...passages.map((passage) => variant([passage])), ...pairs.map(variant)];
}
function findPassages({ segment, dump, call }) {
	const { tracing, numTokens, known } = segment;
	const own = dump.calls.indexOf(call);
	const near = own < 0 ? dump.calls.slice(-40) : dump.calls.slice(Math.max(0, own - 40), own);
	return known.flatMap(({ tensor, labels, columns: columnsOf }) => labels.flatMap((label) => {
		const columns = columnsOf.get(label);
		const values = pickColumns(tracing.read(tensor), numTokens, columns);
		const features = values.length / numTokens;
		const name = `the ${label.endsWith(":in") ? "input" : "output"} of ${label.replace(/:[^:]*$/, "")}`;
		return near.flatMap((other) => {
			if (label.startsWith(`${other}:`)) return [];
			const keys = dump.keys(other);
			const isInput = keys.some((key) => key.includes(":in.") && isSame$1(dump.rows(key, features), values));
			const output = keys.filter((key) => key.includes(":out")).map((key) => dump.rows(key, features)).find((rows) => rows !== void 0);
			if (!isInput || !output || distance(output, values) < 1e-6) return [];
			if (segment.records.some(({ scope }) => scope === other || scope.startsWith(`${other}.`)) && isSame$1(output, segment.wanted)) return [];
			return [{
				text: `passing ${name} through ${moduleOf(other)} (${dump.classOf(other)})`,
				tensor,
				columns,
				output
			}];
		});
	}));
}
function isSame$1(a, b) {
	return a !== void 0 && distance(a, b) < 1e-5;
}
// src/tools/check/causes/views.ts
/** Parts of a wider product: perhaps another part was meant. */
/** Variants in which an op reads other columns, as many, of the value that it reads a part of. */
function viewVariants(evidence) {
	return evidence.segment.records.flatMap((record) => record.inputs.flatMap((input, i) => {
		const { storage, shape, strides, offset, dtype, owner } = input;
		const rowWidth = strides[0] ?? 0;
		const width = shape.slice(1).reduce((a, b) => a * b, 1);
		if (!isStep(input) || dtype !== "f32" || width >= rowWidth || rowWidth % width !== 0) return [];
		const start = offset % rowWidth;
		const others = Array.from({ length: rowWidth / width }, (_, n) => n * width).filter((at) => at !== start);
		if (start % width !== 0 || others.length > 8) return [];
		return others.map((at) => {
			const view = new Tensor(storage, shape, dtype, owner, strides, offset - start + at);
			const inputs = record.inputs.map((other, k) => k === i ? view : other);
			return {
				text: `columns ${at} to ${at + width - 1} in place of ${evidence.describe(input)} in ${where(record)}`,
				changes: /* @__PURE__ */ new Map([[record, [{
					...record,
					inputs
				}]]]),
				kind: `view ${i} of ${record.op}`
			};
		});
	}));
}
// src/tools/check/causes/find-cause.ts
/**
* @param leaf   the record that computes the module, where its output is wrong; undefined: what goes in is wrong
* @param likely causes that were found elsewhere (`withoutLayers`): their kind is tried first
*/
async function findCause(evidence, leaf, likely) {
	const hints = [];
	const consider = (cause) => {
		if (cause && !cause.confirmed) hints.push(cause);
		return cause?.confirmed === true;
	};
	const plain = leaf ? [() => leafCause(evidence, leaf), () => affineCause(evidence)] : [
		() => routingCause(evidence),
		() => sumCause(evidence),
		() => affineCause(evidence)
	];
	for (const find of plain) {
		const cause = find();
		if (consider(cause)) return cause;
	}
	const glue = leaf ? [] : [
		...skippedModuleVariants(evidence),
		...attentionVariants(evidence),
		...rotaryVariants(evidence)
	];
	const variants = [
		...opVariants(evidence),
		...viewVariants(evidence),
		...glue,
		...numberVariants(evidence)
	];
	if (!leaf) variants.push(...functionVariants(evidence), ...factorVariants(evidence));
	const changed = await variantCause(evidence, variants, likely);
	if (changed) return changed;
	for (const find of [
		() => missingPartCause(evidence),
		() => unaryCause(evidence),
		() => orderCause(evidence)
	]) {
		const cause = find();
		if (consider(cause)) return cause;
	}
	const text = hints.map((hint) => hint.text).join("; ");
	return text === "" ? void 0 : {
		text,
		confirmed: false
	};
}
// src/tools/check/reference/inner-modules.ts
/** In the order in which they end: innermost first. */
function innerModules(records, { calls, names, dump, tracing }) {
	const seen = /* @__PURE__ */ new Set();
	return calls.flatMap(({ name, outputs }) => {
		const [output] = outputs;
		const module = names.moduleOfPort(name);
		if (!output || !module || outputs.length !== 1 || seen.has(module)) return [];
		if (!records.some((record) => record.outputs.some(({ storage }) => storage === output.storage))) return [];
		const features = output.numElements / output.size(0);
		const key = dump.keys(module).find((other) => other.includes(":out") && dump.rows(other, features) !== void 0);
		if (key === void 0) return [];
		seen.add(module);
		const wanted = dump.rows(key, features);
		return [{
			module,
			output,
			wanted,
			distance: distance(tracing.read(output), wanted)
		}];
	});
}
/** Whether a module is a whole layer, or all layers: to name it would say nothing. */
function isContainer(module) {
	return /(^|\.)\d+$/.test(module) || !/\d/.test(module);
}
// src/tools/check/reference/leaves.ts
/** Ops whose input and output are those of a module that owns their weight. */
const linears = /* @__PURE__ */ new Set(["linear", "linearInt8"]);
const isNorm = ({ op }) => /norm/i.test(op);
/** Finds leaves record by record; records must come in the order of the run. */
var LeafFinder = class {
	dump;
	names;
	declared;
	looked;
	timesSeen = /* @__PURE__ */ new Map();
	/** Ops that compute modules of the reference once more than the reference does, with their names. */
	repeated = /* @__PURE__ */ new Map();
	/** Modules of the reference that some op stood for. */
	found = /* @__PURE__ */ new Set();
	/** @param until index of the first call of the reference that is not looked at */
	constructor(dump, names, declared, until) {
		this.dump = dump;
		this.looked = new Set(dump.calls.slice(0, until));
		this.names = names;
		this.declared = new Map(declared.map((entry) => [entry.parameter, entry]));
	}
	/** Modules of the reference whose weights a record reads. */
	modules(record) {
		const parts = record.inputs.flatMap((input) => this.declared.get(input)?.spec.parts ?? []);
		return new Set(parts.flatMap(({ source }) => this.names.moduleOfSource(source.name) ?? []));
	}
	find(record) {
		const candidates = this.candidates(record);
		for (const { call } of candidates) {
			const module = call.replace(/#\d+$/, "");
			if (call !== module && linears.has(record.op) && this.looked.has(module) && !this.dump.calls.includes(call)) this.repeated.set(record, [...this.repeated.get(record) ?? [], module]);
		}
		const leaves = candidates.filter((leaf) => this.looked.has(leaf.call));
		for (const { call } of leaves) this.found.add(call.replace(/#\d+$/, ""));
		return leaves;
	}
	candidates(record) {
		const output = record.outputs[0];
		if (!output || record.outputs.length !== 1) return [];
		const size = output.numElements / output.size(0);
		if (linears.has(record.op)) {
			const named = this.names.moduleOfPort(record.scope);
			const parts = this.linearParts(record);
			const isEmbedding = parts?.some(({ module }) => /embedding/i.test(this.dump.classOf(module))) === true;
			if (parts && !(isEmbedding && named !== void 0)) return parts.map(({ module, ...part }) => this.leaf(module, part));
			return named === void 0 || !this.isLeaf(named) ? [] : [this.leaf(named, { size })];
		}
		const modules = [...this.modules(record)];
		const named = this.names.moduleOfPort(record.scope);
		const stepInputs = record.inputs.filter((input) => input.owner !== void 0);
		const isModule = isNorm(record) || record.op === "embedding" || named === modules[0];
		if (modules.length === 1 && (stepInputs.length === 1 || record.op === "embedding")) return isModule && this.isLeaf(modules[0]) ? [this.leaf(modules[0], { size })] : [];
		if (modules.length > 0 || !isNorm(record)) return [];
		return named !== void 0 && this.isLeaf(named) ? [this.leaf(named, { size })] : [];
	}
	isLeaf(module) {
		return ![...this.dump.modules.keys()].some((name) => name.startsWith(`${module}.`));
	}
	leaf(module, part) {
		const key = `${module}:${part.features?.[0] ?? 0}`;
		const times = (this.timesSeen.get(key) ?? 0) + 1;
		this.timesSeen.set(key, times);
		return {
			call: times === 1 ? module : `${module}#${times}`,
			...part
		};
	}
	/** Undefined where a row comes from no module of the reference. */
	linearParts({ inputs }) {
		const spec = this.declared.get(inputs[1])?.spec;
		if (!spec || spec.parts.length === 0) return void 0;
		const byModule = /* @__PURE__ */ new Map();
		for (const { source, rowStart, rowCount } of spec.parts) {
			const module = this.names.moduleOfSource(source.name);
			if (module === void 0 || source.shape.length !== 2) return void 0;
			const rows = rowPlaces(source.view(), rowCount);
			const isTransposed = isColumns(source.view(), source.shape[1]);
			const width = source.shape[1];
			let entry = byModule.get(module);
			if (!entry) byModule.set(module, entry = {
				columns: [],
				features: [],
				size: source.shape[isTransposed ? 1 : 0]
			});
			for (const [i, at] of rows.entries()) {
				entry.columns.push(rowStart + i);
				entry.features.push(isTransposed ? at % width : Math.floor(at / width));
			}
		}
		return [...byModule].map(([module, part]) => ({
			module,
			...part
		}));
	}
};
/** Index in the source's tensor of each row's first element. */
function rowPlaces({ shape, strides, offset }, rowCount) {
	let places = [offset];
	for (let d = 0; places.length < rowCount && d < shape.length; d++) places = places.flatMap((at) => Array.from({ length: shape[d] }, (_, i) => at + i * strides[d]));
	return places;
}
/** Whether the view's rows are columns of the stored matrix. */
function isColumns({ shape, strides }, width) {
	return shape.at(-1) > 1 && strides.at(-1) === width && width > 1;
}
// src/tools/check/reference/session.ts
/** What differs by no more than this is rounding. */
const tolerances = {
	linear: 5e-5,
	norm: 5e-6,
	other: 2e-5,
	attention: 2e-4
};
var Session = class {
	findings = [];
	/** Modules whose output agreed, given the reference's input. */
	numAgreeing = 0;
	parts;
	leaves;
	ancestry = new Ancestry();
	order = /* @__PURE__ */ new Map();
	usedModules = /* @__PURE__ */ new Set();
	/** Values that were wrong where a module took them, with the reference's. */
	alternatives = [];
	taps = [];
	/** Windows of the port that are not shorter than the tokens, by layer. */
	windows = /* @__PURE__ */ new Map();
	current = [];
	pending = [];
	numCauses = 0;
	/** Whether the last value that was wrong is one of the reference's all the same, from another place. */
	isRightElsewhere = false;
	/** Changes that explained a finding, and places for which none was found, of any layer. */
	likely = /* @__PURE__ */ new Set();
	unexplained = /* @__PURE__ */ new Set();
	constructor(parts) {
		this.parts = parts;
		this.leaves = new LeafFinder(parts.dump, parts.names, parts.constructed.parameters.declared, parts.until);
	}
	async before(record) {
		this.order.set(record, this.order.size);
		this.ancestry.add(record);
		for (const module of this.leaves.modules(record)) this.usedModules.add(module);
		this.current = this.leaves.find(record);
		const input = record.inputs[0];
		if (this.current.length === 0 || !input || input.dtype !== "f32") return void 0;
		const features = input.numElements / input.size(0);
		const judged = [];
		let isRight = true;
		for (const leaf of this.current) {
			const key = this.inputKey(leaf.call);
			const wanted = key === void 0 ? void 0 : this.parts.dump.rows(key, features);
			if (!wanted || judged.some((other) => distance(other, wanted) === 0)) continue;
			judged.push(wanted);
			isRight = await this.judge({
				call: leaf.call,
				side: "in",
				target: input,
				wanted,
				record
			}) && isRight;
		}
		const [first] = judged;
		if (!first) return void 0;
		const label = `${this.current[0].call}:in`;
		if (isRight) {
			this.parts.tracing.write(input, first);
			this.ancestry.markKnown(input, label);
			return;
		}
		const { tracing } = this.parts;
		const own = tracing.read(input);
		if (!this.isRightElsewhere) {
			tracing.write(input, first);
			this.ancestry.markKnown(input, label);
			this.alternatives.push({
				tensor: input,
				values: own,
				label
			});
			return;
		}
		this.alternatives.push({
			tensor: input,
			values: first,
			label
		});
		const scratch = tracing.scratch(input.shape, first);
		return {
			...record,
			inputs: [scratch, ...record.inputs.slice(1)]
		};
	}
	async after(record, program) {
		let covered = 0;
		for (const leaf of this.current) {
			const target = this.outputTensor(leaf, record, program);
			if (!target) continue;
			covered += leaf.columns?.length ?? leaf.size;
			this.pending.push({
				leaf,
				record,
				target
			});
		}
		const output = record.outputs[0];
		if (output && covered > 0 && covered < output.numElements / output.size(0)) this.findings.push(this.partly(record, output, covered));
		const ready = this.pending.filter(({ target }) => record.outputs.some(({ storage }) => storage === target.storage));
		for (const entry of ready) {
			this.pending.splice(this.pending.indexOf(entry), 1);
			await this.judgeOutput(entry);
		}
		if (this.parts.until === this.parts.dump.calls.length) await this.judgeLogits(record, program);
		this.note(record, program);
	}
	/** Windows, and values with names. */
	note(record, { taps = [] }) {
		const { dump, tracing } = this.parts;
		const window = record.attributes["slidingWindow"];
		if (typeof window === "number" && window >= dump.ids.length) this.windows.set(window, (this.windows.get(window) ?? /* @__PURE__ */ new Set()).add(record.scope));
		for (const { name, tensor } of taps) {
			if (!record.outputs.some(({ storage }) => storage === tensor.storage) || this.taps.some((t) => t.name === name)) continue;
			const values = tracing.read(tensor);
			const features = values.length / dump.ids.length;
			const wanted = [name, `${name}:out.0`].map((key) => dump.rows(key, features)).find((rows) => rows !== void 0);
			const apart = wanted && distance(values, wanted);
			this.taps.push({
				name,
				shape: tensor.shape,
				std: deviation(values),
				distance: apart
			});
		}
	}
	/** Windows that are longer than the tokens change nothing here: they are told, not compared. */
	windowNotes() {
		const { dump } = this.parts;
		const count = dump.ids.length;
		const notes = [...this.windows].map(([window, scopes]) => `windows of ${window} (${[...scopes].slice(0, 3).join(", ")}${scopes.size > 3 ? `, … ${scopes.size} layers` : ""})`);
		const wanted = dump.config["sliding_window"];
		if (notes.length === 0 && typeof wanted === "number" && wanted >= count && dump.config["use_sliding_window"] !== false) notes.push(`sliding_window ${wanted} of the reference's config (the port has no window)`);
		return notes.map((note) => `not compared, because the dump has only ${count} tokens: ${note}`);
	}
	async judgeOutput({ leaf, record, target }) {
		const wanted = this.outputOf(leaf);
		if (!wanted) return;
		if (await this.judge({
			call: leaf.call,
			side: "out",
			target,
			columns: leaf.columns,
			wanted,
			record,
			leaf: record
		})) this.checkSettings(leaf, record);
		this.forceColumns(target, wanted, leaf);
		this.ancestry.markKnown(target, `${leaf.call}:out`, leaf.columns);
	}
	/** What the port's module of the same name gives, where it is as large; else what the op gives. */
	outputTensor(leaf, record, program) {
		const own = record.outputs[0];
		if (leaf.columns) return own;
		const named = this.parts.calls.filter(({ name, outputs }) => name === record.scope && outputs[0]?.owner === program);
		const calls = named.filter(({ module }) => module === named.at(-1).module);
		const taking = calls.filter(({ inputs }) => inputs.some(({ storage }) => storage === record.inputs[0]?.storage));
		const [only, ...others] = calls.length === 1 ? calls : taking;
		const given = others.length === 0 && only?.outputs.length === 1 ? only.outputs[0] : void 0;
		return given && own && given.numElements === own.numElements && this.parts.names.moduleOfPort(record.scope) === moduleOf(leaf.call) ? given : own;
	}
	/** Modules with weights that the port declares, and the reference calls, but no op of the port uses. */
	uncalled() {
		const { dump, names, constructed } = this.parts;
		const declared = /* @__PURE__ */ new Map();
		for (const { spec } of constructed.parameters.declared) for (const { source } of spec.parts) {
			const module = names.moduleOfSource(source.name);
			if (module !== void 0) declared.set(module, spec.name);
		}
		const calls = new Map(dump.calls.slice(0, this.parts.until).map((call, i) => [call, i]));
		const modules = [...declared.keys()].filter((module) => !this.usedModules.has(module) && calls.has(module));
		const runs = [];
		for (const module of modules.sort((a, b) => calls.get(a) - calls.get(b))) {
			const run = runs.at(-1);
			const between = run ? dump.calls.slice(calls.get(run.at(-1)) + 1, calls.get(module)) : [];
			if (run && !between.some((call) => this.leaves.found.has(call))) run.push(module);
			else runs.push([module]);
		}
		return runs.map((run) => {
			const next = dump.calls.slice(calls.get(run.at(-1)) + 1).find((call) => this.leaves.found.has(call));
			const parameter = declared.get(run[0]);
			const more = run.length > 1 ? ` (and ${run.length - 1} more modules up to ${run.at(-1)})` : "";
			const text = `never called: the port declares "${parameter}", but no op of its forward uses it; the reference calls ${run[0]}${more}`;
			return this.finding({
				kind: "uncalled",
				call: run[0],
				index: this.firstIndexOf(next) - .5,
				cause: {
					text,
					confirmed: true
				}
			});
		});
	}
	leafIndexes = /* @__PURE__ */ new Map();
	firstIndexOf(call) {
		return (call === void 0 ? void 0 : this.leafIndexes.get(call)) ?? this.order.size;
	}
	inputKey(call) {
		const keys = this.parts.dump.keys(call).filter((key) => key.includes(":in."));
		return keys.find((key) => /:in\.(0|hidden_states|x|input|inputs)$/.test(key)) ?? keys[0];
	}
	outputOf(leaf) {
		const { dump } = this.parts;
		const key = dump.keys(leaf.call).find((name) => name.includes(":out") && dump.rows(name, leaf.size) !== void 0);
		const rows = key === void 0 ? void 0 : dump.rows(key, leaf.size);
		if (!rows || !leaf.features) return rows;
		const out = new Float32Array(dump.ids.length * leaf.features.length);
		for (let t = 0; t < dump.ids.length; t++) leaf.features.forEach((feature, i) => out[t * leaf.features.length + i] = rows[t * leaf.size + feature]);
		return out;
	}
	forceColumns(output, wanted, leaf) {
		if (!leaf.columns) return this.parts.tracing.write(output, wanted);
		const all = this.parts.tracing.read(output);
		const width = output.numElements / output.size(0);
		const count = leaf.columns.length;
		for (let t = 0; t < output.size(0); t++) leaf.columns.forEach((column, i) => all[t * width + column] = wanted[t * count + i]);
		this.parts.tracing.write(output, all);
	}
	/** Compares one value; looks for the cause if it is wrong, unless an earlier mistake explains it. Gives whether it is right. */
	async judge(what) {
		const { tracing, dump, constructed } = this.parts;
		const { call, side, target, wanted, record, leaf } = what;
		const index = this.order.get(record);
		if (!this.leafIndexes.has(call)) this.leafIndexes.set(call, index);
		const { records, known } = leaf && record.outputs.some(({ storage }) => storage === target.storage) ? {
			records: [record],
			known: []
		} : this.ancestry.isKnown(target) ? {
			records: [],
			known: this.ancestry.slice([target], () => 0).known
		} : this.ancestry.slice([target], (r) => this.order.get(r));
		const segment = new Segment({
			tracing,
			records,
			known,
			target,
			columns: what.columns,
			wanted,
			numTokens: dump.ids.length
		});
		const tolerance = toleranceOf(records);
		if (segment.distance <= tolerance) {
			if (side === "out") this.numAgreeing++;
			return true;
		}
		if (!leaf && await this.isConsequence(segment, tolerance)) return true;
		const outer = new Evidence({
			segment,
			dump,
			constructed,
			call,
			side,
			tolerance
		});
		this.isRightElsewhere = !leaf && outer.neighbours().some(({ values }) => distance(segment.got, values) <= tolerance);
		const inner = leaf ? [] : innerModules(records, this.parts);
		const located = await this.locate(segment, inner, tolerance);
		const place = located?.segment ?? segment;
		const evidence = located ? new Evidence({
			segment: place,
			dump,
			constructed,
			call: located.module,
			side: "out",
			tolerance
		}) : outer;
		const cause = await this.causeOf(evidence, leaf);
		this.findings.push(this.finding({
			kind: leaf ? "leaf" : located ? "inner" : "glue",
			call: located?.module ?? call,
			index,
			cause,
			after: place.known.flatMap(({ labels }) => labels),
			between: leaf ? [] : betweenOf(place.records),
			inside: located ? [] : inner.map(describeInner),
			where: whereabouts(place.got, place.wanted, dump.ids.length, tolerance),
			headDim: headDimOf(place.records)
		}));
		return false;
	}
	/** Looks for a cause, unless it was looked for in vain at the same place of another layer, or often enough. */
	async causeOf(evidence, leaf) {
		const { call, side, segment } = evidence;
		const place = withoutLayers([
			call,
			side,
			...betweenOf(segment.records)
		].join(" "));
		if (this.unexplained.has(place) || this.numCauses++ >= this.parts.maxCauses) return void 0;
		const found = await findCause(evidence, leaf, this.likely);
		const cause = found?.confirmed === true ? found : this.repetitionIn(segment) ?? found;
		if (cause?.variant !== void 0) this.likely.add(cause.variant);
		if (!cause) this.unexplained.add(place);
		return cause;
	}
	/** A module that is computed again among a segment's ops. */
	repetitionIn({ records }) {
		const modules = new Set(records.flatMap((record) => this.leaves.repeated.get(record) ?? []));
		if (modules.size === 0) return void 0;
		return {
			text: `computed again, which the reference does not do: ${[...modules].join(", ")}`,
			confirmed: true
		};
	}
	/** Whether a value is right once an earlier wrong one is set right; that one then stays so. */
	async isConsequence(segment, tolerance) {
		const { tracing } = this.parts;
		for (const { tensor, values, label } of [...this.alternatives].reverse()) {
			const { address } = tensor.storage;
			const isHere = (other) => other.storage.address === address;
			const maker = segment.records.find(({ outputs }) => outputs.some(isHere));
			if (!maker && !isHere(segment.target) && !segment.known.some((known) => isHere(known.tensor))) continue;
			const own = tracing.read(tensor);
			const correct = () => tracing.write(tensor, values);
			const result = await segment.run(maker ? segment.replaced(maker, correct) : [correct, ...segment.records]);
			if (result && distance(result, segment.wanted) <= tolerance) {
				this.ancestry.markKnown(tensor, label);
				return true;
			}
			tracing.write(tensor, own);
			await segment.restore();
		}
		return false;
	}
	finding(what) {
		const { call, kind, index, after = [], between = [], inside = [], where, headDim, cause } = what;
		return {
			kind,
			module: call,
			class: this.parts.dump.classOf(call),
			after,
			between,
			inside,
			where,
			headDim,
			cause,
			index
		};
	}
	/**
	* The inner module that alone makes a segment's value wrong, with its own, shorter segment: with the reference's value in its
	* place all is right.
	*/
	async locate(segment, inner, tolerance) {
		const { tracing, dump } = this.parts;
		for (const { module, output, distance: apart } of inner) if (apart <= tolerance) this.ancestry.markKnown(output, `${module}:out`);
		const wrong = inner.find(({ module, distance: apart }) => apart > tolerance && !isContainer(module));
		const maker = wrong && segment.records.find(({ outputs }) => outputs.some(({ storage }) => storage === wrong.output.storage));
		if (!wrong || !maker) return void 0;
		const { output: target, wanted } = wrong;
		const result = await segment.run(segment.replaced(maker, () => tracing.write(target, wanted)));
		await segment.restore();
		if (!result || distance(result, segment.wanted) > tolerance) return void 0;
		const { records, known } = this.ancestry.slice([target], (record) => this.order.get(record));
		return {
			module: wrong.module,
			segment: new Segment({
				tracing,
				records,
				known,
				target,
				wanted,
				numTokens: dump.ids.length
			})
		};
	}
	/** Numbers that a module of the reference has as a field: they may differ by too little to be seen in a few tokens. */
	checkSettings(leaf, record) {
		const { dump } = this.parts;
		const own = record.attributes["eps"];
		const wanted = referenceEps(dump, leaf.call);
		if (typeof own !== "number" || wanted === void 0 || Math.abs(own - wanted) <= 1e-6 * wanted) return;
		const cause = {
			text: `epsilon ${own} in the port, ${wanted} in the reference; with these tokens too little to be seen`,
			confirmed: true
		};
		this.findings.push(this.finding({
			kind: "setting",
			call: leaf.call,
			index: this.order.get(record),
			cause
		}));
	}
	partly(record, output, covered) {
		const width = output.numElements / output.size(0);
		const text = `${width - covered} of its ${width} output columns come from no module of the reference`;
		return this.finding({
			kind: "setting",
			call: this.current[0].call,
			index: this.order.get(record),
			cause: {
				text,
				confirmed: false
			}
		});
	}
	/** What the model's computeLogits gives, once it is computed. */
	async judgeLogits(record, program) {
		const logits = this.parts.calls.findLast(({ name, method }) => name === "" && method === "computeLogits")?.outputs[0];
		if (!logits || logits.owner !== program || record.outputs[0]?.storage !== logits.storage) return;
		const wanted = this.parts.dump.rows(":out.logits", logits.size(-1)) ?? this.parts.dump.rows(":out.0", logits.size(-1));
		if (wanted && logits.size(0) === this.parts.dump.ids.length) await this.judge({
			call: "",
			side: "out",
			target: logits,
			wanted,
			record
		});
	}
};
function toleranceOf(records) {
	if (records.some(({ op }) => /attention|scan|conv|expert|moe/i.test(op))) return tolerances.attention;
	if (records.some(({ op }) => /linear/i.test(op))) return tolerances.linear;
	return records.length > 0 && records.every(({ op }) => /norm|embedding/i.test(op)) ? tolerances.norm : tolerances.other;
}
function describeInner({ module, distance: apart }) {
	return `${module} ${apart <= tolerances.attention ? "agrees" : `differs by ${apart.toPrecision(2)}`}`;
}
/** "rotaryEmbedding ×2 (model.layers.0.self_attn.rotary_emb)" */
function betweenOf(records) {
	const counts = /* @__PURE__ */ new Map();
	for (const { op, scope } of records) {
		const key = `${op} (${scope || "the model"})`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return [...counts].map(([text, count]) => count > 1 ? text.replace(" (", ` ×${count} (`) : text);
}
function headDimOf(records) {
	const attention = records.findLast(({ attributes }) => typeof attributes["headDim"] === "number");
	return attention && records.at(-1) === attention ? Number(attention.attributes["headDim"]) : void 0;
}
// src/tools/check/reference/compare.ts
/** `quire check --reference`: runs a dump's tokens and names what is not as in the reference. */
/** Places at which causes are looked for. */
const maxCauses = 24;
/**
* Runs in float32, op by op. `config` says which model; its limits are set here.
* @throws CheckpointError when the dump is not one, or of another checkpoint; and what loading the model throws
*/
async function compareWithReference(config, dumpPath, { instruments, layers } = {}) {
	if (config.loadFormat === "dummy") throw new ConfigError("--reference: the weights must be the checkpoint's; leave out --load-format dummy");
	const dump = new Dump(dumpPath);
	const calls = [];
	let tracing;
	let constructed;
	let reopened;
	try {
		const numTokens = dump.ids.length;
		const run = {
			...config,
			maxModelLen: Math.max(16, numTokens + 1),
			maxNumSeqs: Math.max(1, numTokens),
			maxNumBatchedTokens: Math.max(64, numTokens + 1),
			dtype: "float32",
			kvCacheDtype: "auto",
			quantization: void 0,
			enablePrefixCaching: false
		};
		const worker = await createWorker(run, {
			log: () => void 0,
			instruments: {
				...instruments,
				watch: {
					constructed: () => void 0,
					called: (call) => void calls.push(call)
				},
				constructed: (model) => constructed = model,
				platform: (inner) => (tracing = new TracingPlatform(inner)).platform
			}
		});
		try {
			const wrong = dump.ids.find((id) => id >= worker.info.vocabSize);
			if (wrong !== void 0) throw new CheckpointError(`${dumpPath}: token id ${wrong} is not below the model's vocab_size ${worker.info.vocabSize}`);
			reopened = openCheckpoint(config.model);
			const model = {
				...constructed,
				checkpoint: reopened
			};
			const names = matchNames(dump, model);
			refuseForeign(dumpPath, names.foreign);
			const until = firstCallAfter(dump, layers);
			const session = new Session({
				tracing,
				constructed: model,
				dump,
				names,
				calls,
				maxCauses,
				until
			});
			tracing.visitor = session;
			await runRequests(worker, run, [{
				promptTokenIds: dump.ids,
				maxTokens: 1,
				params: {
					logprobs: 0,
					promptLogprobs: 0
				}
			}]);
			const findings = [...session.findings, ...session.uncalled()].sort((a, b) => a.index - b.index);
			const { numAgreeing, taps } = session;
			return {
				numTokens,
				numAgreeing,
				findings,
				taps,
				hasLogits: until === dump.calls.length,
				notes: [...cutNote(until, dump), ...session.windowNotes()]
			};
		} finally {
			worker.dispose();
		}
	} finally {
		reopened?.close();
		dump.close();
	}
}
/** Index of the reference's first call of a layer that was cut off; the number of calls if none was. */
function firstCallAfter({ calls }, layers) {
	const isCut = (call) => Number(/^\D*\.(\d+)(?=\.|$)/.exec(call)?.[1] ?? -1) >= (layers ?? Infinity);
	const first = calls.findIndex(isCut);
	return first < 0 ? calls.length : first;
}
function cutNote(until, { calls }) {
	return until === calls.length ? [] : [`the reference goes on where the cut model ends: from ${calls[until]} on nothing is compared`];
}
function refuseForeign(path, foreign) {
	if (foreign.length === 0) return;
	const [[reference, own]] = foreign;
	throw new CheckpointError(`${path}: the reference ran with other weights than this checkpoint: "${reference}" does not begin like "${own}" (${foreign.length} tensors differ); make the dump from the folder that is checked`);
}
// src/tools/check/shards.ts
/** Constructs the model for each rank of two (three where it does not divide by two), and for one rank alone. */
async function checkShards(config, instruments) {
	const name = "ranks";
	const declare = async (rank, worldSize) => {
		const model = await constructModel(config, {
			...instruments,
			parallel: {
				rank,
				worldSize
			}
		});
		model.checkpoint?.close();
		return model.parameters.declared;
	};
	const whole = await declare(0, 1);
	const attempts = await Promise.all([2, 3].map((size) => cutIn(size, declare)));
	const ranks = attempts.find((attempt) => typeof attempt !== "string");
	if (typeof ranks !== "object") return skipped(name, `cannot be cut: ${attempts[0]}`);
	const problems = [];
	let numCut = 0;
	for (const { spec } of whole) {
		const verdict = compare(spec, ranks.map((declared) => declared.find((other) => other.spec.name === spec.name)?.spec));
		if (verdict === "cut") numCut++;
		else if (verdict !== "whole") problems.push(`${spec.name}: ${verdict}`);
	}
	const known = new Set(whole.map(({ spec }) => spec.name));
	for (const { spec } of ranks.flat()) if (!known.has(spec.name)) problems.push(`${spec.name}: only declared where there are several ranks`);
	if (problems.length > 0) return failed(name, problems.slice(0, 8).join("; "), "use the parallel layers of quirelm/layers, which cut their weights by rank");
	const why = ranks.length === 2 ? "" : ` (not two: ${attempts[0]})`;
	return ok(name, `the shards of ${ranks.length} ranks make the whole model${why}: ${numCut} parameters are cut, ${whole.length - numCut} are whole on each`);
}
/** What each rank declares, or why there cannot be so many. */
async function cutIn(worldSize, declare) {
	try {
		return await Promise.all(Array.from({ length: worldSize }, (_, rank) => declare(rank, worldSize)));
	} catch (error) {
		if (error instanceof ConfigError || error instanceof UnsupportedError) return error.message;
		throw error;
	}
}
/** "whole" on all ranks, "cut" in two, or what is wrong. */
function compare(whole, ranks) {
	const [first, ...others] = ranks;
	if (!first) return "rank 0 does not declare it";
	const all = rowsOf(whole);
	if (isSame(rowsOf(first), all) && others.every((spec) => !spec || isSame(rowsOf(spec), all))) return "whole";
	const absent = ranks.findIndex((spec) => !spec);
	if (absent >= 0) return `rank ${absent} does not declare it, and rank 0 has a part only`;
	const parts = ranks;
	const [inAll, inRanks] = [coverage(all), coverage(parts.flatMap(rowsOf))];
	for (const key of /* @__PURE__ */ new Set([...inAll.keys(), ...inRanks.keys()])) {
		const [wanted, got] = [inAll.get(key) ?? "nothing", inRanks.get(key) ?? "nothing"];
		if (wanted !== got) return `of ${key} one rank reads elements ${wanted}, all ranks together ${got}`;
	}
	const other = parts.findIndex(({ shape }) => !sameShape(shape, first.shape));
	if (other >= 0) return `rank 0 has ${formatShape(first.shape)}, rank ${other} ${formatShape(parts[other].shape)}`;
	return "cut";
}
function rowsOf({ parts }) {
	return parts.flatMap(({ source, rowCount }) => {
		const { shape, strides, offset } = source.view();
		let starts = [offset];
		let d = 0;
		for (; d < shape.length && starts.length < rowCount; d++) starts = starts.flatMap((at) => Array.from({ length: shape[d] }, (_, i) => at + i * strides[d]));
		const inner = shape.slice(d);
		const innerStrides = strides.slice(d);
		while (inner.length > 1) {
			const [size, stride] = [inner.shift(), innerStrides.shift()];
			starts = starts.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * stride));
		}
		return starts.map((start) => ({
			source: source.name,
			start,
			step: innerStrides[0] ?? 1,
			count: inner[0] ?? 1
		}));
	});
}
function isSame(a, b) {
	return a.length === b.length && a.every((row, i) => row.source === b[i].source && row.start === b[i].start && row.count === b[i].count);
}
/** Which elements rows cover, as merged intervals, by tensor (and column, where rows run down the columns). */
function coverage(rows) {
	const intervals = /* @__PURE__ */ new Map();
	for (const { source, start, step, count } of rows) {
		const key = step === 1 ? `"${source}"` : `"${source}", column ${start % step}`;
		const at = Math.floor(start / step);
		const list = intervals.get(key);
		const last = list?.at(-1);
		if (last && last[1] === at) last[1] = at + count;
		else if (list) list.push([at, at + count]);
		else intervals.set(key, [[at, at + count]]);
	}
	return new Map([...intervals].map(([key, list]) => [key, merged(list)]));
}
function merged(list) {
	const out = [];
	for (const [start, end] of [...list].sort((a, b) => a[0] - b[0])) {
		const last = out.at(-1);
		if (last && start <= last[1]) last[1] = Math.max(last[1], end);
		else out.push([start, end]);
	}
	return out.slice(0, 4).map(([start, end]) => `${start}..${end}`).join(", ") + (out.length > 4 ? `, … (${out.length} pieces)` : "");
}
// src/tools/check/check-model.ts
/** Workers say nothing: which platform there is, the check of platforms tells. */
const quietly = () => void 0;
/** Longest request of a check, in tokens: keeps caches and tables small. */
const maxModelLen = 512;
/**
* @throws ConfigError, CheckpointError or UnsupportedError when the model cannot be constructed at all
*/
async function checkModel(given, options = {}, hooks = {}) {
	const resolved = await resolveModelPaths(given);
	const { note: pluginNote } = await loadPlugins(resolved.plugins, () => void 0);
	const modules = [];
	const whole = await constructModel(resolved, { watch: {
		constructed: (name, module) => void modules.push({
			name,
			class: module.constructor.name
		}),
		called: () => void 0
	} }, pluginNote);
	whole.checkpoint?.close();
	const layers = affordableLayers(whole, options.layers);
	const cut = layers === void 0 ? void 0 : cutModel(resolved, whole, layers);
	const limited = {
		...cut?.config ?? resolved,
		maxModelLen: typeof resolved.maxModelLen === "number" ? resolved.maxModelLen : Math.min(maxModelLen, whole.maxModelLen),
		maxNumSeqs: 8,
		maxNumBatchedTokens: 128
	};
	const instruments = cut ? { ignored: cut.ignored } : {};
	const built = {
		architecture: whole.architecture,
		tree: moduleTree(modules, whole.parameters.declared),
		numParameters: whole.parameters.declared.reduce((sum, { spec }) => sum + spec.shape.reduce((a, b) => a * b, 1), 0),
		note: cut && `only the first ${cut.layers} of ${layersOf(whole.raw)} layers run${options.layers === void 0 ? " (--layers N for more)" : ""}; weights are matched for all`
	};
	hooks.built?.(built);
	const results = [];
	const add = (...more) => more.forEach((result) => {
		results.push(result);
		hooks.result?.(result);
	});
	let comparison;
	if (options.reference === void 0) await proveAll(whole, resolved, limited, instruments, add);
	else {
		const weights = checkWeights(whole);
		const isOver = weights.status === "failed" && checkWeights({
			...whole,
			ignored: [/./]
		}).status === "ok";
		if (weights.status === "failed") add(weights);
		const given = isOver ? {
			...instruments,
			ignored: [/./]
		} : instruments;
		comparison = await compareWithReference(limited, options.reference, {
			instruments: given,
			layers
		});
	}
	const passed = results.every(({ status }) => status !== "failed") && (comparison?.findings.length ?? 0) === 0;
	return {
		built,
		results,
		comparison,
		passed
	};
}
/** Each check by itself: one that fails, or ends in an error, does not keep the others from running. */
async function proveAll(whole, resolved, limited, instruments, add) {
	const weights = checkWeights(whole);
	add(weights, checkNames(whole));
	const config = weights.status === "failed" ? {
		...limited,
		loadFormat: "dummy"
	} : limited;
	if (config.loadFormat === "dummy" && resolved.loadFormat !== "dummy") add(skipped("loading", "the checks that follow run with dummy weights, because the checkpoint does not fit"));
	const guard = async (name, run) => {
		try {
			add(...await run());
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			add(failed(name, error instanceof QuireError ? error.message : `${error.name}: ${messageOf(error)}`));
		}
	};
	await guard("run", async () => {
		const worker = await createWorker(config, {
			instruments,
			log: quietly
		});
		try {
			const tolerance = whole.modelClass.invariance === "tolerance" ? .001 : 0;
			await guard("batch", async () => {
				const found = await checkInvariance(worker, config, tolerance);
				return Promise.all(found.map((result) => withPlace(result, config, instruments, tolerance)));
			});
			await guard("int8", async () => [await checkInt8(worker, config, instruments)]);
		} finally {
			worker.dispose();
		}
		return [];
	});
	await guard("ranks", async () => [await checkShards(config, instruments)]);
	await guard("platforms", async () => [await checkPlatforms(config, instruments)]);
}
/** Adds the op that makes a request depend on others. */
async function withPlace(result, config, instruments, tolerance) {
	if (result.name !== "batch" || result.status !== "failed") return result;
	const op = await firstMixingOp(config, instruments, tolerance);
	return op === void 0 ? result : {
		...result,
		detail: `${result.detail}; the first op that does so: ${op}`
	};
}
/** Every tensor of the checkpoint is used, every parameter is filled. */
function checkWeights(constructed) {
	const { checkpoint, parameters } = constructed;
	if (!checkpoint) return skipped("weights", "--load-format dummy: there is no checkpoint to compare with");
	try {
		const plan = planModel(constructed);
		const used = new Set(plan.parameters.flatMap(({ parts }) => parts.map(({ tensor }) => tensor.name)));
		const left = plan.ignored.length === 0 ? "" : `; left out on purpose: ${plan.ignored.slice(0, 4).join(", ")}${plan.ignored.length > 4 ? `, … (${plan.ignored.length})` : ""}`;
		return ok("weights", `${used.size} tensors of the checkpoint fill ${parameters.declared.length} parameters, none is missing or over${left}`);
	} catch (error) {
		if (!(error instanceof CheckpointError)) throw error;
		return failed("weights", error.message, "names come from prefixes: give modules the checkpoint's names, or map them with `static readonly renames`; declare biases that the checkpoint has");
	}
}
/** Prefixes are unique, or construction would have ended; parameters too, and no tensor is read twice. */
function checkNames({ parameters }) {
	const names = parameters.declared.map(({ spec }) => spec.name);
	const twice = names.find((name, i) => names.indexOf(name) !== i);
	if (twice !== void 0) return failed("names", `two parameters are called "${twice}"`, "give one of the modules another prefix");
	const readers = /* @__PURE__ */ new Map();
	for (const { spec } of parameters.declared) for (const { source } of spec.parts) readers.set(source.name, (readers.get(source.name) ?? /* @__PURE__ */ new Set()).add(spec.name));
	const shared = [...readers].find(([, by]) => by.size > 1);
	const note = shared ? `; note that "${shared[0]}" fills ${[...shared[1]].slice(0, 3).join(" and ")}` : "";
	return ok("names", `all modules and ${names.length} parameters have names of their own${note}`);
}
export { checkModel };
