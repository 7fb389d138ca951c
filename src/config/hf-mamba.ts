/** Fields of config.json that state-space models share and that are more than one value. */
import type { RawConfig } from "./raw-config.js";
import { isObject, rawValue, wrongField } from "./raw-config.js";

/** Sizes of a Mamba-1 mixer. */
export interface MambaSizes {
  /** Channels between the projections. */
  readonly intermediateSize: number;
  /** Columns of what the time steps are projected from. */
  readonly timeStepRank: number;
}

/** Heads of a Mamba-2 mixer. */
export interface Mamba2Heads {
  readonly numHeads: number;
  readonly headDim: number;
  /** Groups of heads that share B and C. */
  readonly nGroups: number;
}

/** A positive integer below 2^31. */
function count(raw: RawConfig, name: string, fallback?: number): number {
  const value = rawValue(raw, name) ?? fallback;
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) >= 2 ** 31)
    wrongField(name, "a positive integer", value, raw);
  return value as number;
}

/** expand * hidden_size, rounded down. */
function expanded(raw: RawConfig): number {
  const expand = rawValue(raw, "expand") ?? 2;
  if (typeof expand !== "number" || !(expand > 0) || expand > 1e6) wrongField("expand", "a positive number", expand);
  return Math.floor(expand * count(raw, "hidden_size"));
}

/**
 * intermediate_size (default: expand * hidden_size) and time_step_rank ("auto": hidden_size / 16, rounded up).
 * Source: HF MambaConfig. @throws ConfigError
 */
export function mambaSizes(raw: RawConfig): MambaSizes {
  const intermediateSize = count(raw, "intermediate_size", expanded(raw));
  const rank = rawValue(raw, "time_step_rank") ?? "auto";
  if (rank === "auto") return { intermediateSize, timeStepRank: Math.ceil(count(raw, "hidden_size") / 16) };
  if (typeof rank !== "number" || !Number.isSafeInteger(rank) || rank < 1 || rank >= 2 ** 31)
    wrongField("time_step_rank", 'a positive integer or "auto"', rank);
  return { intermediateSize, timeStepRank: rank };
}

/**
 * num_heads, head_dim and n_groups. Source: HF Mamba2Config.
 * @throws ConfigError unless num_heads * head_dim is expand * hidden_size, and n_groups divides num_heads
 */
export function mamba2Heads(raw: RawConfig): Mamba2Heads {
  const numHeads = count(raw, "num_heads", 128);
  const headDim = count(raw, "head_dim", 64);
  const nGroups = count(raw, "n_groups", 8);
  const inner = expanded(raw);
  if (numHeads * headDim !== inner)
    wrongField("num_heads", `expand * hidden_size / head_dim (${inner} / ${headDim})`, numHeads);
  if (numHeads % nGroups !== 0) wrongField("n_groups", `a divisor of num_heads (${numHeads})`, nGroups);
  return { numHeads, headDim, nGroups };
}

/** Python's float("inf"): as JSON that Python writes alone, or as Transformers 5 writes it. */
function numberOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  return value["__float__"] === "Infinity" ? Infinity : value["__float__"] === "-Infinity" ? -Infinity : value;
}

/**
 * time_step_limit, [least, greatest] time step, default [0, infinity]; infinity is `Infinity` or {"__float__": "Infinity"}.
 * @throws ConfigError unless they are two numbers in order
 */
export function timeStepLimit(raw: RawConfig): readonly [min: number, max: number] {
  const value = rawValue(raw, "time_step_limit") ?? [0, Infinity];
  const [min, max, ...more] = Array.isArray(value) ? value.map(numberOf) : [];
  if (typeof min !== "number" || typeof max !== "number" || more.length > 0 || !(min <= max))
    wrongField("time_step_limit", "two numbers in ascending order, the second may be Infinity", value);
  return [min as number, max as number];
}
