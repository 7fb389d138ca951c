/** The GGUF architectures that Quire reads: one entry each. This is the only list of them. */
import { decoderConfig, hasBias, type GgufConfigSource } from "./gguf-config.js";
import { decoderNames, type GgufNameTable } from "./gguf-names.js";

/** What differs from one `general.architecture` to the next. */
export interface GgufArchitecture {
  /** config.json, from metadata. */
  config(source: GgufConfigSource): Record<string, unknown>;
  names: GgufNameTable;
  /** Tensors that config() has used up, or that nothing needs. */
  dropped: readonly string[];
  /** True if the converter put rows of q and k into rotary pairs (2i, 2i + 1); they are read back in halves (i, i + d/2). */
  pairedRotary: boolean;
}

export const ggufArchitectures: Readonly<Record<string, GgufArchitecture>> = {
  llama: { config: llamaConfig, names: decoderNames, dropped: ["rope_freqs.weight"], pairedRotary: true },
  qwen2: { config: qwen2Config, names: decoderNames, dropped: [], pairedRotary: false },
  smollm3: { config: smollm3Config, names: decoderNames, dropped: ["rope_freqs.weight"], pairedRotary: true },
};

/** Llama and Mistral are one architecture in GGUF; only a sliding window tells them apart, and only that needs to. */
function llamaConfig(source: GgufConfigSource): Record<string, unknown> {
  const window = source.fields.optionalCount("attention.sliding_window");
  if (window !== undefined)
    return {
      architectures: ["MistralForCausalLM"],
      model_type: "mistral",
      ...decoderConfig(source),
      sliding_window: window,
    };
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    ...decoderConfig(source),
    attention_bias: hasBias(source, "attn_q"),
    mlp_bias: hasBias(source, "ffn_up"),
  };
}

/** Biases of q, k and v belong to the architecture. */
function qwen2Config(source: GgufConfigSource): Record<string, unknown> {
  const window = source.fields.optionalCount("attention.sliding_window");
  return {
    architectures: ["Qwen2ForCausalLM"],
    model_type: "qwen2",
    ...decoderConfig(source),
    use_sliding_window: window !== undefined,
    sliding_window: window ?? null,
  };
}

/** Every fourth layer goes without rotary embedding; the file does not say so, llama.cpp knows it as well. */
function smollm3Config(source: GgufConfigSource): Record<string, unknown> {
  const config = decoderConfig(source);
  const layers = source.fields.count("block_count");
  return {
    architectures: ["SmolLM3ForCausalLM"],
    model_type: "smollm3",
    ...config,
    attention_bias: hasBias(source, "attn_q"),
    mlp_bias: hasBias(source, "ffn_up"),
    no_rope_layer_interval: 4,
    no_rope_layers: Array.from({ length: layers }, (_, i) => ((i + 1) % 4 === 0 ? 0 : 1)),
    use_sliding_window: false,
    sliding_window: null,
  };
}
