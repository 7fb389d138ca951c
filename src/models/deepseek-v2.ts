/** DeepSeek-V2: latent attention, and experts of which a token's groups may be chosen first. Follows HF modeling_deepseek_v2.py. */
import type { ConfigOf } from "../config/hf-config.js";
import { fields, hfConfig } from "../config/hf-config.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { GatedMLP } from "../layers/gated-mlp.js";
import { RouterLinear } from "../layers/linear.js";
import { MLABlock } from "../layers/mla-block.js";
import { Module } from "../layers/module.js";
import { FusedMoE } from "../layers/moe.js";
import { RMSNorm } from "../layers/norm.js";
import type { Prefix } from "../layers/prefix.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  moeIntermediateSize: f.int(1407),
  numHiddenLayers: f.int(),
  numAttentionHeads: f.int(),
  numKeyValueHeads: f.optionalInt(),
  kvLoraRank: f.int(512),
  qLoraRank: f.optionalInt({ fallback: 1536 }),
  qkNopeHeadDim: f.int(128),
  qkRopeHeadDim: f.int(64),
  vHeadDim: f.int(128),
  // Only the rotated part of a head is rotated, whatever head_dim says.
  rope: (raw) => f.rope({ headDim: fields.int(64)(raw, "qkRopeHeadDim") })(raw, "rope"),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-6),
  attentionBias: f.boolean(false),
  mlpBias: f.boolean(false),
  firstKDenseReplace: f.count(0),
  moeLayerFreq: f.int(1),
  nRoutedExperts: f.int(64),
  nSharedExperts: f.int(2),
  numExpertsPerTok: f.int(),
  nGroup: f.optionalInt(),
  topkGroup: f.optionalInt(),
  topkMethod: f.oneOf(["greedy", "group_limited_greedy"], "greedy"),
  scoringFunc: f.only("softmax"),
  routedScalingFactor: f.number(1),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

/** norm_topk_prob is not read: HF's V2 does not renormalize, and all published checkpoints have false. */
class DeepseekV2MoE extends Module<Config> {
  private c = this.config;
  private isGrouped = this.c.topkMethod === "group_limited_greedy";
  private gate = new RouterLinear(this.at("gate"), { inputSize: this.c.hiddenSize, outputSize: this.c.nRoutedExperts });
  private experts = new FusedMoE(this.at("experts"), {
    ...this.c,
    numExperts: this.c.nRoutedExperts,
    topK: this.c.numExpertsPerTok,
    intermediateSize: this.c.moeIntermediateSize,
    renormalize: false,
    ...(this.isGrouped && { numExpertGroup: this.c.nGroup ?? 1, topkGroup: this.c.topkGroup ?? 1 }),
  });
  private sharedExperts = new GatedMLP(this.at("shared_experts"), {
    ...this.c,
    intermediateSize: this.c.moeIntermediateSize * this.c.nSharedExperts,
  });

  /** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(x: Tensor): Tensor {
    return add(this.experts.forward(x, this.gate.forward(x)), this.sharedExperts.forward(x));
  }
}

class DeepseekV2DecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn = new MLABlock(this.at("self_attn"), { ...this.config, ropeStyle: "gptj" });
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp: DeepseekV2MoE | GatedMLP<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    const { firstKDenseReplace, moeLayerFreq } = this.config;
    const isSparse = layer >= firstKDenseReplace && layer % moeLayerFreq === 0;
    this.mlp = isSparse ? new DeepseekV2MoE(this.at("mlp")) : new GatedMLP(this.at("mlp"), this.config);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class DeepseekV2Model extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, DeepseekV2DecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class DeepseekV2ForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new DeepseekV2Model(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
