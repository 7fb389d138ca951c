import { t as closest } from "./closest-BxAlryWr.js";
import { n as CheckpointError } from "./errors-CjlPyKrT.js";
import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
// src/checkpoint/gguf-config.ts
/** Fields that all decoders of Llama's form share. @throws CheckpointError if metadata is missing or contradicts itself */
function decoderConfig(source) {
	const { fields, shapes } = source;
	const embedding = shapes.get("token_embd.weight");
	if (embedding?.length !== 2) throw fields.error("expected a matrix token_embd.weight, there is none");
	const hiddenSize = fields.count("embedding_length");
	const heads = fields.count("attention.head_count");
	const headDim = fields.optionalCount("attention.key_length") ?? hiddenSize / heads;
	const layers = fields.count("block_count");
	if (!Number.isInteger(headDim)) throw fields.error(`embedding_length ${hiddenSize} is not a multiple of head_count ${heads}, and there is no key_length`);
	if (layers > shapes.size) throw fields.error(`block_count is ${layers}, but there are only ${shapes.size} tensors`);
	return {
		vocab_size: embedding[0],
		hidden_size: hiddenSize,
		intermediate_size: fields.count("feed_forward_length"),
		num_hidden_layers: layers,
		num_attention_heads: heads,
		num_key_value_heads: fields.optionalCount("attention.head_count_kv") ?? heads,
		head_dim: headDim,
		hidden_act: "silu",
		max_position_embeddings: fields.count("context_length"),
		rms_norm_eps: fields.number("attention.layer_norm_rms_epsilon"),
		rope_theta: fields.optionalNumber("rope.freq_base") ?? 1e4,
		rope_scaling: ropeScaling(source, headDim),
		...partialRotary(fields, headDim),
		attention_dropout: 0,
		tie_word_embeddings: !shapes.has("output.weight"),
		...tokenIds(fields)
	};
}
function partialRotary(fields, headDim) {
	const dimensions = fields.optionalCount("rope.dimension_count") ?? headDim;
	if (dimensions > headDim) throw fields.wrong("rope.dimension_count", `at most ${headDim}`, dimensions);
	return dimensions === headDim ? {} : { partial_rotary_factor: dimensions / headDim };
}
function tokenIds(fields) {
	const ids = {};
	for (const [key, name] of [
		["bos_token_id", "bos"],
		["eos_token_id", "eos"],
		["pad_token_id", "padding"]
	]) {
		const id = fields.tokenId(name);
		if (id !== void 0) ids[key] = id;
	}
	return ids;
}
/** generation_config.json: all ids that end a turn or text, as llama.cpp stops at them. Undefined if the file names none. */
function ggufGenerationConfig(fields) {
	const ends = [
		"eos",
		"eot",
		"eom"
	].map((name) => fields.tokenId(name)).filter((id) => id !== void 0);
	if (ends.length === 0) return void 0;
	const bos = fields.tokenId("bos");
	return {
		...bos === void 0 ? {} : { bos_token_id: bos },
		eos_token_id: [...new Set(ends)]
	};
}
function ropeScaling(source, headDim) {
	const { fields, ropeFactors } = source;
	if (ropeFactors !== void 0) return llama3Scaling(fields, ropeFactors, headDim);
	const type = fields.optionalString("rope.scaling.type") ?? "none";
	const factor = fields.optionalNumber("rope.scaling.factor") ?? fields.optionalNumber("rope.scale_linear") ?? 1;
	if (factor <= 0) throw fields.wrong("rope.scaling.factor", "a number above 0", factor);
	if (type === "none" || type === "linear" && factor === 1) return null;
	if (type === "linear") return {
		rope_type: "linear",
		factor
	};
	if (type !== "yarn") throw fields.wrong("rope.scaling.type", "\"none\", \"linear\" or \"yarn\"", type);
	const attention = fields.optionalNumber("rope.scaling.attn_factor") ?? 1;
	if (attention !== 1) throw fields.wrong("rope.scaling.attn_factor", "1", attention);
	const scaling = {
		rope_type: "yarn",
		factor,
		original_max_position_embeddings: fields.count("rope.scaling.original_context_length")
	};
	for (const name of ["beta_fast", "beta_slow"]) {
		const value = fields.optionalNumber(`rope.scaling.yarn_${name}`);
		if (value !== void 0) scaling[name] = value;
	}
	return scaling;
}
/** What every published Llama 3 config says; the file carries only the factors that follow from it. */
const llama3 = {
	low_freq_factor: 1,
	high_freq_factor: 4,
	original_max_position_embeddings: 8192
};
/**
* Llama 3's scaling, of which GGUF keeps only the resulting divisor of each frequency. The divisor of the slowest
* frequency is `factor`; the other parameters are those of all published models, checked against every divisor.
*/
function llama3Scaling(fields, factors, headDim) {
	const theta = fields.optionalNumber("rope.freq_base") ?? 1e4;
	const factor = factors[factors.length - 1];
	const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = llama3;
	for (let i = 0; i < factors.length; i++) {
		const wavelength = 2 * Math.PI * theta ** (2 * i / headDim);
		const smooth = Math.min(1, Math.max(0, (original / wavelength - low) / (high - low)));
		const expected = 1 / ((1 - smooth) / factor + smooth);
		if (!(Math.abs(factors[i] - expected) <= .001 * expected) || factors.length * 2 !== headDim) throw fields.error(`rope_freqs.weight is not Llama 3's scaling (entry ${i} of ${factors.length}: expected ${expected.toFixed(4)}, got ${factors[i]}); other rotary factors are not supported in GGUF: use the safetensors of this model`);
	}
	return {
		rope_type: "llama3",
		factor,
		...llama3
	};
}
/** True if the file has a bias for this tensor of the first layer. */
function hasBias(source, stem) {
	return source.shapes.has(`blk.0.${stem}.bias`);
}
// src/checkpoint/gguf-names.ts
/** A decoder of Llama's form: pre-norm, separate q, k and v, gated MLP. */
const decoderNames = {
	token_embd: "model.embed_tokens",
	output_norm: "model.norm",
	output: "lm_head",
	"blk.{}.attn_norm": "model.layers.{}.input_layernorm",
	"blk.{}.attn_q": "model.layers.{}.self_attn.q_proj",
	"blk.{}.attn_k": "model.layers.{}.self_attn.k_proj",
	"blk.{}.attn_v": "model.layers.{}.self_attn.v_proj",
	"blk.{}.attn_output": "model.layers.{}.self_attn.o_proj",
	"blk.{}.ffn_norm": "model.layers.{}.post_attention_layernorm",
	"blk.{}.ffn_gate": "model.layers.{}.mlp.gate_proj",
	"blk.{}.ffn_up": "model.layers.{}.mlp.up_proj",
	"blk.{}.ffn_down": "model.layers.{}.mlp.down_proj"
};
/** "blk.3.attn_q.weight" in its parts: stem "blk.{}.attn_q", layer "3", suffix ".weight". */
function splitGgufName(name) {
	const [, head, layer, tail, suffix] = /^(?:(blk)\.(\d+)\.)?(.*?)(\.weight|\.bias)?$/s.exec(name);
	return {
		stem: head === void 0 ? tail : `blk.{}.${tail}`,
		layer,
		suffix: suffix ?? ""
	};
}
/** The Hugging Face name, or the name itself where the table has none, so that it is reported as unexpected under its own name. */
function huggingFaceName(table, name) {
	const { stem, layer, suffix } = splitGgufName(name);
	const target = Object.hasOwn(table, stem) ? table[stem] : void 0;
	return target === void 0 ? name : target.replace("{}", layer ?? "") + suffix;
}
// src/checkpoint/gguf-architectures.ts
/** The GGUF architectures that Quire reads: one entry each. This is the only list of them. */
const ggufArchitectures = {
	llama: {
		config: llamaConfig,
		names: decoderNames,
		dropped: ["rope_freqs.weight"],
		pairedRotary: true
	},
	qwen2: {
		config: qwen2Config,
		names: decoderNames,
		dropped: [],
		pairedRotary: false
	},
	smollm3: {
		config: smollm3Config,
		names: decoderNames,
		dropped: ["rope_freqs.weight"],
		pairedRotary: true
	}
};
/** Llama and Mistral are one architecture in GGUF; only a sliding window tells them apart, and only that needs to. */
function llamaConfig(source) {
	const window = source.fields.optionalCount("attention.sliding_window");
	if (window !== void 0) return {
		architectures: ["MistralForCausalLM"],
		model_type: "mistral",
		...decoderConfig(source),
		sliding_window: window
	};
	return {
		architectures: ["LlamaForCausalLM"],
		model_type: "llama",
		...decoderConfig(source),
		attention_bias: hasBias(source, "attn_q"),
		mlp_bias: hasBias(source, "ffn_up")
	};
}
/** Biases of q, k and v belong to the architecture. */
function qwen2Config(source) {
	const window = source.fields.optionalCount("attention.sliding_window");
	return {
		architectures: ["Qwen2ForCausalLM"],
		model_type: "qwen2",
		...decoderConfig(source),
		use_sliding_window: window !== void 0,
		sliding_window: window ?? null
	};
}
/** Every fourth layer goes without rotary embedding; the file does not say so, llama.cpp knows it as well. */
function smollm3Config(source) {
	const config = decoderConfig(source);
	const layers = source.fields.count("block_count");
	return {
		architectures: ["SmolLM3ForCausalLM"],
		model_type: "smollm3",
		...config,
		attention_bias: hasBias(source, "attn_q"),
		mlp_bias: hasBias(source, "ffn_up"),
		no_rope_layer_interval: 4,
		no_rope_layers: Array.from({ length: layers }, (_, i) => (i + 1) % 4 === 0 ? 0 : 1),
		use_sliding_window: false,
		sliding_window: null
	};
}
// src/checkpoint/gguf-value.ts
/** Metadata whose lists of strings (vocabulary, merges) are decoded when they are first asked for. */
var LazyMetadata = class {
	#values = /* @__PURE__ */ new Map();
	has(key) {
		return this.#values.has(key);
	}
	get(key) {
		const found = this.#values.get(key);
		if (typeof found !== "function") return found;
		const value = found();
		this.#values.set(key, value);
		return value;
	}
	set(key, value) {
		this.#values.set(key, value);
	}
};
/** Texts with their lengths in front, as u64 below 2^32; bytes that are no UTF-8 become U+FFFD. */
function decodeTexts(bytes, count) {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	const texts = [];
	for (let i = 0, at = 0; i < count; i++) {
		const start = at + 8;
		at = start + buffer.readUInt32LE(at);
		texts.push(buffer.toString("utf8", start, at));
	}
	return texts;
}
/** `7 (number)`, `array of 3`, ...: a value as shown in errors. */
function describeValue(value) {
	if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
	if (typeof value === "object") return `an array of ${value.length}`;
	return String(value);
}
// src/checkpoint/gguf-fields.ts
/** Typed access to the metadata of one architecture. */
/** Reads keys of metadata; every method throws CheckpointError with key, value and what was expected. */
var GgufFields = class {
	/** "llama": keys without a dot before their first word are those of the architecture. */
	architecture;
	where;
	metadata;
	/** @throws CheckpointError if general.architecture is missing or no string */
	constructor(where, metadata) {
		this.where = where;
		this.metadata = metadata;
		const architecture = metadata.get("general.architecture");
		if (typeof architecture !== "string") throw new CheckpointError(`${where}: expected a string general.architecture, got ${architecture === void 0 ? "none" : describeValue(architecture)}`);
		this.architecture = architecture;
	}
	/** The value of `<architecture>.<key>`. */
	get(key) {
		return this.metadata.get(`${this.architecture}.${key}`);
	}
	/** A whole number from 1 to 2^31 - 1. A list with one entry per layer is accepted if all are equal. */
	count(key) {
		const value = this.optionalCount(key);
		if (value === void 0) throw this.wrong(key, "a whole number from 1", void 0);
		return value;
	}
	/** As `count`, undefined if the key is missing or 0. */
	optionalCount(key) {
		let value = this.get(key);
		if (ArrayBuffer.isView(value)) {
			const first = value[0];
			if (first === void 0 || !value.every((item) => item === first)) throw this.wrong(key, "the same number for every layer", value);
			value = Number(first);
		}
		if (value === void 0 || value === 0) return void 0;
		if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value >= 2 ** 31) throw this.wrong(key, "a whole number from 1", value);
		return value;
	}
	/** A finite number, undefined if missing. Of the decimals that a float32 stands for, the shortest: 1e-5, not 9.99999974e-6. */
	optionalNumber(key) {
		const value = this.get(key);
		if (value === void 0) return void 0;
		if (typeof value !== "number" || !Number.isFinite(value)) throw this.wrong(key, "a finite number", value);
		return shortestDecimal(value);
	}
	number(key) {
		const value = this.optionalNumber(key);
		if (value === void 0) throw this.wrong(key, "a finite number", void 0);
		return value;
	}
	optionalString(key) {
		const value = this.get(key);
		if (value !== void 0 && typeof value !== "string") throw this.wrong(key, "a string", value);
		return value;
	}
	/** The token id under `tokenizer.ggml.<name>_token_id`, undefined if missing. */
	tokenId(name) {
		const key = `tokenizer.ggml.${name}_token_id`;
		const value = this.metadata.get(key);
		if (value === void 0) return void 0;
		if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= 2 ** 32) throw new CheckpointError(`${this.where}: metadata ${key}: expected a token id, got ${describeValue(value)}`);
		return value;
	}
	/** An error about one key of the architecture. */
	wrong(key, expected, value) {
		const got = value === void 0 ? "there is no such key" : `got ${describeValue(value)}`;
		return new CheckpointError(`${this.where}: metadata ${this.architecture.slice(0, 40)}.${key}: expected ${expected}, ${got}`);
	}
	/** An error about the file. */
	error(message) {
		return new CheckpointError(`${this.where}: ${message}`);
	}
};
function shortestDecimal(value) {
	if (Math.fround(value) !== value) return value;
	for (let digits = 1; digits <= 9; digits++) {
		const shorter = Number(value.toPrecision(digits));
		if (Math.fround(shorter) === value) return shorter;
	}
	return value;
}
// src/tensor/storage-type.ts
/** How a tensor's bytes are stored in a checkpoint: a plain element type, or a GGUF block type. */
/** The layout of every GGUF block type, as ggml defines it. */
const ggufBlocks = {
	q4_0: {
		elements: 32,
		bytes: 18
	},
	q4_1: {
		elements: 32,
		bytes: 20
	},
	q5_0: {
		elements: 32,
		bytes: 22
	},
	q5_1: {
		elements: 32,
		bytes: 24
	},
	q8_0: {
		elements: 32,
		bytes: 34
	},
	q2_k: {
		elements: 256,
		bytes: 84
	},
	q3_k: {
		elements: 256,
		bytes: 110
	},
	q4_k: {
		elements: 256,
		bytes: 144
	},
	q5_k: {
		elements: 256,
		bytes: 176
	},
	q6_k: {
		elements: 256,
		bytes: 210
	},
	iq4_nl: {
		elements: 32,
		bytes: 18
	}
};
/** True for GGUF's quantized types, false for plain dtypes. */
function isGgufBlockType(storage) {
	return Object.hasOwn(ggufBlocks, storage);
}
/** Elements per block and bytes per block of any storage type; a plain dtype is a block of one. */
function blockLayout(storage) {
	return isGgufBlockType(storage) ? ggufBlocks[storage] : {
		elements: 1,
		bytes: dtypeBytes[storage]
	};
}
/**
* Bytes of a dense tensor, or a sentence that says why there is no such tensor: a size that is not a whole number from 0,
* more bytes than a number counts exactly (2^53), or rows that are not whole blocks.
*/
function storageBytes(storage, shape) {
	const block = blockLayout(storage);
	let count = 1;
	let exact = true;
	for (const size of shape) {
		if (!Number.isSafeInteger(size) || size < 0) return `size ${size} is not a whole number from 0`;
		count *= size;
		if (!Number.isSafeInteger(count * block.bytes)) exact = false;
		if (size === 0) return 0;
	}
	if (!exact) return "more bytes than 2^53";
	const row = shape.length === 0 ? 1 : shape[shape.length - 1];
	if (row % block.elements !== 0) return `rows of ${row} are not whole blocks of ${block.elements} (${storage})`;
	return count / block.elements * block.bytes;
}
// src/checkpoint/gguf-types.ts
/** The types that Quire reads, by ggml's number. */
const ggmlStorage = /* @__PURE__ */ new Map([
	[0, "f32"],
	[1, "f16"],
	[2, "q4_0"],
	[3, "q4_1"],
	[6, "q5_0"],
	[7, "q5_1"],
	[8, "q8_0"],
	[10, "q2_k"],
	[11, "q3_k"],
	[12, "q4_k"],
	[13, "q5_k"],
	[14, "q6_k"],
	[20, "iq4_nl"],
	[24, "i8"],
	[25, "i16"],
	[26, "i32"],
	[27, "i64"],
	[28, "f64"],
	[30, "bf16"]
]);
/** Names of the types that ggml knows and Quire does not read, for errors. */
const ggmlOtherTypes = /* @__PURE__ */ new Map([
	[4, "Q4_2"],
	[5, "Q4_3"],
	[9, "Q8_1"],
	[15, "Q8_K"],
	[16, "IQ2_XXS"],
	[17, "IQ2_XS"],
	[18, "IQ3_XXS"],
	[19, "IQ1_S"],
	[21, "IQ3_S"],
	[22, "IQ2_S"],
	[23, "IQ4_XS"],
	[29, "IQ1_M"],
	[31, "Q4_0_4_4"],
	[32, "Q4_0_4_8"],
	[33, "Q4_0_8_8"],
	[34, "TQ1_0"],
	[35, "TQ2_0"],
	[39, "MXFP4"],
	[40, "NVFP4"]
]);
// src/checkpoint/problems.ts
/** Collects what is wrong with a checkpoint, so that one error tells all of it. */
/** So many problems are spelled out; the rest are counted. */
const shown = 20;
/** A list of problems under one heading; `throwIfAny` ends in a CheckpointError. */
var Problems = class {
	where;
	list = [];
	count = 0;
	/** @param where the file or folder, the first words of the error */
	constructor(where) {
		this.where = where;
	}
	add(problem) {
		this.count++;
		if (this.list.length < shown) this.list.push(problem);
	}
	get any() {
		return this.count > 0;
	}
	/** @throws CheckpointError with every problem: one in the same line, several as a list */
	throwIfAny() {
		if (this.count === 0) return;
		if (this.count === 1) throw new CheckpointError(`${this.where}: ${this.list[0]}`);
		const more = this.count > shown ? `\n  ... and ${this.count - shown} more` : "";
		throw new CheckpointError(`${this.where}: ${this.count} problems:\n  ${this.list.join("\n  ")}${more}`);
	}
};
/** A name from a file as shown in errors: quoted, escaped, and cut after 200 characters. */
function quote(name) {
	return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}...` : name);
}
// src/checkpoint/sequential-reader.ts
/** Reads little-endian values one after the other from a file, through a window, never past a limit. */
const windowBytes = 1 << 20;
/** A cursor over the first `limit` bytes of a file. Every read throws CheckpointError instead of passing the limit. */
var SequentialReader = class {
	file;
	limit;
	window;
	view;
	/** File position of the window's first byte. */
	windowStart = 0;
	windowLength = 0;
	/** Cursor, relative to the window. */
	at = 0;
	constructor(file, limit = file.size) {
		this.file = file;
		this.limit = Math.min(limit, file.size);
		this.window = Buffer.alloc(Math.min(windowBytes, Math.max(this.limit, 16)));
		this.view = new DataView(this.window.buffer, this.window.byteOffset, this.window.byteLength);
	}
	/** File position of the next byte. */
	get position() {
		return this.windowStart + this.at;
	}
	/** Bytes up to the limit. */
	get remaining() {
		return this.limit - this.position;
	}
	u8 = () => this.view.getUint8(this.take(1));
	i8 = () => this.view.getInt8(this.take(1));
	u16 = () => this.view.getUint16(this.take(2), true);
	i16 = () => this.view.getInt16(this.take(2), true);
	u32 = () => this.view.getUint32(this.take(4), true);
	i32 = () => this.view.getInt32(this.take(4), true);
	f32 = () => this.view.getFloat32(this.take(4), true);
	f64 = () => this.view.getFloat64(this.take(8), true);
	u64 = () => narrow(this.view.getBigUint64(this.take(8), true));
	i64 = () => narrow(this.view.getBigInt64(this.take(8), true));
	/**
	* A u64 that counts things of at least `bytesEach` bytes each, which must fit into the rest.
	*
	* @param what names the count in the error, with `of`: the key or so that it belongs to
	*/
	count(what, bytesEach, most, of) {
		const position = this.position;
		const count = this.u64();
		if (count > most || Number(count) * bytesEach > this.remaining) throw new CheckpointError(`${this.file.path}: ${what}${of === void 0 ? "" : ` of ${quote(of)}`} at byte ${position} is ${count}, more than ${Math.min(most, Math.floor(this.remaining / bytesEach))} can be there; the file is damaged or cut off`);
		return Number(count);
	}
	/** `length` bytes as UTF-8; bytes that are none become U+FFFD. */
	text(length) {
		if (length <= this.window.length) {
			const start = this.take(length);
			return this.window.toString("utf8", start, start + length);
		}
		return Buffer.from(this.bytes(length).buffer).toString("utf8");
	}
	/**
	* Passes over `count` texts, each with its length in front as a u64, without decoding them: a vocabulary has many.
	*
	* @param most bytes of one text
	* @param of names the key in errors
	* @returns the bytes passed over, lengths included
	*/
	skipTexts(count, most, of) {
		const start = this.position;
		for (let i = 0; i < count; i++) {
			const at = this.take(8);
			const length = this.view.getUint32(at, true);
			if (this.view.getUint32(at + 4, true) !== 0 || length > most || length > this.remaining) {
				this.at -= 8;
				this.count("the length of a string", 1, most, of);
			}
			this.skip(length);
		}
		const bytes = new Uint8Array(this.position - start);
		this.file.readInto(start, bytes.length, bytes);
		return bytes;
	}
	/** `length` bytes in an array of their own. */
	bytes(length) {
		this.need(length);
		const bytes = new Uint8Array(length);
		this.file.readInto(this.position, length, bytes);
		this.windowStart += this.at + length;
		this.windowLength = 0;
		this.at = 0;
		return bytes;
	}
	/** Moves the cursor over the next `length` (at most the window's) bytes; their index in the window. */
	take(length) {
		if (this.at + length > this.windowLength) this.fill(length);
		const start = this.at;
		this.at += length;
		return start;
	}
	skip(length) {
		this.at += length;
		if (this.at <= this.windowLength) return;
		this.windowStart += this.at;
		this.windowLength = 0;
		this.at = 0;
	}
	fill(length) {
		this.need(length);
		this.windowStart += this.at;
		this.at = 0;
		this.windowLength = Math.min(this.window.length, this.limit - this.windowStart);
		this.file.readInto(this.windowStart, this.windowLength, this.window);
	}
	need(length) {
		if (length > this.remaining) throw new CheckpointError(`${this.file.path}: ${length} bytes expected at byte ${this.position}, but only ${this.remaining} are left; the file is damaged or cut off`);
	}
};
/** A number where it is exact. */
function narrow(value) {
	return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
// src/checkpoint/gguf.ts
/** The GGUF format, versions 2 and 3, little-endian: metadata, then tensor infos, then aligned data. */
const magic = 1179993927;
const maxDimensions = 4;
const maxNesting = 4;
const maxNameBytes = 65535;
const maxStringBytes = 64 * 2 ** 20;
/** Far above any published file: 1M tensors or keys, 32M array entries in all. */
const maxEntries = 2 ** 20;
const maxArrayEntries = 2 ** 25;
const maxAlignment = 2 ** 20;
/**
* Reads metadata and tensor infos, and checks that every tensor lies inside the file and none overlaps another.
*
* @throws CheckpointError if the file is not GGUF, damaged, cut off or contradicts itself; problems of tensors all at once
*/
function readGguf(file) {
	const reader = new SequentialReader(file);
	const version = readVersion(file, reader);
	const numTensors = reader.count("the number of tensors", 24, maxEntries);
	const numKeys = reader.count("the number of metadata keys", 13, maxEntries);
	const metadata = new MetadataReader(file.path, reader).read(numKeys);
	const alignment = readAlignment(file, metadata);
	const problems = new Problems(file.path);
	const found = [];
	for (let i = 0; i < numTensors; i++) found.push(readTensorInfo(reader, problems));
	const dataStart = Math.ceil(reader.position / alignment) * alignment;
	const tensors = found.filter((tensor) => tensor !== void 0);
	for (const tensor of tensors) {
		if (tensor.position % alignment !== 0) problems.add(`tensor ${quote(tensor.name)}: offset ${tensor.position} is not a multiple of ${alignment}`);
		tensor.position += dataStart;
	}
	checkPlaces(tensors, file.size, problems);
	problems.throwIfAny();
	return {
		version,
		metadata,
		tensors
	};
}
function readVersion(file, reader) {
	if ((reader.remaining >= 4 ? reader.u32() : 0) !== magic) throw new CheckpointError(`${file.path}: expected a GGUF file, which begins with "GGUF"; this one does not`);
	const version = reader.u32();
	if (version === 2 || version === 3) return version;
	const bigEndian = version !== 0 && (version & 65535) === 0;
	throw new CheckpointError(`${file.path}: expected GGUF version 2 or 3, got ${version}${bigEndian ? " (a big-endian file)" : ""}; convert it again with a current converter`);
}
function readAlignment(file, metadata) {
	const alignment = metadata.get("general.alignment") ?? 32;
	if (!(typeof alignment === "number" && Number.isInteger(Math.log2(alignment))) || alignment < 1 || alignment > maxAlignment) throw new CheckpointError(`${file.path}: expected general.alignment to be a power of two up to ${maxAlignment}, got ${describeValue(alignment)}`);
	return alignment;
}
/** One tensor info, its `position` still relative to the data; undefined if it makes no sense, which is added to the problems. */
function readTensorInfo(reader, problems) {
	const name = reader.text(reader.count("the length of a tensor name", 1, maxNameBytes));
	const dimensions = reader.u32();
	if (dimensions > maxDimensions) {
		problems.add(`tensor ${quote(name)}: ${dimensions} dimensions, expected at most ${maxDimensions}`);
		problems.throwIfAny();
	}
	const shape = [];
	for (let i = 0; i < dimensions; i++) shape.unshift(Number(reader.u64()));
	const type = reader.u32();
	const position = Number(reader.u64());
	const storage = ggmlStorage.get(type);
	if (storage === void 0) {
		const other = ggmlOtherTypes.get(type);
		const known = [...ggmlStorage.values()].join(", ");
		problems.add(`tensor ${quote(name)}: type ${type}${other === void 0 ? "" : ` (${other})`} is not supported; supported: ${known}`);
		return;
	}
	const byteLength = storageBytes(storage, shape);
	if (typeof byteLength === "string") {
		problems.add(`tensor ${quote(name)}: ${storage} [${shape.join(", ")}]: ${byteLength}`);
		return;
	}
	return {
		name,
		storage,
		shape,
		byteLength,
		position
	};
}
function checkPlaces(tensors, fileSize, problems) {
	const names = /* @__PURE__ */ new Set();
	for (const { name, position, byteLength } of tensors) {
		if (names.has(name)) problems.add(`tensor ${quote(name)} appears twice`);
		names.add(name);
		if (!(position + byteLength <= fileSize)) problems.add(`tensor ${quote(name)}: ${byteLength} bytes at ${position} are beyond the file's ${fileSize}; download it again`);
	}
	const sorted = tensors.filter(({ byteLength }) => byteLength > 0).sort((a, b) => a.position - b.position);
	for (let i = 1; i < sorted.length; i++) {
		const before = sorted[i - 1];
		const tensor = sorted[i];
		if (before.position + before.byteLength > tensor.position) problems.add(`tensor ${quote(tensor.name)} at ${tensor.position} overlaps ${quote(before.name)}`);
	}
}
/** GGUF's value types by number. */
const stringType = 8;
const arrayType = 9;
/** Reads the key-value section. */
var MetadataReader = class {
	where;
	reader;
	arrayEntries = 0;
	constructor(where, reader) {
		this.where = where;
		this.reader = reader;
	}
	read(numKeys) {
		const metadata = new LazyMetadata();
		for (let i = 0; i < numKeys; i++) {
			const key = this.reader.text(this.reader.count("the length of a metadata key", 1, maxNameBytes));
			if (metadata.has(key)) throw new CheckpointError(`${this.where}: metadata key ${quote(key)} appears twice`);
			metadata.set(key, this.value(key, this.reader.u32(), 0));
		}
		return metadata;
	}
	value(key, type, nesting) {
		const { reader } = this;
		if (type === stringType) return this.string(key);
		if (type === arrayType) return this.array(key, nesting + 1);
		const scalar = [
			reader.u8,
			reader.i8,
			reader.u16,
			reader.i16,
			reader.u32,
			reader.i32,
			reader.f32
		][type];
		if (scalar !== void 0) return scalar();
		if (type === 7) return reader.u8() !== 0;
		if (type === 10) return reader.u64();
		if (type === 11) return reader.i64();
		if (type === 12) return reader.f64();
		throw new CheckpointError(`${this.where}: metadata ${quote(key)} has type ${type}; GGUF has types 0 to 12`);
	}
	string(key) {
		return this.reader.text(this.reader.count("the length of a string", 1, maxStringBytes, key));
	}
	array(key, nesting) {
		if (nesting > maxNesting) throw new CheckpointError(`${this.where}: metadata ${quote(key)} nests arrays deeper than ${maxNesting}`);
		const type = this.reader.u32();
		const bytesEach = [
			1,
			1,
			2,
			2,
			4,
			4,
			4,
			1,
			8,
			12,
			8,
			8,
			8
		][type];
		if (bytesEach === void 0) throw new CheckpointError(`${this.where}: metadata ${quote(key)} is an array of type ${type}; GGUF has 0 to 12`);
		const most = maxArrayEntries - this.arrayEntries;
		const count = this.reader.count("the length of the array", bytesEach, most, key);
		this.arrayEntries += count;
		if (type === stringType) {
			const bytes = this.reader.skipTexts(count, maxStringBytes, key);
			return () => decodeTexts(bytes, count);
		}
		if (type === arrayType) {
			const items = [];
			for (let i = 0; i < count; i++) {
				const item = this.array(key, nesting + 1);
				items.push(typeof item === "function" ? item() : item);
			}
			return items;
		}
		return numbers(type, this.reader.bytes(count * bytesEach).buffer);
	}
};
/** An array of numbers or booleans over its little-endian bytes (as every machine that Quire runs on has them). */
function numbers(type, bytes) {
	switch (type) {
		case 0: return new Uint8Array(bytes);
		case 1: return new Int8Array(bytes);
		case 2: return new Uint16Array(bytes);
		case 3: return new Int16Array(bytes);
		case 4: return new Uint32Array(bytes);
		case 5: return new Int32Array(bytes);
		case 6: return new Float32Array(bytes);
		case 7: return Array.from(new Uint8Array(bytes), (byte) => byte !== 0);
		case 10: return new BigUint64Array(bytes);
		case 11: return new BigInt64Array(bytes);
		default: return new Float64Array(bytes);
	}
}
// src/checkpoint/random-access-file.ts
/** A file read by position: exact slices, never the whole. */
/** One read call is at most this long: larger ones are refused by some systems. */
const maxReadBytes = 2 ** 30;
/** An open regular file. Its size is taken when it is opened. */
var RandomAccessFile = class {
	path;
	/** Bytes. */
	size;
	openDescriptor;
	/** @throws CheckpointError if the path is not a readable regular file */
	constructor(path) {
		this.path = path;
		try {
			if (!statSync(path).isFile()) throw new CheckpointError(`${path}: expected a regular file`);
			this.openDescriptor = openSync(path, "r");
			this.size = fstatSync(this.openDescriptor).size;
		} catch (error) {
			if (error instanceof CheckpointError) throw error;
			throw new CheckpointError(`${path}: cannot be opened: ${error.message}`, { cause: error });
		}
	}
	/** The system's number of the open file. @throws CheckpointError if it is closed */
	get descriptor() {
		if (this.openDescriptor === void 0) throw new CheckpointError(`${this.path}: is closed`);
		return this.openDescriptor;
	}
	/**
	* Fills target[targetOffset, targetOffset + length) with the bytes from `position` on.
	*
	* @throws CheckpointError if the file is closed, ends earlier, or cannot be read
	*/
	readInto(position, length, target, targetOffset = 0) {
		const { descriptor } = this;
		for (let done = 0; done < length;) {
			let got;
			try {
				got = readSync(descriptor, target, targetOffset + done, Math.min(length - done, maxReadBytes), position + done);
			} catch (error) {
				throw new CheckpointError(`${this.path}: reading ${length} bytes at ${position}: ${error.message}`, { cause: error });
			}
			if (got === 0) throw new CheckpointError(`${this.path}: ends at byte ${position + done}, expected ${length} bytes at ${position}; download it again`);
			done += got;
		}
	}
	/** The bytes [position, position + length) in a new array. For headers; the caller bounds `length` first. */
	readBytes(position, length) {
		if (position + length > this.size) throw new CheckpointError(`${this.path}: expected ${length} bytes at ${position}, but the file has ${this.size}; download it again`);
		const bytes = new Uint8Array(length);
		this.readInto(position, length, bytes);
		return bytes;
	}
	close() {
		if (this.openDescriptor !== void 0) closeSync(this.openDescriptor);
		this.openDescriptor = void 0;
	}
};
// src/checkpoint/stored-checkpoint.ts
/** The Checkpoint that all formats share: a map of tensors, each with a function that reads a slice of it. */
/** A tensor that lies dense in one file from `position` on. */
function denseTensor(info, file, position) {
	return {
		info,
		read: (offset, length, target, targetOffset) => file.readInto(position + offset, length, target, targetOffset),
		place: {
			file,
			position,
			pairedRows: 0
		}
	};
}
/** Checks every range, then asks the tensor's own reader. Owns the files. */
var StoredCheckpoint = class {
	path;
	config;
	generationConfig;
	tensors;
	stored = /* @__PURE__ */ new Map();
	files;
	/** @throws CheckpointError if two tensors have one name */
	constructor(parts) {
		this.path = parts.path;
		this.config = parts.config;
		this.generationConfig = parts.generationConfig;
		this.files = parts.files;
		const tensors = /* @__PURE__ */ new Map();
		for (const tensor of parts.tensors) {
			const { info } = tensor;
			if (tensors.has(info.name)) throw new CheckpointError(`${parts.path}: tensor ${quote(info.name)} appears twice, in ${info.file}`);
			tensors.set(info.name, info);
			this.stored.set(info.name, tensor);
		}
		this.tensors = tensors;
	}
	read(name, offset, length, target, targetOffset = 0) {
		const info = this.tensors.get(name);
		const stored = this.stored.get(name);
		if (info === void 0 || stored === void 0) {
			const [near] = closest(name, this.tensors.keys());
			throw new CheckpointError(`${this.path}: no tensor ${quote(name)}${near === void 0 ? "" : `; closest: ${quote(near)}`}`);
		}
		if (!isRange(offset, length, info.byteLength)) throw new CheckpointError(`${this.path}: ${quote(name)} has ${info.byteLength} bytes, asked for ${length} at ${offset}`);
		if (!isRange(targetOffset, length, target.byteLength)) throw new CheckpointError(`${this.path}: ${length} bytes of ${quote(name)} do not fit at ${targetOffset} of ${target.byteLength} bytes`);
		if (length > 0) stored.read(offset, length, target, targetOffset);
	}
	place(name) {
		const place = this.stored.get(name)?.place;
		if (place === void 0) return void 0;
		const { file, position, pairedRows } = place;
		return {
			descriptor: file.descriptor,
			position,
			pairedRows
		};
	}
	close() {
		for (const file of this.files) file.close();
	}
};
function isRange(offset, length, size) {
	return Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= size;
}
// src/checkpoint/gguf-checkpoint.ts
/** A GGUF file as a checkpoint: Hugging Face names, config and row order. */
/** Rotary factors are half a head long; more is no rotary table. */
const maxRopeFactors = 4096;
/**
* Opens one .gguf file. Tensors have Hugging Face names and row order; those that the architecture does not know keep
* their own name.
*
* @param generationConfig used instead of what the metadata says, where there is a generation_config.json
* @throws CheckpointError if the file is damaged, split, or of an architecture that is not known (the known ones are listed)
*/
function openGguf(path, generationConfig) {
	const file = new RandomAccessFile(path);
	try {
		return assemble(file, generationConfig);
	} catch (error) {
		file.close();
		throw error;
	}
}
function assemble(file, generationConfig) {
	const { path } = file;
	const { metadata, tensors } = readGguf(file);
	const parts = metadata.get("split.count");
	if (typeof parts === "number" && parts > 1) throw new CheckpointError(`${path}: is one of ${parts} parts; merge them with llama.cpp's "llama-gguf-split --merge"`);
	const fields = new GgufFields(path, metadata);
	const architecture = findArchitecture(path, fields.architecture);
	const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
	const ropeFactors = readRopeFactors(file, tensors);
	const config = architecture.config({
		fields,
		shapes,
		ropeFactors
	});
	const kept = tensors.filter(({ name }) => !architecture.dropped.includes(name));
	const stored = new StoredCheckpoint({
		path,
		config,
		generationConfig: generationConfig ?? ggufGenerationConfig(fields),
		tensors: kept.map((tensor) => storedTensor(file, tensor, architecture, fields)),
		files: [file]
	});
	return Object.assign(stored, { ggufMetadata: metadata });
}
function findArchitecture(path, name) {
	if (Object.hasOwn(ggufArchitectures, name)) return ggufArchitectures[name];
	const known = Object.keys(ggufArchitectures);
	const [near] = name.length > 100 ? [] : closest(name, known);
	throw new CheckpointError(`${path}: general.architecture ${quote(name)} is not supported in GGUF; supported: ${known.join(", ")}${near === void 0 ? "" : `; closest: ${quote(near)}`}`);
}
function readRopeFactors(file, tensors) {
	const tensor = tensors.find(({ name }) => name === "rope_freqs.weight");
	if (tensor === void 0) return void 0;
	const [length] = tensor.shape;
	if (tensor.storage !== "f32" || tensor.shape.length !== 1 || length === 0 || length > maxRopeFactors) throw new CheckpointError(`${file.path}: rope_freqs.weight: expected f32 [head_dim / 2], got ${tensor.storage} [${tensor.shape.join(", ")}]`);
	const factors = new Float32Array(length);
	file.readInto(tensor.position, tensor.byteLength, new Uint8Array(factors.buffer));
	return factors;
}
function storedTensor(file, tensor, architecture, fields) {
	const name = huggingFaceName(architecture.names, tensor.name);
	const { storage, shape, byteLength, position } = tensor;
	const { stem } = splitGgufName(tensor.name);
	const isQuery = stem === "blk.{}.attn_q";
	const paired = architecture.pairedRotary && (isQuery || stem === "blk.{}.attn_k");
	const heads = !paired ? 0 : (isQuery ? void 0 : fields.optionalCount("attention.head_count_kv")) ?? fields.count("attention.head_count");
	const info = {
		name,
		storage,
		shape,
		byteLength,
		file: file.path
	};
	return paired ? unpairedRows(info, file, tensor, heads) : denseTensor(info, file, position);
}
/**
* A tensor that is read with its rows in halves order, from a file that has them in pairs: row i of the first half of a head lies at 2i, row i of
* the second half at 2i + 1. Rows stay whole, so any storage type will do.
*
* @param heads number of heads that the rows are divided into
* @throws CheckpointError if the rows are not `heads` even parts
*/
function unpairedRows(info, file, tensor, heads) {
	const rows = tensor.shape[0] ?? 0;
	const headRows = rows / heads;
	if (rows === 0 || headRows % 2 !== 0) throw new CheckpointError(`${file.path}: tensor ${quote(tensor.name)}: expected its ${rows} rows to be ${heads} heads of an even size; head counts in the metadata are wrong`);
	const rowBytes = tensor.byteLength / rows;
	const half = headRows / 2;
	const read = (offset, length, target, targetOffset) => {
		const end = offset + length;
		for (let at = offset; at < end;) {
			const row = Math.floor(at / rowBytes);
			const within = at - row * rowBytes;
			const bytes = Math.min(rowBytes - within, end - at);
			const inHead = row % headRows;
			const source = row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
			file.readInto(tensor.position + source * rowBytes + within, bytes, target, targetOffset + at - offset);
			at += bytes;
		}
	};
	return {
		info,
		read,
		place: {
			file,
			position: tensor.position,
			pairedRows: headRows
		}
	};
}
export { Problems as a, ggufBlocks as c, RandomAccessFile as i, isGgufBlockType as l, StoredCheckpoint as n, quote as o, denseTensor as r, blockLayout as s, openGguf as t, storageBytes as u };
