/** Rotary embedding settings from config.json, in the old form (rope_theta, rope_scaling) and the new (rope_parameters). */
import { ConfigError } from "../util/errors.js";
import type { RawConfig } from "./raw-config.js";
import { isObject, rawEntry, rawValue, wrongField } from "./raw-config.js";
import { readHeads } from "./hf-heads.js";

export const ropeTypes = ["default", "linear", "dynamic", "llama3", "yarn", "longrope"] as const;
export type RopeType = (typeof ropeTypes)[number];

export interface RopeConfig {
  readonly ropeType: RopeType;
  readonly theta: number;
  /** Elements of a head that are rotated: headDim * partial_rotary_factor, rounded up to an even number. */
  readonly rotaryDim: number;
  /** The same before it is rounded up: frequencies are theta to the power of -2 i / frequencyDim. */
  readonly frequencyDim: number;
  readonly maxPositionEmbeddings: number;
  /** Length the model was trained with before it was stretched. */
  readonly originalMaxPositionEmbeddings: number;
  readonly factor: number;
  readonly lowFreqFactor: number;
  readonly highFreqFactor: number;
  readonly betaFast: number;
  readonly betaSlow: number;
  readonly truncate: boolean;
  readonly attentionFactor: number | undefined;
  readonly mscale: number | undefined;
  readonly mscaleAllDim: number | undefined;
  readonly shortFactor: readonly number[] | undefined;
  readonly longFactor: readonly number[] | undefined;
}

/** What a model's config.json has that is not as most have it. */
export interface RopeOptions {
  /** The entry of a rope_parameters that has one for each layer type: "full_attention", "sliding_attention" (Gemma 3). */
  readonly layerType?: string | undefined;
  /** Default of the base, else 10000. */
  readonly theta?: number | undefined;
  /** Top-level names of the base, else rope_theta; the first found counts. */
  readonly thetaFrom?: readonly string[] | undefined;
  /** Default of partial_rotary_factor, else 1. */
  readonly partialRotaryFactor?: number | undefined;
  /** Top-level names of partial_rotary_factor; the first found counts. */
  readonly partialFrom?: readonly string[] | undefined;
  /** The field that says how many elements of a head are rotated, instead of partial_rotary_factor (GPT-J). */
  readonly rotaryDimFrom?: string | undefined;
  /** Elements of a head that has only rotated ones, instead of head_dim (DeepSeek). */
  readonly headDim?: number | undefined;
  /** Default of head_dim, else hidden_size / num_attention_heads; as given to f.heads(). */
  readonly defaultHeadDim?: number | undefined;
  /** False where the older rope_scaling is meant for layers of another type (Gemma 3's local layers). Default true. */
  readonly scaled?: boolean | undefined;
  /** Default of original_max_position_embeddings, else max_position_embeddings. */
  readonly originalMaxPositionEmbeddings?: number | undefined;
}

/** Settings and their place in config.json. */
interface RopeSettings {
  readonly path: string;
  readonly parameters: RawConfig;
}

function objectAt(raw: RawConfig, name: string, path: string): Record<string, unknown> | undefined {
  const value = rawValue(raw, name);
  if (value === undefined) return undefined;
  if (!isObject(value)) wrongField(path, "an object", value);
  return Object.keys(value).length > 0 ? value : undefined;
}

/** True for rope_parameters that have one entry for each layer type. */
function isPerLayerType(parameters: RawConfig): boolean {
  return rawValue(parameters, "rope_type") === undefined && Object.values(parameters).some(isObject);
}

/** The rope_parameters of this layer type, or all of them where they are one for all. */
function newSettings(raw: RawConfig, { layerType }: RopeOptions): RopeSettings | undefined {
  const path = "rope_parameters";
  const parameters = objectAt(raw, path, path);
  if (!parameters) return undefined;
  if (!isPerLayerType(parameters)) return { path, parameters };
  if (layerType === undefined)
    throw new ConfigError(
      `config.json: rope_parameters must be one set for all layers, got one for each of ${Object.keys(parameters).join(", ")}, ` +
        "which this model does not tell apart",
    );
  const entry = objectAt(parameters, layerType, `${path}.${layerType}`);
  return entry && { path: `${path}.${layerType}`, parameters: entry };
}

/** rope_scaling, the older spelling, comes first (as in HF) where both are there; what it leaves out is in the other. */
function ropeSettings(raw: RawConfig, options: RopeOptions): RopeSettings {
  const found = newSettings(raw, options) ?? { path: "rope_parameters", parameters: {} };
  const scaling = options.scaled === false ? undefined : objectAt(raw, "rope_scaling", "rope_scaling");
  if (!scaling) return found;
  const type = found.parameters.rope_type ?? found.parameters.type ?? "default";
  const oldType = scaling.rope_type ?? scaling.type ?? "default";
  if (type !== "default" && type !== oldType)
    throw new ConfigError(
      `config.json: ${found.path} has rope_type ${JSON.stringify(type)}, rope_scaling ${JSON.stringify(oldType)}; ` +
        "set one of them to null (--hf-overrides)",
    );
  return { path: "rope_scaling", parameters: { ...found.parameters, rope_type: undefined, ...scaling } };
}

/** All sets of rope settings: one, or one for each layer type. */
export function ropeParameters(raw: RawConfig): RawConfig[] {
  const parameters = objectAt(raw, "rope_parameters", "rope_parameters");
  if (!parameters || !isPerLayerType(parameters)) return [ropeSettings(raw, {}).parameters];
  const types = Object.keys(parameters).filter((type) => isObject(parameters[type]));
  return types.map((layerType) => ropeSettings(raw, { layerType }).parameters);
}

