/** Persimmon (Adept). Follows HF modeling_persimmon.py; strings are checkpoint names. */
import type { ConfigOf } from "quirelm/layers";
import {
  Attention,
  CausalLM,
  ColumnParallelLinear,
  hfConfig,
  LayerNorm,
  Module,
  ParallelLMHead,
  QKVParallelLinear,
  RotaryEmbedding,
  RowParallelLinear,
  VocabParallelEmbedding,
} from "quirelm/layers";
import type { Step, Tensor } from "quirelm/ops";
import { activation, add, mul } from "quirelm/ops";

const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope({ partialRotaryFactor: 0.5 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(["relu2"], "relu2"),
  layerNormEps: f.number(1e-5),
  qkLayernorm: f.boolean(true),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class PersimmonMLP extends Module<Config> {
  private c = this.config;
  private denseHTo4h = new ColumnParallelLinear(this.at("dense_h_to_4h"), {
    inputSize: this.c.hiddenSize,
    outputSize: this.c.intermediateSize,
    bias: true,
  });
  private dense4hToH = new RowParallelLinear(this.at("dense_4h_to_h"), {
    inputSize: this.c.intermediateSize,
    outputSize: this.c.hiddenSize,
    bias: true,
  });

  /** x [numTokens, hiddenSize] -> the same shape; relu2 is relu, squared */
  forward(x: Tensor): Tensor {
    const h = activation(this.denseHTo4h.forward(x), "relu");
    return this.dense4hToH.forward(mul(h, h));
  }
}

class PersimmonAttention extends Module<Config> {
  private c = this.config;
  private headNorm = { hiddenSize: this.c.heads.headDim, eps: this.c.layerNormEps };
  private queryKeyValue = new QKVParallelLinear(this.at("query_key_value"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: true,
    fused: "grouped",
  });
  private dense = new RowParallelLinear(this.at("dense"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: true,
  });
  private qLayernorm = this.c.qkLayernorm ? new LayerNorm(this.at("q_layernorm"), this.headNorm) : undefined;
  private kLayernorm = this.c.qkLayernorm ? new LayerNorm(this.at("k_layernorm"), this.headNorm) : undefined;
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    let [q, k, v] = this.queryKeyValue.forward(x);
    if (this.qLayernorm && this.kLayernorm) [q, k] = [this.qLayernorm.forward(q), this.kLayernorm.forward(k)];
    return this.dense.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class PersimmonDecoderLayer extends Module<Config> {
  private norm = { hiddenSize: this.config.hiddenSize, eps: this.config.layerNormEps };
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), this.norm);
  private selfAttn = new PersimmonAttention(this.at("self_attn"));
  private postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), this.norm);
  private mlp = new PersimmonMLP(this.at("mlp"));

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class PersimmonModel extends Module<Config> {
  private c = this.config;
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.c);
  private layers = this.list("layers", this.c.numHiddenLayers, PersimmonDecoderLayer);
  private finalLayernorm = new LayerNorm(this.at("final_layernorm"), {
    hiddenSize: this.c.hiddenSize,
    eps: this.c.layerNormEps,
  });

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.finalLayernorm.forward(x);
  }
}

export class PersimmonForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new PersimmonModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
