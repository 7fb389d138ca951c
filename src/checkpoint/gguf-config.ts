/** GGUF metadata to config.json and generation_config.json as Hugging Face would have published them. */
import type { Shape } from "../tensor/shape.js";
import type { GgufFields } from "./gguf-fields.js";

/** The parts of a GGUF file that a config is made from. */
export interface GgufConfigSource {
  fields: GgufFields;
  /** Shapes by llama.cpp's name: what is there tells of biases and tied embeddings. */
  shapes: ReadonlyMap<string, Shape>;
  /** The values of `rope_freqs.weight`, undefined if the file has none. Few: half a head. */
  ropeFactors: Float32Array | undefined;
}

/** Fields that all decoders of Llama's form share. @throws CheckpointError if metadata is missing or contradicts itself */
export function decoderConfig(source: GgufConfigSource): Record<string, unknown> {
  const { fields, shapes } = source;
  const embedding = shapes.get("token_embd.weight");
  if (embedding?.length !== 2) throw fields.error("expected a matrix token_embd.weight, there is none");
  const hiddenSize = fields.count("embedding_length");
  const heads = fields.count("attention.head_count");
  const headDim = fields.optionalCount("attention.key_length") ?? hiddenSize / heads;
  const layers = fields.count("block_count");
  if (!Number.isInteger(headDim))
    throw fields.error(
      `embedding_length ${hiddenSize} is not a multiple of head_count ${heads}, and there is no key_length`,
    );
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
    rope_theta: fields.optionalNumber("rope.freq_base") ?? 10000,
    rope_scaling: ropeScaling(source, headDim),
    ...partialRotary(fields, headDim),
    attention_dropout: 0,
    tie_word_embeddings: !shapes.has("output.weight"),
    ...tokenIds(fields),
  };
}

function partialRotary(fields: GgufFields, headDim: number): Record<string, unknown> {
  const dimensions = fields.optionalCount("rope.dimension_count") ?? headDim;
  if (dimensions > headDim) throw fields.wrong("rope.dimension_count", `at most ${headDim}`, dimensions);
  return dimensions === headDim ? {} : { partial_rotary_factor: dimensions / headDim };
}

function tokenIds(fields: GgufFields): Record<string, unknown> {
  const ids: Record<string, unknown> = {};
  for (const [key, name] of [
    ["bos_token_id", "bos"],
    ["eos_token_id", "eos"],
    ["pad_token_id", "padding"],
  ] as const) {
    const id = fields.tokenId(name);
    if (id !== undefined) ids[key] = id;
  }
  return ids;
}

/** generation_config.json: all ids that end a turn or text, as llama.cpp stops at them. Undefined if the file names none. */
export function ggufGenerationConfig(fields: GgufFields): Record<string, unknown> | undefined {
  const ends = ["eos", "eot", "eom"].map((name) => fields.tokenId(name)).filter((id) => id !== undefined);
  if (ends.length === 0) return undefined;
  const bos = fields.tokenId("bos");
  return { ...(bos === undefined ? {} : { bos_token_id: bos }), eos_token_id: [...new Set(ends)] };
}

function ropeScaling(source: GgufConfigSource, headDim: number): Record<string, unknown> | null {
  const { fields, ropeFactors } = source;
  if (ropeFactors !== undefined) return llama3Scaling(fields, ropeFactors, headDim);
  const type = fields.optionalString("rope.scaling.type") ?? "none";
  const factor = fields.optionalNumber("rope.scaling.factor") ?? fields.optionalNumber("rope.scale_linear") ?? 1;
  if (factor <= 0) throw fields.wrong("rope.scaling.factor", "a number above 0", factor);
  if (type === "none" || (type === "linear" && factor === 1)) return null;
  if (type === "linear") return { rope_type: "linear", factor };
  if (type !== "yarn") throw fields.wrong("rope.scaling.type", '"none", "linear" or "yarn"', type);
  const attention = fields.optionalNumber("rope.scaling.attn_factor") ?? 1;
  if (attention !== 1) throw fields.wrong("rope.scaling.attn_factor", "1", attention);
  const scaling: Record<string, unknown> = {
    rope_type: "yarn",
    factor,
    original_max_position_embeddings: fields.count("rope.scaling.original_context_length"),
  };
  for (const name of ["beta_fast", "beta_slow"]) {
    const value = fields.optionalNumber(`rope.scaling.yarn_${name}`);
    if (value !== undefined) scaling[name] = value;
  }
  return scaling;
}

/** What every published Llama 3 config says; the file carries only the factors that follow from it. */
const llama3 = { low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

/**
 * Llama 3's scaling, of which GGUF keeps only the resulting divisor of each frequency. The divisor of the slowest
 * frequency is `factor`; the other parameters are those of all published models, checked against every divisor.
 */
function llama3Scaling(fields: GgufFields, factors: Float32Array, headDim: number): Record<string, unknown> {
  const theta = fields.optionalNumber("rope.freq_base") ?? 10000;
  const factor = factors[factors.length - 1]!;
  const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = llama3;
  for (let i = 0; i < factors.length; i++) {
    const wavelength = 2 * Math.PI * theta ** ((2 * i) / headDim);
    const smooth = Math.min(1, Math.max(0, (original / wavelength - low) / (high - low)));
    const expected = 1 / ((1 - smooth) / factor + smooth);
    if (!(Math.abs(factors[i]! - expected) <= 1e-3 * expected) || factors.length * 2 !== headDim)
      throw fields.error(
        `rope_freqs.weight is not Llama 3's scaling (entry ${i} of ${factors.length}: expected ${expected.toFixed(4)}, got ${factors[i]}); other rotary factors are not supported in GGUF: use the safetensors of this model`,
      );
  }
  return { rope_type: "llama3", factor, ...llama3 };
}

/** True if the file has a bias for this tensor of the first layer. */
export function hasBias(source: GgufConfigSource, stem: string): boolean {
  return source.shapes.has(`blk.0.${stem}.bias`);
}
