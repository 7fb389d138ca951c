/** Phi-1, 1.5 and 2: attention and feed-forward read the same norm. Follows HF modeling_phi.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { MLP } from "../layers/mlp.js";
import { Module } from "../layers/module.js";
import { LayerNorm } from "../layers/norm.js";
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
  rope: f.rope({ partialRotaryFactor: 0.5 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "gelu_new"),
  layerNormEps: f.number(1e-5),
  qkLayernorm: f.boolean(false),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEps });

class PhiAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: true,
  });
  private dense = new RowParallelLinear(this.at("dense"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: true,
  });
  private headNorm = { hiddenSize: this.c.heads.headDim, eps: this.c.layerNormEps };
  private qLayernorm = this.c.qkLayernorm ? new LayerNorm(this.at("q_layernorm"), this.headNorm) : undefined;
  private kLayernorm = this.c.qkLayernorm ? new LayerNorm(this.at("k_layernorm"), this.headNorm) : undefined;
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    let [q, k, v] = this.qkvProj.forward(x);
    if (this.qLayernorm) q = this.qLayernorm.forward(q);
    if (this.kLayernorm) k = this.kLayernorm.forward(k);
    return this.dense.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class PhiDecoderLayer extends Module<Config> {
  private selfAttn = new PhiAttention(this.at("self_attn"));
  private mlp = new MLP(this.at("mlp"), { ...this.config, names: ["fc1", "fc2"], bias: true });
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));

  forward(positions: Tensor, x: Tensor): Tensor {
    const h = this.inputLayernorm.forward(x);
    return add(x, add(this.selfAttn.forward(positions, h), this.mlp.forward(h)));
  }
}

class PhiModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, PhiDecoderLayer);
  private finalLayernorm = new LayerNorm(this.at("final_layernorm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.finalLayernorm.forward(x);
  }
}

export class PhiForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new PhiModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), {
    ...this.config,
    bias: true,
    tiedTo: this.model.embedTokens,
  });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
