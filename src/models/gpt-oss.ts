/** gpt-oss: attention sinks, every second layer with a window, experts with biases. Follows HF modeling_gpt_oss.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { QKVParallelLinear, RouterLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { FusedMoE } from "../layers/moe.js";
import { RMSNorm } from "../layers/norm.js";
import type { Prefix } from "../layers/prefix.js";
import { RotaryEmbedding } from "../layers/rotary.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads({ headDim: 64 }),
  rope: f.rope({ theta: 150000, defaultHeadDim: 64 }),
  vocabSize: f.int(),
  rmsNormEps: f.number(1e-5),
  attentionBias: f.boolean(true),
  slidingWindows: f.slidingWindows({ window: 128, pattern: 2 }),
  numExperts: f.int(undefined, { from: ["num_local_experts", "num_experts"] }),
  numExpertsPerTok: f.int(4),
  swigluAlpha: f.number(1.702),
  swigluLimit: f.number(7),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class GptOssAttention extends Module<Config> {
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
    const { heads } = this.c;
    this.attention = new Attention(this.at("attn"), {
      ...heads,
      scale: heads.headDim ** -0.5,
      slidingWindow: this.c.slidingWindows[layer],
      sinks: "sinks",
    });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class GptOssMLP extends Module<Config> {
  private c = this.config;
  private router = new RouterLinear(this.at("router"), {
    inputSize: this.c.hiddenSize,
    outputSize: this.c.numExperts,
    bias: true,
  });
  private experts = new FusedMoE(this.at("experts"), {
    ...this.c,
    topK: this.c.numExpertsPerTok,
    hiddenAct: { alpha: this.c.swigluAlpha, limit: this.c.swigluLimit },
    renormalize: true, // softmax over the chosen experts
    names: { gateUp: "gate_up_proj", down: "down_proj", transposed: true, alternating: true },
    bias: true,
  });

  /** x [numTokens, hiddenSize] -> the same shape */
  forward(x: Tensor): Tensor {
    return this.experts.forward(x, this.router.forward(x));
  }
}

class GptOssDecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn: GptOssAttention;
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp = new GptOssMLP(this.at("mlp"));

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.selfAttn = new GptOssAttention(this.at("self_attn"), layer);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class GptOssModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, GptOssDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class GptOssForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new GptOssModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
