/** Cohere Command R: both blocks side by side, pairs of neighbours rotated. Follows HF modeling_cohere.py; strings are checkpoint names. */
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
import { scale } from "../ops/scale.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope({ theta: 500000 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  layerNormEps: f.number(1e-5),
  attentionBias: f.boolean(false),
  useQkNorm: f.boolean(false),
  logitScale: f.number(0.0625),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEps, bias: false });

class CohereAttention extends Module<Config> {
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
  private headNorm = { ...this.c.heads, eps: this.c.layerNormEps };
  private qNorm = this.c.useQkNorm
    ? new HeadLayerNorm(this.at("q_norm"), { ...this.headNorm, of: "query" })
    : undefined;
  private kNorm = this.c.useQkNorm ? new HeadLayerNorm(this.at("k_norm"), { ...this.headNorm, of: "key" }) : undefined;
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope, { style: "gptj" });
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    let [q, k, v] = this.qkvProj.forward(x);
    if (this.qNorm && this.kNorm) [q, k] = [this.qNorm.forward(q), this.kNorm.forward(k)];
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class CohereDecoderLayer extends Module<Config> {
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
  private selfAttn = new CohereAttention(this.at("self_attn"));
  private mlp = new GatedMLP(this.at("mlp"), this.config);

  /** Both blocks read the same norm. */
  forward(positions: Tensor, x: Tensor): Tensor {
    const h = this.inputLayernorm.forward(x);
    x = add(x, this.selfAttn.forward(positions, h));
    return add(x, this.mlp.forward(h));
  }
}

class CohereModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, CohereDecoderLayer);
  private norm = new LayerNorm(this.at("norm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class CohereForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new CohereModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return scale(this.lmHead.forward(rows), this.config.logitScale);
  }
}
