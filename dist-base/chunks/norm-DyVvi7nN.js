import { a as LifetimeError, l as ShapeError, r as ConfigError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { r as snakeCase } from "./text-eUgHTlLT.js";
import { a as checkOneOf, c as shardRange, i as checkNumber, l as vocabRange, n as Module, o as checkSizes, r as Source, s as kvHeadRange } from "./causal-lm-DFVGEESM.js";
import { n as programOf } from "./program-Dlln9x5O.js";
import { c as readHeads, d as rawValue, f as wrongField, n as unquantized, o as readRope, u as rawEntry } from "./linear-method-BE0KrVb1.js";
import { t as linear } from "./linear-DwAms2kL.js";
import { a as embedding, i as scale, n as layerNorm, r as add, t as rmsNorm } from "./rms-norm-DGbW-n_s.js";
import { i as f32ToBf16, t as bf16ToF32 } from "./convert-ByzURpcE.js";
// src/config/hf-sliding-windows.ts
const layerTypes = ["full_attention", "sliding_attention"];
/**
* One entry a layer: its window in tokens, undefined where it sees everything. layer_types says which layers slide; without it
* sliding_window_pattern does: a number n (every n-th sees everything), or "LLLG" over and over (the last layer is always G).
* @throws ConfigError for other layer types, a list of another length, or a layer that slides without sliding_window
*/
function readSlidingWindows(raw, defaults = {}) {
	const count = rawValue(raw, "num_hidden_layers");
	if (!Number.isSafeInteger(count) || count < 1 || count > 1e5) wrongField("num_hidden_layers", "a positive integer", count);
	const window = readWindow(raw, defaults);
	if (window !== void 0 && (!Number.isSafeInteger(window) || window < 1)) wrongField("sliding_window", "a positive integer or null", window);
	const types = rawValue(raw, "layer_types");
	const slides = types === void 0 ? byPattern(raw, defaults, window) : byTypes(types, count);
	return Array.from({ length: count }, (_, layer) => {
		if (!slides(layer, count)) return void 0;
		if (window === void 0) wrongField("sliding_window", `a positive integer, as layer ${layer} is "sliding_attention"`, null);
		return window;
	});
}
function readWindow(raw, { enabledBy, window }) {
	if (enabledBy !== void 0) {
		const enabled = rawValue(raw, enabledBy) ?? false;
		if (typeof enabled !== "boolean") wrongField(enabledBy, "true or false", enabled);
		if (!enabled) return void 0;
	}
	return Object.hasOwn(raw, "sliding_window") ? rawValue(raw, "sliding_window") : window;
}
function byTypes(types, count) {
	const isKnown = (type) => layerTypes.includes(type);
	if (!Array.isArray(types) || types.length !== count) wrongField("layer_types", `a list of ${count} layer types (num_hidden_layers)`, types);
	const wrong = types.find((type) => !isKnown(type));
	if (wrong !== void 0) wrongField("layer_types", `a list of ${layerTypes.map((t) => `"${t}"`).join(", ")}`, wrong);
	return (layer) => types[layer] === "sliding_attention";
}
function byPattern(raw, defaults, window) {
	if (window === void 0) return () => false;
	if (defaults.first) {
		const { from, fallback } = defaults.first;
		const first = from === void 0 ? fallback : rawValue(raw, from) ?? fallback;
		if (!Number.isSafeInteger(first)) wrongField(from, "an integer", first);
		return (layer) => layer >= first;
	}
	const end = defaults.end && (rawValue(raw, defaults.end.from) ?? defaults.end.fallback);
	if (end !== void 0 && !Number.isSafeInteger(end)) wrongField(defaults.end.from, "an integer", end);
	const pattern = rawValue(raw, "sliding_window_pattern") ?? defaults.pattern ?? 1;
	if (typeof pattern === "string" && /^[LG]+$/.test(pattern)) return (layer, count) => layer !== count - 1 && pattern[layer % pattern.length] === "L";
	if (!Number.isSafeInteger(pattern) || pattern < 1) wrongField("sliding_window_pattern", "a positive integer, or letters L and G such as \"LLLG\"", pattern);
	return (layer) => (layer + 1) % pattern !== 0 && (end === void 0 || layer < end);
}
// src/config/hf-config.ts
/** Reads a model's fields from config.json: a model file says which it needs, each is checked, all problems are told at once. */
function entryOf(raw, key, { from }) {
	return rawEntry(raw, from === void 0 ? [snakeCase(key)] : typeof from === "string" ? [from] : from);
}
function field(check, expected) {
	return (fallback, options = {}) => (raw, key) => {
		const { name, value = fallback } = entryOf(raw, key, options);
		if (!check(value)) wrongField(name, expected, value, raw);
		return value;
	};
}
function optional(check, expected) {
	/** `fallback`: where the field is missing; null is undefined even so. */
	return (options = {}) => (raw, key) => {
		const { name, value: given } = entryOf(raw, key, options);
		const value = given === void 0 && !Object.hasOwn(raw, name) ? options.fallback : given;
		if (value !== void 0 && !check(value)) wrongField(name, `${expected} or null`, value);
		return value;
	};
}
const isCount = (value) => Number.isSafeInteger(value) && value > 0 && value < 2 ** 31;
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
/** The kinds of fields. Each takes a default (without one the field is required) and `from`, config.json's own name. */
const fields = {
	/** A positive integer. */
	int: field(isCount, "a positive integer"),
	/** An integer from 0. */
	count: field((value) => value === 0 || isCount(value), "an integer from 0"),
	number: field(isNumber, "a number"),
	boolean: field((value) => typeof value === "boolean", "true or false"),
	string: field((value) => typeof value === "string", "a string"),
	/** A list of integers, such as one flag a layer. */
	ints: field((value) => Array.isArray(value) && value.every((x) => Number.isSafeInteger(x)), "a list of integers"),
	strings: field((value) => Array.isArray(value) && value.every((x) => typeof x === "string"), "a list of strings"),
	/** A positive integer, or undefined where config.json has none (or null). */
	optionalInt: optional(isCount, "a positive integer"),
	/** A number, or undefined where config.json has none (or null). */
	optionalNumber: optional(isNumber, "a number"),
	/** A flag of which Quire has one side: any other value than `value` is an error, a missing field is not. */
	only: (value, options = {}) => (raw, key) => {
		const { name, value: given = value } = entryOf(raw, key, options);
		if (given !== value) wrongField(name, `${JSON.stringify(value)} (no other is supported)`, given);
		return value;
	},
	/** One of `allowed`. */
	oneOf: (allowed, fallback, options = {}) => (raw, key) => {
		const { name, value = fallback } = entryOf(raw, key, options);
		if (!allowed.includes(value)) wrongField(name, `one of ${allowed.map((x) => JSON.stringify(x)).join(", ")}`, value, raw);
		return value;
	},
	/** num_attention_heads, num_key_value_heads, head_dim; also in GPT-2's spelling (n_head, n_embd). */
	heads: (defaults = {}) => (raw) => readHeads(raw, defaults),
	/** rope_theta, rope_scaling or rope_parameters, partial_rotary_factor; options say what a model has else. */
	rope: (options = {}) => (raw) => readRope(raw, options),
	/** layer_types, sliding_window, sliding_window_pattern: the window of each layer, undefined where it sees everything. */
	slidingWindows: (defaults = {}) => (raw) => readSlidingWindows(raw, defaults)
};
/** Declares the fields of config.json that a model uses. */
function hfConfig(define) {
	const spec = define(fields);
	return { parse(raw) {
		const problems = [];
		const values = {};
		for (const [key, read] of Object.entries(spec)) try {
			values[key] = read(raw, key);
		} catch (error) {
			if (!(error instanceof ConfigError)) throw error;
			problems.push(error.message);
		}
		if (problems.length > 0) throw new ConfigError([...new Set(problems)].join("\n"));
		return Object.freeze(values);
	} };
}
// src/layers/layer-cache.ts
/** What a layer keeps of a request between steps: how it is declared while constructing, and reached in forward. */
/**
* Tells the worker to give the layer a paged KV cache.
* @param sight what its rows see of the tokens before them; what none sees any more is not kept. 0 and undefined: all
* @throws ShapeError if a size is no whole number from 0
*/
function declareKVCache(prefix, shape, sight = {}) {
	const { slidingWindow = 0, attentionChunkSize = 0 } = sight;
	for (const [name, size] of Object.entries({
		slidingWindow,
		attentionChunkSize
	})) if (!Number.isSafeInteger(size) || size < 0) throw new ShapeError(`${prefix.name}: ${name} must be a whole number from 0 (0: none), got ${size}`);
	const isWindow = slidingWindow > 0 && (attentionChunkSize === 0 || slidingWindow <= attentionChunkSize);
	const kind = isWindow ? "slidingWindow" : attentionChunkSize > 0 ? "chunked" : "full";
	const kept = {
		slidingWindow: isWindow ? slidingWindow : 0,
		attentionChunkSize: isWindow ? 0 : attentionChunkSize
	};
	prefix.context.layerCaches.set(prefix.name, {
		kind,
		shape,
		...kept
	});
}
/**
* Tells the worker to keep states of these shapes for every request; several layers' states are found by their prefix.
* @throws ShapeError if a shape is no list of positive whole numbers, or there is none
*/
function declareState(prefix, states) {
	const isShape = (shape) => shape.length > 0 && shape.every((n) => Number.isSafeInteger(n) && n > 0);
	if (Object.keys(states).length === 0 || !Object.values(states).every(isShape)) throw new ShapeError(`${prefix.name}: states must be shapes of positive whole numbers by name, got ${JSON.stringify(states)}`);
	prefix.context.layerCaches.set(prefix.name, {
		kind: "state",
		states
	});
}
/**
* The layer's cache, and which rows and blocks are whose in the step that is being recorded.
* @param x any tensor of the step
* @throws LifetimeError outside a model's forward
*/
function kvCacheOf(prefix, x) {
	const step = programOf(prefix.name, x).step;
	const cache = step?.kvCaches.get(prefix.name);
	const metadata = step?.attentionMetadata.get(prefix.name);
	if (!cache || !metadata) throw outside(prefix, "KV cache");
	return {
		cache,
		metadata
	};
}
/**
* The layer's states, and which rows and slots are whose in the step that is being recorded.
* @param x any tensor of the step
* @throws LifetimeError outside a model's forward
*/
function stateOf(prefix, x) {
	const state = programOf(prefix.name, x).step?.states.get(prefix.name);
	if (!state) throw outside(prefix, "state");
	return state;
}
function outside(prefix, what) {
	return new LifetimeError(`${prefix.name}: this step has no ${what} for it; it runs inside the forward of the model that it was made for`);
}
// src/layers/qkv-parts.ts
/**
* How one matrix of the checkpoint holds all three, by rows. `stacked`: all queries, all keys, all values (Phi-3, GPT-2).
* `grouped`: for each KV head its query heads, its key, its value (Falcon); with a KV head for every query head that is
* [heads, 3, headDim] (GPT-NeoX, BLOOM).
*/
const fusedQKVKinds = ["stacked", "grouped"];
/** Parts in the order of the layer's output: queries, keys, values of the heads `q` and `kv`. Each is a run of whole rows. */
function qkvParts(prefix, heads, { q, kv }, { parts = [
	"q_proj",
	"k_proj",
	"v_proj"
], fused, transposed }) {
	const { numHeads, numKvHeads, headDim, inputSize } = heads;
	const part = (name, matrixHeads, start, count) => ({
		name,
		size: [matrixHeads * headDim, inputSize],
		rows: {
			start: start * headDim,
			count: count * headDim
		},
		transposed
	});
	if (fused === void 0) {
		const [qName, kName, vName] = parts.map((name) => prefix.sibling(name));
		return [
			part(qName, numHeads, q.start, q.count),
			part(kName, numKvHeads, kv.start, kv.count),
			part(vName, numKvHeads, kv.start, kv.count)
		];
	}
	checkOneOf(prefix, "fused", fused, fusedQKVKinds);
	const all = (start, count) => part(prefix.name, numHeads + 2 * numKvHeads, start, count);
	if (fused === "stacked") return [
		all(q.start, q.count),
		all(numHeads + kv.start, kv.count),
		all(numHeads + numKvHeads + kv.start, kv.count)
	];
	const perGroup = numHeads / numKvHeads;
	const groupStart = (group) => group * (perGroup + 2);
	const queries = [];
	for (let head = q.start; head < q.start + q.count;) {
		const group = Math.floor(head / perGroup);
		const end = Math.min(q.start + q.count, (group + 1) * perGroup);
		queries.push(all(groupStart(group) + head % perGroup, end - head));
		head = end;
	}
	const groups = Array.from({ length: kv.count }, (_, i) => kv.start + i);
	const keys = groups.map((group) => all(groupStart(group) + perGroup, 1));
	const values = groups.map((group) => all(groupStart(group) + perGroup + 1, 1));
	return [
		...queries,
		...keys,
		...values
	];
}
// src/layers/linear.ts
/** The parallel linear layers: each says how its weight is cut over ranks, and where the parts come from. */
/** What the five layers share: a weight by its method, a bias, and the product. */
var LinearBase = class extends Module {
	weight;
	bias;
	/** This rank's sizes. */
	inputSize;
	outputSize;
	constructor(prefix, inputSize, parts, bias, method = prefix.context.linearMethod(prefix.name)) {
		super(prefix);
		const { context, name } = prefix;
		this.inputSize = inputSize;
		this.outputSize = parts.reduce((sum, part) => sum + part.rows.count, 0);
		const { outputSize } = this;
		this.weight = method.create({
			prefix: name,
			inputSize,
			outputSize,
			parts,
			context
		});
		if (bias) this.bias = context.parameters.declare({
			name: `${name}.bias`,
			shape: [outputSize],
			dtype: "f32",
			layout: "rowMajor",
			parts: parts.map((part) => ({
				source: new Source(`${part.name}.bias`, [part.size[0]]).rows(part.rows.start, part.rows.count),
				rowStart: part.outputStart,
				rowCount: part.rows.count
			}))
		});
	}
	multiply(x) {
		return this.weight.apply(x.flattenInner(), this.bias);
	}
};
/** One part after the other: fills in where each begins in the output. */
function stack(parts) {
	let outputStart = 0;
	return parts.map((part) => {
		const placed = {
			...part,
			outputStart
		};
		outputStart += part.rows.count;
		return placed;
	});
}
/** The whole weight on every rank. */
var ReplicatedLinear = class extends LinearBase {
	constructor(prefix, { inputSize, outputSize, bias = false, transposed }) {
		checkSizes(prefix, {
			inputSize,
			outputSize
		});
		const part = {
			name: prefix.name,
			size: [outputSize, inputSize],
			rows: {
				start: 0,
				count: outputSize
			},
			transposed
		};
		super(prefix, inputSize, stack([part]), bias);
	}
	/** x [numTokens, inputSize] f32 -> [numTokens, outputSize] f32 */
	forward(x) {
		return this.multiply(x);
	}
};
/** The scores of experts, from the whole weight on every rank, which is never quantized: a mixture's `gate` or `router`. */
var RouterLinear = class extends LinearBase {
	constructor(prefix, { inputSize, outputSize, bias = false }) {
		checkSizes(prefix, {
			inputSize,
			outputSize
		});
		const part = {
			name: prefix.name,
			size: [outputSize, inputSize],
			rows: {
				start: 0,
				count: outputSize
			}
		};
		super(prefix, inputSize, stack([part]), bias, unquantized);
	}
	/** x [numTokens, inputSize] f32 -> router logits [numTokens, outputSize] f32 */
	forward(x) {
		return this.multiply(x);
	}
};
/** Output rows are cut over ranks; the result is this rank's columns. */
var ColumnParallelLinear = class extends LinearBase {
	constructor(prefix, { inputSize, outputSize, bias = false, transposed }) {
		checkSizes(prefix, {
			inputSize,
			outputSize
		});
		const rows = shardRange(prefix.name, outputSize, prefix.context.parallel);
		super(prefix, inputSize, stack([{
			name: prefix.name,
			size: [outputSize, inputSize],
			rows,
			transposed
		}]), bias);
	}
	/** x [numTokens, inputSize] f32 -> [numTokens, outputSize / worldSize] f32 */
	forward(x) {
		return this.multiply(x);
	}
};
/**
* Several column-parallel matrices with the same input, multiplied as one. Sources are its siblings named in `parts`, by
* default `gate_proj` and `up_proj`, and its own name is not in the checkpoint; or one matrix of its own name (`fused`).
*/
var MergedColumnParallelLinear = class extends LinearBase {
	constructor(prefix, options) {
		const { inputSize, outputSizes, fused, transposed } = options;
		const names = options.parts ?? ["gate_proj", "up_proj"];
		checkSizes(prefix, { inputSize });
		outputSizes.forEach((size, i) => checkSizes(prefix, { [`outputSizes[${i}] (${names[i]})`]: size }));
		if (fused !== void 0) checkOneOf(prefix, "fused", fused, ["stacked"]);
		const total = outputSizes.reduce((sum, size) => sum + size, 0);
		let before = 0;
		const parts = outputSizes.map((size, i) => {
			const name = fused ? prefix.name : prefix.sibling(names[i]);
			const { start, count } = shardRange(name, size, prefix.context.parallel);
			const rows = {
				start: fused ? before + start : start,
				count
			};
			before += size;
			return {
				name,
				size: [fused ? total : size, inputSize],
				rows,
				transposed
			};
		});
		super(prefix, inputSize, stack(parts), options.bias ?? false);
	}
	/** x [numTokens, inputSize] f32 -> [numTokens, sum(outputSizes) / worldSize] f32: the parts' columns in order */
	forward(x) {
		return this.multiply(x);
	}
};
/**
* This rank's heads; KV heads are replicated where there are fewer than ranks.
* @throws ConfigError if a count is wrong, query heads are no multiple of KV heads, or they do not divide over ranks
*/
function rankHeads(prefix, heads) {
	const { numHeads, numKvHeads, headDim } = heads;
	checkSizes(prefix, {
		numHeads,
		numKvHeads,
		headDim
	});
	if (numHeads % numKvHeads !== 0) throw new ConfigError(`${prefix.name}: numHeads must be a multiple of numKvHeads, got ${numHeads} and ${numKvHeads}`);
	const q = shardRange(`${prefix.name}: attention heads`, heads.numHeads, prefix.context.parallel);
	const kv = kvHeadRange(prefix.name, heads.numKvHeads, prefix.context.parallel);
	return {
		numHeads: q.count,
		numKvHeads: kv.count,
		headDim: heads.headDim,
		q,
		kv
	};
}
/**
* Query, key and value projections as one product. Sources are its siblings `q_proj`, `k_proj`, `v_proj`, or the three names
* in `parts`, and its own name is not in the checkpoint; or one matrix of its own name (`fused`). Takes the fields of
* `f.heads()`.
*/
var QKVParallelLinear = class extends LinearBase {
	heads;
	constructor(prefix, options) {
		checkSizes(prefix, { inputSize: options.inputSize });
		const heads = rankHeads(prefix, options);
		super(prefix, options.inputSize, stack(qkvParts(prefix, options, heads, options)), options.bias ?? false);
		this.heads = heads;
	}
	/** x [numTokens, inputSize] f32 -> q, k, v of this rank: [numTokens, heads, headDim] f32, views of one product */
	forward(x) {
		const { numHeads, numKvHeads, headDim } = this.heads;
		const product = this.multiply(x);
		const [qSize, kvSize] = [numHeads * headDim, numKvHeads * headDim];
		return [
			product.columns(0, qSize).splitLast(numHeads, headDim),
			product.columns(qSize, kvSize).splitLast(numKvHeads, headDim),
			product.columns(qSize + kvSize, kvSize).splitLast(numKvHeads, headDim)
		];
	}
};
/** Input columns are cut over ranks; results are summed over ranks, the bias is added once (by rank 0). */
var RowParallelLinear = class extends LinearBase {
	constructor(prefix, { inputSize, outputSize, bias = false, transposed }) {
		const { parallel } = prefix.context;
		checkSizes(prefix, {
			inputSize,
			outputSize
		});
		const columns = shardRange(prefix.name, inputSize, parallel);
		const size = [outputSize, inputSize];
		const part = {
			name: prefix.name,
			size,
			rows: {
				start: 0,
				count: outputSize
			},
			columns,
			transposed
		};
		super(prefix, columns.count, stack([part]), bias && parallel.rank === 0);
	}
	/** x [numTokens, inputSize / worldSize] f32 (or [numTokens, heads, headDim]) -> [numTokens, outputSize] f32 */
	forward(x) {
		const { worldSize } = this.prefix.context.parallel;
		if (worldSize > 1) throw new UnsupportedError(`${this.prefix.name}: summing over ${worldSize} ranks is not in this version; use --tensor-parallel-size 1`);
		return this.multiply(x);
	}
};
// src/layers/embedding.ts
/** Token embeddings and the LM head, cut over ranks by vocabulary rows. */
function declareVocabWeight(prefix, { vocabSize, hiddenSize }) {
	const { context, name } = prefix;
	checkSizes(prefix, {
		vocabSize,
		hiddenSize
	});
	const { start, count, used } = vocabRange(vocabSize, context.parallel);
	const source = new Source(`${name}.weight`, [vocabSize, hiddenSize]);
	return context.parameters.declare({
		name: `${name}.weight`,
		shape: [count, hiddenSize],
		dtype: context.dtype,
		layout: "matrix",
		parts: used > 0 ? [{
			source: source.rows(start, used),
			rowStart: 0,
			rowCount: used
		}] : []
	});
}
function declareVocabBias({ context, name }, vocabSize) {
	const { start, count, used } = vocabRange(vocabSize, context.parallel);
	const source = new Source(`${name}.bias`, [vocabSize]);
	return context.parameters.declare({
		name: `${name}.bias`,
		shape: [count],
		dtype: "f32",
		layout: "rowMajor",
		parts: used > 0 ? [{
			source: source.rows(start, used),
			rowStart: 0,
			rowCount: used
		}] : []
	});
}
/** `value` as an element of dtype. */
function rounded(value, dtype) {
	const f32 = Float32Array.of(value);
	if (dtype === "f32") return f32[0];
	const bits = /* @__PURE__ */ new Uint16Array(1);
	f32ToBf16(f32, bits);
	bf16ToF32(bits, f32);
	return f32[0];
}
/**
* Token embeddings; ids of other ranks give zeros. `embedScale` is a factor of all rows that a model keeps in its own dtype
* (Gemma: the root of hiddenSize, 55.5 for 3072 in bf16); the head that is tied to this layer does not have it.
*/
var VocabParallelEmbedding = class extends Module {
	weight;
	rowStart;
	embedScale;
	constructor(prefix, options) {
		super(prefix);
		this.weight = declareVocabWeight(prefix, options);
		this.rowStart = vocabRange(options.vocabSize, prefix.context.parallel).start;
		if (options.embedScale === void 0) return;
		checkNumber(prefix, "embedScale", options.embedScale);
		this.embedScale = rounded(options.embedScale, prefix.context.dtype);
	}
	/** ids [numTokens] i32 -> [numTokens, hiddenSize] f32 */
	forward(ids) {
		const rows = embedding(ids, this.weight, this.rowStart);
		return this.embedScale === void 0 ? rows : scale(rows, this.embedScale);
	}
};
/** An embedding table that every rank holds whole, such as learned positions. */
var Embedding = class extends Module {
	weight;
	offset;
	/** `offset` is added to every id: OPT's positions begin at row 2. */
	constructor(prefix, { numEmbeddings, embeddingDim, offset = 0 }) {
		super(prefix);
		checkSizes(prefix, {
			numEmbeddings,
			embeddingDim
		});
		this.offset = offset;
		this.weight = prefix.context.parameters.declare({
			name: `${prefix.name}.weight`,
			shape: [numEmbeddings, embeddingDim],
			dtype: prefix.context.dtype,
			layout: "matrix",
			parts: [{
				source: new Source(`${prefix.name}.weight`, [numEmbeddings, embeddingDim]),
				rowStart: 0,
				rowCount: numEmbeddings
			}]
		});
	}
	/** ids [numTokens] i32 -> [numTokens, embeddingDim] f32 */
	forward(ids) {
		return embedding(ids, this.weight, -this.offset);
	}
};
/**
* The product that makes logits. With `tieWordEmbeddings` and `tiedTo` it uses that embedding's matrix and the checkpoint needs
* no `lm_head.weight`.
*/
var ParallelLMHead = class extends Module {
	weight;
	bias;
	constructor(prefix, options) {
		super(prefix);
		this.weight = options.tieWordEmbeddings && options.tiedTo ? options.tiedTo.weight : declareVocabWeight(prefix, options);
		this.bias = options.bias ? declareVocabBias(prefix, options.vocabSize) : void 0;
	}
	/** rows [numRows, hiddenSize] f32 -> logits of this rank's vocabulary, [numRows, vocabSize / worldSize] f32 */
	forward(rows) {
		return linear(rows, this.weight, this.bias);
	}
};
// src/layers/norm.ts
function declareVector(prefix, name, size) {
	return prefix.context.parameters.declare({
		name: prefix.join(name),
		shape: [size],
		dtype: "f32",
		layout: "rowMajor",
		parts: [{
			source: new Source(prefix.join(name), [size]),
			rowStart: 0,
			rowCount: size
		}]
	});
}
/** What a norm without weight multiplies with. */
function ones(prefix, size) {
	return filled(prefix, size, 1);
}
function filled(prefix, size, value) {
	const name = value === 1 ? `ones.${size}` : `filled.${value}.${size}`;
	return prefix.context.parameters.constant(name, [size], () => new Float32Array(size).fill(value));
}
/**
* Root-mean-square norm over the last dimension. Options are named as in Llama's config, which fits as it is; for a norm of
* each head: `new RMSNorm(this.at("q_norm"), { hiddenSize: heads.headDim, rmsNormEps })`, given [numTokens, heads, headDim].
*/
var RMSNorm = class extends Module {
	weight;
	eps;
	weightOffset;
	constructor(prefix, options) {
		super(prefix);
		const { hiddenSize, rmsNormEps, weightOffset = 0, affine = true } = options;
		checkSizes(prefix, { hiddenSize });
		checkNumber(prefix, "rmsNormEps", rmsNormEps);
		checkNumber(prefix, "weightOffset", weightOffset);
		this.weight = affine ? declareVector(prefix, "weight", hiddenSize) : ones(prefix, hiddenSize);
		this.eps = rmsNormEps;
		this.weightOffset = affine ? weightOffset : 0;
	}
	/** x [numTokens, hiddenSize] (or [numTokens, heads, hiddenSize]) f32 -> the same shape */
	forward(x) {
		return rmsNorm(x, this.weight, this.eps, this.weightOffset);
	}
};
/** Layer norm over the last dimension. */
var LayerNorm = class extends Module {
	weight;
	bias;
	eps;
	/** The offset in every place: a weight of its own. */
	offsets;
	constructor(prefix, options) {
		super(prefix);
		const { hiddenSize, affine = true, weightOffset = 0 } = options;
		checkSizes(prefix, { hiddenSize });
		checkNumber(prefix, "weightOffset", weightOffset);
		checkNumber(prefix, "eps", options.eps);
		this.weight = affine ? declareVector(prefix, "weight", hiddenSize) : ones(prefix, hiddenSize);
		this.bias = affine && options.bias !== false ? declareVector(prefix, "bias", hiddenSize) : void 0;
		this.eps = options.eps;
		this.offsets = affine && weightOffset !== 0 ? filled(prefix, hiddenSize, weightOffset) : void 0;
	}
	/** x [numTokens, hiddenSize] f32 -> the same shape */
	forward(x) {
		const y = layerNorm(x, this.weight, this.bias, this.eps);
		return this.offsets ? add(y, layerNorm(x, this.offsets, void 0, this.eps)) : y;
	}
};
/** Layer norm of each head, with a weight of its own for each and no bias. Takes whole-model heads; holds this rank's. */
var HeadLayerNorm = class extends Module {
	weight;
	eps;
	constructor(prefix, options) {
		super(prefix);
		const { headDim, eps, list } = options;
		checkNumber(prefix, "eps", eps);
		const heads = rankHeads(prefix, options);
		const { start, count } = options.of === "query" ? heads.q : heads.kv;
		const total = options.of === "query" ? options.numHeads : options.numKvHeads;
		const matrix = new Source(prefix.join("weight"), [total, headDim]).rows(start, count);
		const vector = (head) => new Source(prefix.join(`${list}.${head}.weight`), [headDim]);
		this.weight = prefix.context.parameters.declare({
			name: prefix.join("weight"),
			shape: [count, headDim],
			dtype: "f32",
			layout: "rowMajor",
			parts: list ? Array.from({ length: count }, (_, i) => {
				return {
					source: vector(start + i).reshape(1, headDim),
					rowStart: i,
					rowCount: 1
				};
			}) : [{
				source: matrix,
				rowStart: 0,
				rowCount: count
			}]
		});
		this.eps = eps;
	}
	/** x [numTokens, heads, headDim] f32 of this rank -> the same shape */
	forward(x) {
		return layerNorm(x, this.weight, void 0, this.eps);
	}
};
export { stateOf as _, ParallelLMHead as a, MergedColumnParallelLinear as c, RouterLinear as d, RowParallelLinear as f, kvCacheOf as g, declareState as h, Embedding as i, QKVParallelLinear as l, declareKVCache as m, LayerNorm as n, VocabParallelEmbedding as o, rankHeads as p, RMSNorm as r, ColumnParallelLinear as s, HeadLayerNorm as t, ReplicatedLinear as u, fields as v, hfConfig as y };
