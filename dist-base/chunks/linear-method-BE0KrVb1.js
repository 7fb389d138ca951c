import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { t as closest } from "./closest-BxAlryWr.js";
import { r as Source } from "./causal-lm-DFVGEESM.js";
import { i as expertLinear, t as linear } from "./linear-DwAms2kL.js";
// src/config/raw-config.ts
/** config.json before it is checked. */
/** A field's value; undefined where it is missing or null. */
function rawValue(raw, key) {
	const value = Object.hasOwn(raw, key) ? raw[key] : void 0;
	return value === null ? void 0 : value;
}
/** The first of several spellings that config.json has, and its value; else the first name and undefined. */
function rawEntry(raw, names) {
	const name = names.find((key) => rawValue(raw, key) !== void 0) ?? names[0];
	return {
		name,
		value: rawValue(raw, name)
	};
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/**
* @param name path of the field in config.json: `hidden_size`, `rope_parameters.factor`
* @param raw  where the field was looked for: a missing one is told with the closest name
* @throws ConfigError that says which field, what is expected, what came
*/
function wrongField(name, expected, value, raw) {
	if (value !== void 0) throw new ConfigError(`config.json: ${name} must be ${expected}, got ${JSON.stringify(value)}`);
	const near = raw && closest(name, Object.keys(raw).filter((other) => other !== name))[0];
	throw new ConfigError(`config.json: ${name} is missing; it must be ${expected}${near === void 0 ? "" : `; closest: "${near}"`}`);
}
// src/config/hf-heads.ts
/** Published spellings; the first that config.json has counts. */
const numHeadsNames = [
	"num_attention_heads",
	"n_head",
	"n_heads"
];
const hiddenSizeNames = [
	"hidden_size",
	"n_embd",
	"n_embed",
	"d_model"
];
function count(raw, names) {
	const { name, value } = rawEntry(raw, names);
	if (value === void 0) return void 0;
	if (!Number.isSafeInteger(value) || value <= 0 || value > 1e6) wrongField(name, "a positive integer", value);
	return value;
}
/**
* @param defaults head_dim where config.json has none; without one it is hidden_size / num_attention_heads
* @throws ConfigError when heads are missing or do not divide
*/
function readHeads(raw, defaults = {}) {
	const numHeads = count(raw, numHeadsNames) ?? wrongField("num_attention_heads", "a positive integer", void 0, raw);
	const numKvHeads = count(raw, ["num_key_value_heads"]) ?? numHeads;
	if (numHeads % numKvHeads !== 0) wrongField("num_key_value_heads", `a divisor of num_attention_heads (${numHeads})`, numKvHeads);
	let headDim = count(raw, ["head_dim"]) ?? defaults.headDim;
	if (headDim === void 0) {
		const hiddenSize = count(raw, hiddenSizeNames) ?? wrongField("hidden_size", "a positive integer", void 0, raw);
		headDim = hiddenSize / numHeads;
		if (!Number.isInteger(headDim)) wrongField("hidden_size", `a multiple of num_attention_heads (${numHeads}), as there is no head_dim`, hiddenSize);
	}
	return {
		numHeads,
		numKvHeads,
		headDim,
		size: numHeads * headDim
	};
}
// src/config/hf-rope.ts
/** Rotary embedding settings from config.json, in the old form (rope_theta, rope_scaling) and the new (rope_parameters). */
const ropeTypes = [
	"default",
	"linear",
	"dynamic",
	"llama3",
	"yarn",
	"longrope"
];
function objectAt(raw, name, path) {
	const value = rawValue(raw, name);
	if (value === void 0) return void 0;
	if (!isObject(value)) wrongField(path, "an object", value);
	return Object.keys(value).length > 0 ? value : void 0;
}
/** True for rope_parameters that have one entry for each layer type. */
function isPerLayerType(parameters) {
	return rawValue(parameters, "rope_type") === void 0 && Object.values(parameters).some(isObject);
}
/** The rope_parameters of this layer type, or all of them where they are one for all. */
function newSettings(raw, { layerType }) {
	const path = "rope_parameters";
	const parameters = objectAt(raw, path, path);
	if (!parameters) return void 0;
	if (!isPerLayerType(parameters)) return {
		path,
		parameters
	};
	if (layerType === void 0) throw new ConfigError(`config.json: rope_parameters must be one set for all layers, got one for each of ${Object.keys(parameters).join(", ")}, which this model does not tell apart`);
	const entry = objectAt(parameters, layerType, `${path}.${layerType}`);
	return entry && {
		path: `${path}.${layerType}`,
		parameters: entry
	};
}
/** rope_scaling, the older spelling, comes first (as in HF) where both are there; what it leaves out is in the other. */
function ropeSettings(raw, options) {
	const found = newSettings(raw, options) ?? {
		path: "rope_parameters",
		parameters: {}
	};
	const scaling = options.scaled === false ? void 0 : objectAt(raw, "rope_scaling", "rope_scaling");
	if (!scaling) return found;
	const type = found.parameters.rope_type ?? found.parameters.type ?? "default";
	const oldType = scaling.rope_type ?? scaling.type ?? "default";
	if (type !== "default" && type !== oldType) throw new ConfigError(`config.json: ${found.path} has rope_type ${JSON.stringify(type)}, rope_scaling ${JSON.stringify(oldType)}; set one of them to null (--hf-overrides)`);
	return {
		path: "rope_scaling",
		parameters: {
			...found.parameters,
			rope_type: void 0,
			...scaling
		}
	};
}
/** All sets of rope settings: one, or one for each layer type. */
function ropeParameters(raw) {
	const parameters = objectAt(raw, "rope_parameters", "rope_parameters");
	if (!parameters || !isPerLayerType(parameters)) return [ropeSettings(raw, {}).parameters];
	return Object.keys(parameters).filter((type) => isObject(parameters[type])).map((layerType) => ropeSettings(raw, { layerType }).parameters);
}
function ropeTypeOf({ path, parameters }) {
	const { name, value = "default" } = rawEntry(parameters, ["rope_type", "type"]);
	const type = value === "su" ? "longrope" : value;
	if (!ropeTypes.includes(type)) wrongField(`${path}.${name}`, `one of ${ropeTypes.map((known) => JSON.stringify(known)).join(", ")}`, value);
	return type;
}
/** Reads numbers by name, from the settings or the top level; each error says where the field is or should be. */
var RopeReader = class {
	raw;
	settings;
	constructor(raw, settings) {
		this.raw = raw;
		this.settings = settings;
	}
	number(name, fallback) {
		const value = rawValue(this.settings.parameters, name) ?? fallback;
		return positive(`${this.settings.path}.${name}`, value, this.settings.parameters);
	}
	/** 0 is taken for none, as HF does. */
	optional(name) {
		const value = rawValue(this.settings.parameters, name);
		return value === void 0 || value === 0 ? void 0 : this.number(name);
	}
	/** In the settings, else under one of the top-level names. */
	either(name, topLevel, fallback) {
		if (rawValue(this.settings.parameters, name) !== void 0) return this.number(name);
		return this.topLevel(topLevel, fallback);
	}
	topLevel(names, fallback) {
		const { name, value = fallback } = rawEntry(this.raw, names);
		return positive(name, value, this.raw);
	}
	list(name, length) {
		const value = rawValue(this.settings.parameters, name);
		if (!(Array.isArray(value) && value.length === length && value.every((x) => typeof x === "number" && x > 0))) wrongField(`${this.settings.path}.${name}`, `a list of ${length} numbers (half the rotated elements of a head)`, Array.isArray(value) ? `${value.length} values` : value);
		return value;
	}
};
function positive(path, value, raw) {
	if (typeof value !== "number" || !(value > 0) || !Number.isFinite(value)) wrongField(path, "a positive number", value, raw);
	return value;
}
/** Elements of a head by which frequencies are spread, and those that are rotated: the next even number. */
function rotaryDims(raw, read, options) {
	const headDim = options.headDim ?? readHeads(raw, { headDim: options.defaultHeadDim }).headDim;
	let dim;
	if (options.rotaryDimFrom !== void 0) dim = read.topLevel([options.rotaryDimFrom]);
	else {
		const names = options.partialFrom ?? ["partial_rotary_factor"];
		const partial = read.either("partial_rotary_factor", names, options.partialRotaryFactor ?? 1);
		if (partial > 1) wrongField("partial_rotary_factor", "at most 1", partial);
		dim = Math.trunc(headDim * partial);
	}
	const rotaryDim = dim + dim % 2;
	if (!Number.isInteger(dim) || rotaryDim < 2 || rotaryDim > headDim) throw new ConfigError(`config.json: ${options.rotaryDimFrom ?? "partial_rotary_factor"} gives ${rotaryDim} rotated elements of a head, which must be an even number from 2 to ${headDim} (head_dim)`);
	return {
		rotaryDim,
		frequencyDim: dim
	};
}
/** @throws ConfigError when a field is missing for the rope type, or wrong */
function readRope(raw, options = {}) {
	const settings = ropeSettings(raw, options);
	const ropeType = ropeTypeOf(settings);
	const read = new RopeReader(raw, settings);
	const dims = rotaryDims(raw, read, options);
	const maxPositionEmbeddings = read.topLevel(["max_position_embeddings", "n_positions"], 2048);
	const originalMax = read.topLevel(["original_max_position_embeddings"], read.number("original_max_position_embeddings", options.originalMaxPositionEmbeddings ?? maxPositionEmbeddings));
	const factors = (name) => ropeType === "longrope" ? read.list(name, dims.rotaryDim / 2) : void 0;
	const needsFactor = ropeType === "linear" || ropeType === "dynamic" || ropeType === "llama3" || ropeType === "yarn";
	return {
		ropeType,
		...dims,
		theta: read.either("rope_theta", options.thetaFrom ?? ["rope_theta"], options.theta ?? 1e4),
		maxPositionEmbeddings,
		originalMaxPositionEmbeddings: originalMax,
		factor: read.number("factor", needsFactor ? void 0 : maxPositionEmbeddings / originalMax),
		lowFreqFactor: read.number("low_freq_factor", 1),
		highFreqFactor: read.number("high_freq_factor", 4),
		betaFast: read.number("beta_fast", 32),
		betaSlow: read.number("beta_slow", 1),
		truncate: rawValue(settings.parameters, "truncate") !== false,
		attentionFactor: read.optional("attention_factor"),
		mscale: read.optional("mscale"),
		mscaleAllDim: read.optional("mscale_all_dim"),
		shortFactor: factors("short_factor"),
		longFactor: factors("long_factor")
	};
}
// src/layers/experts-weight.ts
/** The source of a part's weight: this rank's rows and columns. */
function expertWeightSource(part) {
	const [rows, columns] = part.size;
	const stored = part.transposed ? [columns, rows] : [rows, columns];
	let source = part.stacked === void 0 ? new Source(`${part.name}.weight`, stored) : new Source(part.name, [part.stacked, ...stored]).rows(part.expert, 1).reshape(...stored);
	if (part.transposed) source = source.transpose();
	source = alternate(part, source, rows, columns).rows(part.rows.start, part.rows.count);
	return part.columns ? source.columns(part.columns.start, part.columns.count) : source;
}
/** The source of a part's bias: a vector. */
function expertBiasSource(part) {
	const [rows] = part.size;
	return alternate(part, part.stacked === void 0 ? new Source(`${part.name}.bias`, [rows]) : new Source(`${part.name}_bias`, [part.stacked, rows]).rows(part.expert, 1).reshape(rows), rows).rows(part.rows.start, part.rows.count);
}
/** Every second row, where gate and up rows take turns. */
function alternate({ alternating }, source, rows, ...inner) {
	if (alternating === void 0) return source;
	return source.reshape(rows / 2, 2, ...inner).slice(1, alternating, 1).reshape(rows / 2, ...inner);
}
// src/layers/linear-method.ts
/** How a linear layer stores its weight and multiplies with it. A quantization scheme is one of these. */
/** The source of a part's weight: this rank's rows and columns of `name.weight`. */
function weightSource(part) {
	const [rows, columns] = part.size;
	const name = `${part.name}.weight`;
	let source = part.transposed ? new Source(name, [columns, rows]).transpose() : new Source(name, [rows, columns]);
	source = source.rows(part.rows.start, part.rows.count);
	return part.columns ? source.columns(part.columns.start, part.columns.count) : source;
}
/** Parts of a [numExperts, outputSize, inputSize] parameter: its rows are counted through all experts. */
function expertParts(parts, outputSize) {
	return parts.map((part) => ({
		source: expertWeightSource(part),
		rowStart: part.expert * outputSize + part.outputStart,
		rowCount: part.rows.count
	}));
}
/** Weights as they are in the checkpoint, in the model's dtype. */
const unquantized = {
	name: "none",
	create({ prefix, inputSize, outputSize, parts, context }) {
		const weight = context.parameters.declare({
			name: `${prefix}.weight`,
			shape: [outputSize, inputSize],
			dtype: context.dtype,
			layout: "matrix",
			parts: parts.map((part) => ({
				source: weightSource(part),
				rowStart: part.outputStart,
				rowCount: part.rows.count
			}))
		});
		return { apply: (x, bias) => linear(x, weight, bias) };
	},
	createExperts({ prefix, numExperts, inputSize, outputSize, parts, context }) {
		const weight = context.parameters.declare({
			name: `${prefix}.weight`,
			shape: [
				numExperts,
				outputSize,
				inputSize
			],
			dtype: context.dtype,
			layout: "matrix",
			parts: expertParts(parts, outputSize)
		});
		return { apply: (x, ids, bias) => expertLinear(x, weight, ids, bias) };
	}
};
export { expertWeightSource as a, readHeads as c, rawValue as d, wrongField as f, expertBiasSource as i, isObject as l, unquantized as n, readRope as o, weightSource as r, ropeParameters as s, expertParts as t, rawEntry as u };
