/** Rotary embedding settings from config.json, in the old form (rope_theta, rope_scaling) and the new (rope_parameters). */
import { ConfigError } from "../util/errors.js";
import type { RawConfig } from "./raw-config.js";
import { rawValue, wrongField } from "./raw-config.js";
import { readHeads } from "./hf-heads.js";

export const ropeTypes = ["default", "linear", "dynamic", "llama3", "yarn", "longrope"] as const;
export type RopeType = (typeof ropeTypes)[number];

export interface RopeConfig {
  readonly ropeType: RopeType;
  readonly theta: number;
  /** Elements of a head that are rotated: headDim * partial_rotary_factor. */
  readonly rotaryDim: number;
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

/** rope_parameters, or rope_scaling, or nothing. Keys of the older spelling (`type`) are understood. */
export function ropeParameters(raw: RawConfig): Record<string, unknown> {
  const value = rawValue(raw, "rope_parameters") ?? rawValue(raw, "rope_scaling") ?? {};
  if (typeof value !== "object" || Array.isArray(value)) wrongField("rope_parameters", "an object", value);
  return value as Record<string, unknown>;
}

function ropeTypeOf(parameters: Record<string, unknown>): RopeType {
  const name = parameters.rope_type ?? parameters.type ?? "default";
  const type = name === "su" ? "longrope" : name;
  if (!ropeTypes.includes(type as RopeType))
    throw new ConfigError(
      `config.json: rope type ${JSON.stringify(name)} is not known; known: ${ropeTypes.join(", ")}`,
    );
  return type as RopeType;
}

/** @throws ConfigError when a field is missing for the rope type, or wrong */
export function readRope(raw: RawConfig): RopeConfig {
  const parameters = ropeParameters(raw);
  const ropeType = ropeTypeOf(parameters);
  const number = (name: string, fallback?: number): number => {
    const value = rawValue(parameters, name) ?? rawValue(raw, name) ?? fallback;
    if (typeof value !== "number" || !(value > 0) || !Number.isFinite(value))
      wrongField(name, "a positive number", value);
    return value as number;
  };
  const optional = (name: string): number | undefined =>
    rawValue(parameters, name) === undefined ? undefined : number(name);
  const list = (name: string): number[] | undefined => {
    const value = rawValue(parameters, name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((x) => typeof x === "number"))
      wrongField(name, "a list of numbers", value);
    return value as number[];
  };
  const { headDim } = readHeads(raw);
  const partial = number("partial_rotary_factor", 1);
  if (partial > 1) wrongField("partial_rotary_factor", "at most 1", partial);
  const rotaryDim = Math.trunc(headDim * partial);
  if (rotaryDim % 2 !== 0 || rotaryDim < 2)
    throw new ConfigError(
      `config.json: head_dim ${headDim} x partial_rotary_factor gives ${rotaryDim} rotated elements, which must be even`,
    );
  const maxPositionEmbeddings = number("max_position_embeddings", 2048);
  const longFactor = list("long_factor");
  const shortFactor = list("short_factor");
  for (const [name, factors] of [
    ["long_factor", longFactor],
    ["short_factor", shortFactor],
  ] as const)
    if (ropeType === "longrope" && factors?.length !== rotaryDim / 2)
      wrongField(name, `a list of ${rotaryDim / 2} numbers (half the rotated elements)`, factors?.length);
  const needsFactor = ropeType === "linear" || ropeType === "dynamic" || ropeType === "llama3" || ropeType === "yarn";
  const originalMax = number("original_max_position_embeddings", maxPositionEmbeddings);
  return {
    ropeType,
    theta: number("rope_theta", 10000),
    rotaryDim,
    maxPositionEmbeddings,
    originalMaxPositionEmbeddings: originalMax,
    factor: needsFactor ? number("factor") : number("factor", maxPositionEmbeddings / originalMax),
    lowFreqFactor: number("low_freq_factor", 1),
    highFreqFactor: number("high_freq_factor", 4),
    betaFast: number("beta_fast", 32),
    betaSlow: number("beta_slow", 1),
    truncate: rawValue(parameters, "truncate") !== false,
    attentionFactor: optional("attention_factor"),
    mscale: optional("mscale"),
    mscaleAllDim: optional("mscale_all_dim"),
    shortFactor,
    longFactor,
  };
}
