/** Mixtral: Mistral with a mixture of experts in every layer. Follows HF modeling_mixtral.py; strings are checkpoint names. */
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
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope({ theta: 1e6 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-5),
  slidingWindow: f.optionalInt(),
  numExperts: f.int(undefined, { from: ["num_local_experts", "num_experts"] }),
  numExpertsPerTok: f.int(2),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class MixtralAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), { inputSize: this.c.hiddenSize, ...this.c.heads });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
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

class MixtralSparseMoeBlock extends Module<Config> {
  private c = this.config;
  private gate = new RouterLinear(this.at("gate"), { inputSize: this.c.hiddenSize, outputSize: this.c.numExperts });
  private experts = new FusedMoE(this.at("experts"), {
    ...this.c,
    topK: this.c.numExpertsPerTok,
    renormalize: true,
    names: { gate: "w1", up: "w3", down: "w2" },
  });

  /** x [numTokens, hiddenSize] -> the same shape */
  forward(x: Tensor): Tensor {
    return this.experts.forward(x, this.gate.forward(x));
  }
}

class MixtralDecoderLayer extends Module<Config> {
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), this.config);
  private selfAttn = new MixtralAttention(this.at("self_attn"));
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private blockSparseMoe = new MixtralSparseMoeBlock(this.at("block_sparse_moe"));

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.blockSparseMoe.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class MixtralModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, MixtralDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class MixtralForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new MixtralModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
