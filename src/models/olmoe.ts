/** OLMoE: experts in every layer, and norms of all heads together. Follows HF modeling_olmoe.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { QKVParallelLinear, RouterLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { FusedMoE } from "../layers/moe.js";
import { RMSNorm } from "../layers/norm.js";
import { RotaryEmbedding } from "../layers/rotary.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import { clamp } from "../ops/clamp.js";
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
  rmsNormEps: f.number(1e-5),
  attentionBias: f.boolean(false),
  clipQkv: f.optionalNumber(),
  numExperts: f.int(undefined, { from: ["num_experts", "num_local_experts"] }),
  numExpertsPerTok: f.int(8),
  normTopkProb: f.boolean(false),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class OlmoeAttention extends Module<Config> {
  private c = this.config;
  private kvSize = this.c.heads.numKvHeads * this.c.heads.headDim;
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
  private qNorm = new RMSNorm(this.at("q_norm"), { ...this.c, hiddenSize: this.c.heads.size });
  private kNorm = new RMSNorm(this.at("k_norm"), { ...this.c, hiddenSize: this.kvSize });
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const { numHeads, numKvHeads, headDim } = this.c.heads;
    const [q, k, v] = this.qkvProj.forward(x);
    const clippedQ = this.clip(this.qNorm.forward(q.flattenInner())).splitLast(numHeads, headDim);
    const clippedK = this.clip(this.kNorm.forward(k.flattenInner())).splitLast(numKvHeads, headDim);
    const rotated = this.rotaryEmb.forward(positions, clippedQ, clippedK);
    return this.oProj.forward(this.attention.forward(...rotated, this.clip(v)));
  }

  private clip(x: Tensor): Tensor {
    return this.c.clipQkv === undefined ? x : clamp(x, -this.c.clipQkv, this.c.clipQkv);
  }
}

class OlmoeSparseMoeBlock extends Module<Config> {
  private c = this.config;
  private gate = new RouterLinear(this.at("gate"), { inputSize: this.c.hiddenSize, outputSize: this.c.numExperts });
  private experts = new FusedMoE(this.at("experts"), {
    ...this.c,
    topK: this.c.numExpertsPerTok,
    renormalize: this.c.normTopkProb,
  });

  /** x [numTokens, hiddenSize] -> the same shape */
  forward(x: Tensor): Tensor {
    return this.experts.forward(x, this.gate.forward(x));
  }
}

class OlmoeDecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn = new OlmoeAttention(this.at("self_attn"));
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp = new OlmoeSparseMoeBlock(this.at("mlp"));

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class OlmoeModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, OlmoeDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class OlmoeForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new OlmoeModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
