/** Qwen3-MoE: Qwen3 with a mixture of experts in most layers. Follows HF modeling_qwen3_moe.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { GatedMLP } from "../layers/gated-mlp.js";
import { QKVParallelLinear, RouterLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { FusedMoE } from "../layers/moe.js";
import { RMSNorm } from "../layers/norm.js";
import type { Prefix } from "../layers/prefix.js";
import { RotaryEmbedding } from "../layers/rotary.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope(),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-6),
  attentionBias: f.boolean(false),
  slidingWindows: f.slidingWindows({ window: 4096, enabledBy: "use_sliding_window", first: { fallback: 0 } }),
  numExperts: f.int(undefined, { from: ["num_experts", "num_local_experts"] }),
  numExpertsPerTok: f.int(),
  moeIntermediateSize: f.int(),
  normTopkProb: f.boolean(false),
  mlpOnlyLayers: f.ints([]),
  decoderSparseStep: f.int(1),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class Qwen3MoeAttention extends Module<Config> {
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
  private qNorm = new RMSNorm(this.at("q_norm"), { ...this.c, hiddenSize: this.c.heads.headDim });
  private kNorm = new RMSNorm(this.at("k_norm"), { ...this.c, hiddenSize: this.c.heads.headDim });
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention: Attention<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    const { heads } = this.c;
    this.attention = new Attention(this.at("attn"), {
      ...heads,
      scale: heads.headDim ** -0.5,
      slidingWindow: this.c.slidingWindows[layer],
    });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    const rotated = this.rotaryEmb.forward(positions, this.qNorm.forward(q), this.kNorm.forward(k));
    return this.oProj.forward(this.attention.forward(...rotated, v));
  }
}

class Qwen3MoeSparseMoeBlock extends Module<Config> {
  private c = this.config;
  private gate = new RouterLinear(this.at("gate"), { inputSize: this.c.hiddenSize, outputSize: this.c.numExperts });
  private experts = new FusedMoE(this.at("experts"), {
    ...this.c,
    topK: this.c.numExpertsPerTok,
    intermediateSize: this.c.moeIntermediateSize,
    renormalize: this.c.normTopkProb,
  });

  /** x [numTokens, hiddenSize] -> the same shape */
  forward(x: Tensor): Tensor {
    return this.experts.forward(x, this.gate.forward(x));
  }
}

/** Every decoderSparseStep-th layer has experts, unless mlp_only_layers names it. */
function isSparse(c: Config, layer: number): boolean {
  return !c.mlpOnlyLayers.includes(layer) && (layer + 1) % c.decoderSparseStep === 0;
}

class Qwen3MoeDecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn: Qwen3MoeAttention;
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp: Qwen3MoeSparseMoeBlock | GatedMLP<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.selfAttn = new Qwen3MoeAttention(this.at("self_attn"), layer);
    this.mlp = isSparse(this.config, layer)
      ? new Qwen3MoeSparseMoeBlock(this.at("mlp"))
      : new GatedMLP(this.at("mlp"), this.config);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class Qwen3MoeModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, Qwen3MoeDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class Qwen3MoeForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new Qwen3MoeModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
