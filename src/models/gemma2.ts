/** Gemma 2: windows on every other layer, soft caps, norms around blocks. Follows HF modeling_gemma2.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { GatedMLP } from "../layers/gated-mlp.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { RMSNorm } from "../layers/norm.js";
import type { Prefix } from "../layers/prefix.js";
import { RotaryEmbedding } from "../layers/rotary.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import { softcap } from "../ops/softcap.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads({ headDim: 256 }),
  rope: f.rope({ defaultHeadDim: 256 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "gelu_pytorch_tanh", { from: "hidden_activation" }),
  rmsNormEps: f.number(1e-6),
  attentionBias: f.boolean(false),
  queryPreAttnScalar: f.number(256),
  slidingWindows: f.slidingWindows({ window: 4096, pattern: 2 }),
  attnLogitSoftcapping: f.optionalNumber({ fallback: 50 }),
  finalLogitSoftcapping: f.optionalNumber({ fallback: 30 }),
  useBidirectionalAttention: f.only(false),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

/** The checkpoint stores a norm's weights as distances from 1. */
const normOptions = (c: Config) => ({ ...c, weightOffset: 1 });

class Gemma2Attention extends Module<Config> {
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
  private attention: Attention<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.attention = new Attention(this.at("attn"), {
      ...this.c.heads,
      scale: this.c.queryPreAttnScalar ** -0.5,
      slidingWindow: this.c.slidingWindows[layer],
      logitSoftcap: this.c.attnLogitSoftcapping,
    });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class Gemma2DecoderLayer extends Module<Config> {
  private c = this.config;
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), normOptions(this.c));
  private selfAttn: Gemma2Attention;
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), normOptions(this.c));
  private preFeedforwardLayernorm = new RMSNorm(this.at("pre_feedforward_layernorm"), normOptions(this.c));
  private mlp = new GatedMLP(this.at("mlp"), this.c);
  private postFeedforwardLayernorm = new RMSNorm(this.at("post_feedforward_layernorm"), normOptions(this.c));

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.selfAttn = new Gemma2Attention(this.at("self_attn"), layer);
  }

  /** Norms stand before and after each block. */
  forward(positions: Tensor, x: Tensor): Tensor {
    const attended = this.selfAttn.forward(positions, this.inputLayernorm.forward(x));
    x = add(x, this.postAttentionLayernorm.forward(attended));
    const fed = this.mlp.forward(this.preFeedforwardLayernorm.forward(x));
    return add(x, this.postFeedforwardLayernorm.forward(fed));
  }
}

class Gemma2Model extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), {
    ...this.config,
    embedScale: this.config.hiddenSize ** 0.5,
  });
  private layers = this.list("layers", this.config.numHiddenLayers, Gemma2DecoderLayer);
  private norm = new RMSNorm(this.at("norm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class Gemma2ForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new Gemma2Model(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    const logits = this.lmHead.forward(rows);
    const { finalLogitSoftcapping } = this.config;
    return finalLogitSoftcapping === undefined ? logits : softcap(logits, finalLogitSoftcapping);
  }
}
