/** Llama 1-3 and Mistral. Follows HF modeling_llama.py and modeling_mistral.py; strings are checkpoint names. */
import type { ConfigOf, fields } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { GatedMLP } from "../layers/gated-mlp.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { RMSNorm } from "../layers/norm.js";
import { RotaryEmbedding } from "../layers/rotary.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

const llamaFields = (f: typeof fields) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope(),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-6),
  attentionBias: f.boolean(false),
  mlpBias: f.boolean(false),
  tieWordEmbeddings: f.boolean(false),
});

export const config = hfConfig(llamaFields);
export const mistralConfig = hfConfig((f) => ({ ...llamaFields(f), slidingWindow: f.optionalInt({ fallback: 4096 }) }));
type Config = ConfigOf<typeof config> & { readonly slidingWindow?: number | undefined };

class LlamaAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.attentionBias,
  });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: this.c.attentionBias,
  });
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), {
    ...this.c.heads,
    scale: this.c.heads.headDim ** -0.5,
    slidingWindow: this.c.slidingWindow,
  });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class LlamaDecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn = new LlamaAttention(this.at("self_attn"));
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp = new GatedMLP(this.at("mlp"), this.config);

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class LlamaModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, LlamaDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class LlamaForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new LlamaModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}

/** Mistral is Llama with a sliding window. */
export class MistralForCausalLM extends LlamaForCausalLM {
  static override readonly config = mistralConfig;
}

/** The name in some of the first conversions of Llama 1. */
export class LLaMAForCausalLM extends LlamaForCausalLM {}
