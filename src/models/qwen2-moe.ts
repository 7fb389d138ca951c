/** Qwen2-MoE and Qwen1.5-MoE: Qwen2 with experts in most layers, one of which every token uses. Follows HF modeling_qwen2_moe.py; strings are checkpoint names. */
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
import { mul } from "../ops/mul.js";
import { sigmoid } from "../ops/sigmoid.js";
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
  qkvBias: f.boolean(true),
  slidingWindows: f.slidingWindows({
    window: 4096,
    enabledBy: "use_sliding_window",
    pattern: 2,
    end: { from: "max_window_layers", fallback: 28 },
  }),
  numExperts: f.int(undefined, { from: ["num_experts", "num_local_experts"] }),
  numExpertsPerTok: f.int(),
  moeIntermediateSize: f.int(),
  /** 0: none */
  sharedExpertIntermediateSize: f.number(),
  normTopkProb: f.boolean(false),
  mlpOnlyLayers: f.ints([]),
  decoderSparseStep: f.int(1),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class Qwen2MoeAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.qkvBias,
  });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
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
    });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class Qwen2MoeSparseMoeBlock extends Module<Config> {
  private c = this.config;
  private gate = new RouterLinear(this.at("gate"), { inputSize: this.c.hiddenSize, outputSize: this.c.numExperts });
  private experts = new FusedMoE(this.at("experts"), {
    ...this.c,
    topK: this.c.numExpertsPerTok,
    intermediateSize: this.c.moeIntermediateSize,
    renormalize: this.c.normTopkProb,
  });

  private sharedExpert: GatedMLP<Config> | undefined;
  private sharedExpertGate: RouterLinear<Config> | undefined;

  constructor(prefix: Prefix<Config>) {
    super(prefix);
    const { hiddenSize, sharedExpertIntermediateSize: intermediateSize } = this.c;
    if (intermediateSize === 0) return;
    this.sharedExpert = new GatedMLP(this.at("shared_expert"), { ...this.c, intermediateSize });
    this.sharedExpertGate = new RouterLinear(this.at("shared_expert_gate"), { inputSize: hiddenSize, outputSize: 1 });
  }

  /** x [numTokens, hiddenSize] -> the same shape */
  forward(x: Tensor): Tensor {
    const routed = this.experts.forward(x, this.gate.forward(x));
    if (!this.sharedExpert || !this.sharedExpertGate) return routed;
    return add(routed, mul(this.sharedExpert.forward(x), sigmoid(this.sharedExpertGate.forward(x))));
  }
}

/** Every decoderSparseStep-th layer has experts, unless mlp_only_layers names it. */
function isSparse(c: Config, layer: number): boolean {
  return !c.mlpOnlyLayers.includes(layer) && (layer + 1) % c.decoderSparseStep === 0;
}

class Qwen2MoeDecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn: Qwen2MoeAttention;
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp: Qwen2MoeSparseMoeBlock | GatedMLP<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.selfAttn = new Qwen2MoeAttention(this.at("self_attn"), layer);
    this.mlp = isSparse(this.config, layer)
      ? new Qwen2MoeSparseMoeBlock(this.at("mlp"))
      : new GatedMLP(this.at("mlp"), this.config);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class Qwen2MoeModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, Qwen2MoeDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class Qwen2MoeForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new Qwen2MoeModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
