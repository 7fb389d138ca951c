/** BLOOM: linear biases by distance instead of positions, a norm after the embedding. Follows HF modeling_bloom.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { MLP } from "../layers/mlp.js";
import { Module } from "../layers/module.js";
import { LayerNorm } from "../layers/norm.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(undefined, { from: ["hidden_size", "n_embed"] }),
  numHiddenLayers: f.int(undefined, { from: ["n_layer", "num_hidden_layers"] }),
  heads: f.heads(),
  vocabSize: f.int(),
  layerNormEpsilon: f.number(1e-5),
  applyResidualConnectionPostLayernorm: f.boolean(false),
  slowButExact: f.only(false),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEpsilon });

class BloomAttention extends Module<Config> {
  private c = this.config;
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
  private attention = new Attention(this.at("attn"), {
    ...this.c.heads,
    scale: this.c.heads.headDim ** -0.5,
    alibi: true,
  });

  /** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(x: Tensor): Tensor {
    return this.dense.forward(this.attention.forward(...this.queryKeyValue.forward(x)));
  }
}

class BloomBlock extends Module<Config> {
  private c = this.config;
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.c));
  private selfAttention = new BloomAttention(this.at("self_attention"));
  private postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.c));
  private mlp = new MLP(this.at("mlp"), {
    hiddenSize: this.c.hiddenSize,
    intermediateSize: 4 * this.c.hiddenSize,
    hiddenAct: "gelu_pytorch_tanh",
    names: ["dense_h_to_4h", "dense_4h_to_h"],
    bias: true,
  });

  /** The residual is taken before or after each norm. */
  forward(x: Tensor): Tensor {
    const isPost = this.c.applyResidualConnectionPostLayernorm;
    let h = this.inputLayernorm.forward(x);
    x = add(isPost ? h : x, this.selfAttention.forward(h));
    h = this.postAttentionLayernorm.forward(x);
    return add(isPost ? h : x, this.mlp.forward(h));
  }
}

class BloomModel extends Module<Config> {
  wordEmbeddings = new VocabParallelEmbedding(this.at("word_embeddings"), this.config);
  private wordEmbeddingsLayernorm = new LayerNorm(this.at("word_embeddings_layernorm"), normOptions(this.config));
  private h = this.list("h", this.config.numHiddenLayers, BloomBlock);
  private lnF = new LayerNorm(this.at("ln_f"), normOptions(this.config));

  forward({ inputIds }: Step): Tensor {
    let x = this.wordEmbeddingsLayernorm.forward(this.wordEmbeddings.forward(inputIds));
    for (const block of this.h) x = block.forward(x);
    return this.lnF.forward(x);
  }
}

export class BloomForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  /** Published files are those of the inner model. */
  static readonly renames = [[/^(?=(word_embeddings|word_embeddings_layernorm|h|ln_f)\.)/, "transformer."]] as const;
  private transformer = new BloomModel(this.at("transformer"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), {
    ...this.config,
    tiedTo: this.transformer.wordEmbeddings,
  });

  forward(step: Step): Tensor {
    return this.transformer.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
