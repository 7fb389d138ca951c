/** StableLM 3B and StableLM 2. Follows HF modeling_stablelm.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { GatedMLP } from "../layers/gated-mlp.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { HeadLayerNorm, LayerNorm } from "../layers/norm.js";
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
  rope: f.rope({ partialFrom: ["partial_rotary_factor", "rope_pct"], partialRotaryFactor: 0.25 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  layerNormEps: f.number(1e-5),
  useQkvBias: f.boolean(false),
  qkLayernorm: f.boolean(false),
  useParallelResidual: f.boolean(false),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEps });

class StableLmAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.useQkvBias,
  });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
  });
  private headNorm = { ...this.c.heads, eps: this.c.layerNormEps, list: "norms" };
  private qLayernorm = this.c.qkLayernorm
    ? new HeadLayerNorm(this.at("q_layernorm"), { ...this.headNorm, of: "query" })
    : undefined;
  private kLayernorm = this.c.qkLayernorm
    ? new HeadLayerNorm(this.at("k_layernorm"), { ...this.headNorm, of: "key" })
    : undefined;
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    let [q, k, v] = this.qkvProj.forward(x);
    if (this.qLayernorm) q = this.qLayernorm.forward(q);
    if (this.kLayernorm) k = this.kLayernorm.forward(k);
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class StableLmDecoderLayer extends Module<Config> {
  private c = this.config;
  private selfAttn = new StableLmAttention(this.at("self_attn"));
  private mlp = new GatedMLP(this.at("mlp"), this.c);
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.c));
  private postAttentionLayernorm = this.c.useParallelResidual
    ? undefined
    : new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.c));

  /** With a parallel residual both blocks read the same norm. */
  forward(positions: Tensor, x: Tensor): Tensor {
    const h = this.inputLayernorm.forward(x);
    const attended = this.selfAttn.forward(positions, h);
    if (!this.postAttentionLayernorm) return add(x, add(attended, this.mlp.forward(h)));
    x = add(x, attended);
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class StableLmModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, StableLmDecoderLayer);
  private norm = new LayerNorm(this.at("norm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class StableLmForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new StableLmModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
