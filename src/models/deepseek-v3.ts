/** DeepSeek-V3 and R1: latent attention, experts chosen by sigmoid scores and a bias. Follows HF modeling_deepseek_v3.py. */
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
  moeIntermediateSize: f.int(2048),
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
  ropeInterleave: f.boolean(true),
  firstKDenseReplace: f.count(3),
  moeLayerFreq: f.int(1),
  nRoutedExperts: f.int(256),
  nSharedExperts: f.int(1),
  numExpertsPerTok: f.int(8),
  nGroup: f.int(8),
  topkGroup: f.int(4),
  topkMethod: f.only("noaux_tc"),
  scoringFunc: f.only("sigmoid"),
  normTopkProb: f.boolean(true),
  routedScalingFactor: f.number(2.5),
  numNextnPredictLayers: f.count(1),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class DeepseekV3MoE extends Module<Config> {
  private c = this.config;
  private gate = new RouterLinear(this.at("gate"), { inputSize: this.c.hiddenSize, outputSize: this.c.nRoutedExperts });
  private experts = new FusedMoE(this.at("experts"), {
    ...this.c,
    numExperts: this.c.nRoutedExperts,
    topK: this.c.numExpertsPerTok,
    intermediateSize: this.c.moeIntermediateSize,
    renormalize: this.c.normTopkProb,
    scoringFunc: "sigmoid",
    numExpertGroup: this.c.nGroup,
    groupScore: "topTwo",
    correctionBias: "gate.e_score_correction_bias",
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

class DeepseekV3DecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn = new MLABlock(this.at("self_attn"), {
    ...this.config,
    ropeStyle: this.config.ropeInterleave ? "gptj" : "neox",
  });
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp: DeepseekV3MoE | GatedMLP<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    const { firstKDenseReplace, moeLayerFreq } = this.config;
    const isSparse = layer >= firstKDenseReplace && layer % moeLayerFreq === 0;
    this.mlp = isSparse ? new DeepseekV3MoE(this.at("mlp")) : new GatedMLP(this.at("mlp"), this.config);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class DeepseekV3Model extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, DeepseekV3DecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class DeepseekV3ForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  /** Layers behind the last predict further tokens for speculation. */
  static readonly ignoredBy = ({ numHiddenLayers, numNextnPredictLayers }: Config): RegExp[] =>
    Array.from({ length: numNextnPredictLayers }, (_, i) => new RegExp(`^model\\.layers\\.${numHiddenLayers + i}\\.`));
  private model = new DeepseekV3Model(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