function ropeTypeOf({ path, parameters }: RopeSettings): RopeType {
  const { name, value = "default" } = rawEntry(parameters, ["rope_type", "type"]);
  const type = value === "su" ? "longrope" : value;
  if (!ropeTypes.includes(type as RopeType))
    wrongField(`${path}.${name}`, `one of ${ropeTypes.map((known) => JSON.stringify(known)).join(", ")}`, value);
  return type as RopeType;
}

/** Reads numbers by name, from the settings or the top level; each error says where the field is or should be. */
class RopeReader {
  private readonly raw: RawConfig;
  private readonly settings: RopeSettings;

  constructor(raw: RawConfig, settings: RopeSettings) {
    this.raw = raw;
    this.settings = settings;
  }

  number(name: string, fallback?: number): number {
    const value = rawValue(this.settings.parameters, name) ?? fallback;
    return positive(`${this.settings.path}.${name}`, value, this.settings.parameters);
  }

  /** 0 is taken for none, as HF does. */
  optional(name: string): number | undefined {
    const value = rawValue(this.settings.parameters, name);
    return value === undefined || value === 0 ? undefined : this.number(name);
  }

  /** In the settings, else under one of the top-level names. */
  either(name: string, topLevel: readonly string[], fallback: number): number {
    if (rawValue(this.settings.parameters, name) !== undefined) return this.number(name);
    return this.topLevel(topLevel, fallback);
  }

  topLevel(names: readonly string[], fallback?: number): number {
    const { name, value = fallback } = rawEntry(this.raw, names);
    return positive(name, value, this.raw);
  }

  list(name: string, length: number): number[] {
    const value = rawValue(this.settings.parameters, name);
    const isList =
      Array.isArray(value) && value.length === length && value.every((x) => typeof x === "number" && x > 0);
    if (!isList)
      wrongField(
        `${this.settings.path}.${name}`,
        `a list of ${length} numbers (half the rotated elements of a head)`,
        Array.isArray(value) ? `${value.length} values` : value,
      );
    return value as number[];
  }
}

function positive(path: string, value: unknown, raw: RawConfig): number {
  if (typeof value !== "number" || !(value > 0) || !Number.isFinite(value))
    wrongField(path, "a positive number", value, raw);
  return value as number;
}

/** Elements of a head by which frequencies are spread, and those that are rotated: the next even number. */
function rotaryDims(raw: RawConfig, read: RopeReader, options: RopeOptions) {
  const headDim = options.headDim ?? readHeads(raw, { headDim: options.defaultHeadDim }).headDim;
  let dim: number;
  if (options.rotaryDimFrom !== undefined) dim = read.topLevel([options.rotaryDimFrom]);
  else {
    const names = options.partialFrom ?? ["partial_rotary_factor"];
    const partial = read.either("partial_rotary_factor", names, options.partialRotaryFactor ?? 1);
    if (partial > 1) wrongField("partial_rotary_factor", "at most 1", partial);
    dim = Math.trunc(headDim * partial);
  }
  const rotaryDim = dim + (dim % 2);
  if (!Number.isInteger(dim) || rotaryDim < 2 || rotaryDim > headDim)
    throw new ConfigError(
      `config.json: ${options.rotaryDimFrom ?? "partial_rotary_factor"} gives ${rotaryDim} rotated elements of a head, ` +
        `which must be an even number from 2 to ${headDim} (head_dim)`,
    );
  return { rotaryDim, frequencyDim: dim };
}

/** @throws ConfigError when a field is missing for the rope type, or wrong */
export function readRope(raw: RawConfig, options: RopeOptions = {}): RopeConfig {
  const settings = ropeSettings(raw, options);
  const ropeType = ropeTypeOf(settings);
  const read = new RopeReader(raw, settings);
  const dims = rotaryDims(raw, read, options);
  const maxPositionEmbeddings = read.topLevel(["max_position_embeddings", "n_positions"], 2048);
  // Phi-3 has it at the top level, where it counts first.
  const originalMax = read.topLevel(
    ["original_max_position_embeddings"],
    read.number("original_max_position_embeddings", options.originalMaxPositionEmbeddings ?? maxPositionEmbeddings),
  );
  const factors = (name: string): number[] | undefined =>
    ropeType === "longrope" ? read.list(name, dims.rotaryDim / 2) : undefined;
  const needsFactor = ropeType === "linear" || ropeType === "dynamic" || ropeType === "llama3" || ropeType === "yarn";
  return {
    ropeType,
    ...dims,
    theta: read.either("rope_theta", options.thetaFrom ?? ["rope_theta"], options.theta ?? 10000),
    maxPositionEmbeddings,
    originalMaxPositionEmbeddings: originalMax,
    factor: read.number("factor", needsFactor ? undefined : maxPositionEmbeddings / originalMax),
    lowFreqFactor: read.number("low_freq_factor", 1),
    highFreqFactor: read.number("high_freq_factor", 4),
    betaFast: read.number("beta_fast", 32),
    betaSlow: read.number("beta_slow", 1),
    truncate: rawValue(settings.parameters, "truncate") !== false,
    attentionFactor: read.optional("attention_factor"),
    mscale: read.optional("mscale"),
    mscaleAllDim: read.optional("mscale_all_dim"),
    shortFactor: factors("short_factor"),
    longFactor: factors("long_factor"),
  };
}
