/** The longest sequence that a model was made for. Source: vLLM `_get_and_verify_max_len`. */
import { ConfigError } from "../util/errors.js";
import type { RawConfig } from "./raw-config.js";
import { rawValue } from "./raw-config.js";
import { ropeParameters } from "./hf-rope.js";

const lengthKeys = [
  "max_position_embeddings",
  "n_positions",
  "max_seq_len",
  "seq_length",
  "max_sequence_length",
  "n_ctx",
];

/** Of a model whose config.json names no length: it may take any. Source: vLLM. */
const defaultLength = 2048;

/** Tokens (prompt and output) by config.json alone: the trained length, times the factor of a stretched rope; undefined: any. */
export function derivedMaxModelLen(raw: RawConfig): number | undefined {
  let length: number | undefined;
  for (const key of lengthKeys) {
    const value = rawValue(raw, key);
    if (typeof value === "number" && value > 0) length = Math.min(length ?? value, value);
  }
  if (length === undefined) return undefined;
  const trained = length;
  return Math.trunc(Math.max(...ropeParameters(raw).map((rope) => stretched(trained, rope))));
}

function stretched(length: number, rope: RawConfig): number {
  const type = rope.rope_type ?? rope.type;
  const original = rope.original_max_position_embeddings;
  if (typeof rope.factor !== "number") return length;
  if (type === "linear" || type === "dynamic") return length * rope.factor;
  return type === "yarn" && typeof original === "number" ? original * rope.factor : length;
}

/**
 * The length to run with: what was asked for, else what the model was made for.
 * @throws ConfigError if more is asked for than the model can take
 */
export function resolveMaxModelLen(raw: RawConfig, wanted: number | undefined): number {
  const derived = derivedMaxModelLen(raw);
  if (wanted !== undefined && derived !== undefined && wanted > derived)
    throw new ConfigError(
      `--max-model-len ${wanted} is longer than the model's ${derived} positions (config.json); ` +
        `use at most ${derived}, or stretch the model with --hf-overrides '{"rope_parameters": …}'`,
    );
  return wanted ?? derived ?? defaultLength;
}
