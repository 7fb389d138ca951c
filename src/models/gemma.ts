/** Gemma 1. Follows HF modeling_gemma.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
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

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads({ headDim: 256 }),
  rope: f.rope({ defaultHeadDim: 256 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "gelu_pytorch_tanh"),
  rmsNormEps: f.number(1e-6),
  attentionBias: f.boolean(false),
  useBidirectionalAttention: f.only(false),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

/** The checkpoint stores a norm's weights as distances from 1. */
const normOptions = (c: Config) => ({ ...c, weightOffset: 1 });

class GemmaAttention extends Module<Config> {
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
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class GemmaDecoderLayer extends Module<Config> {
  private c = this.config;
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), normOptions(this.c));
  private selfAttn = new GemmaAttention(this.at("self_attn"));
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), normOptions(this.c));
  private mlp = new GatedMLP(this.at("mlp"), {
    ...this.c,
    // The first checkpoints say "gelu" and mean its approximation.
    hiddenAct: this.c.hiddenAct === "gelu" ? "gelu_pytorch_tanh" : this.c.hiddenAct,
  });

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class GemmaModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), {
    ...this.config,
    embedScale: this.config.hiddenSize ** 0.5,
  });
  private layers = this.list("layers", this.config.numHiddenLayers, GemmaDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class GemmaForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new GemmaModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
