/** Attention heads from config.json. */
import type { RawConfig } from "./raw-config.js";
import { rawEntry, wrongField } from "./raw-config.js";

/** Heads of one attention layer, whole model (not one rank's part). */
export interface HeadsConfig {
  readonly numHeads: number;
  readonly numKvHeads: number;
  readonly headDim: number;
  /** numHeads * headDim: columns of the query, inputs of the output projection */
  readonly size: number;
}

/** Published spellings; the first that config.json has counts. */
const numHeadsNames = ["num_attention_heads", "n_head", "n_heads"];
const hiddenSizeNames = ["hidden_size", "n_embd", "n_embed", "d_model"];

function count(raw: RawConfig, names: readonly string[]): number | undefined {
  const { name, value } = rawEntry(raw, names);
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value) || (value as number) <= 0 || (value as number) > 1_000_000)
    wrongField(name, "a positive integer", value);
  return value as number;
}

/**
 * @param defaults head_dim where config.json has none; without one it is hidden_size / num_attention_heads
 * @throws ConfigError when heads are missing or do not divide
 */
export function readHeads(raw: RawConfig, defaults: { readonly headDim?: number | undefined } = {}): HeadsConfig {
  const numHeads = count(raw, numHeadsNames) ?? wrongField("num_attention_heads", "a positive integer", undefined, raw);
  const numKvHeads = count(raw, ["num_key_value_heads"]) ?? numHeads;
  if (numHeads % numKvHeads !== 0)
    wrongField("num_key_value_heads", `a divisor of num_attention_heads (${numHeads})`, numKvHeads);
  let headDim = count(raw, ["head_dim"]) ?? defaults.headDim;
  if (headDim === undefined) {
    const hiddenSize = count(raw, hiddenSizeNames) ?? wrongField("hidden_size", "a positive integer", undefined, raw);
    headDim = hiddenSize / numHeads;
    if (!Number.isInteger(headDim))
      wrongField("hidden_size", `a multiple of num_attention_heads (${numHeads}), as there is no head_dim`, hiddenSize);
  }
  return { numHeads, numKvHeads, headDim, size: numHeads * headDim };
}
