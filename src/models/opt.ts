/** OPT. Follows HF modeling_opt.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { Embedding, ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { ColumnParallelLinear, QKVParallelLinear, ReplicatedLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { LayerNorm } from "../layers/norm.js";
import { activation, activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  ffnDim: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  vocabSize: f.int(),
  maxPositionEmbeddings: f.int(2048),
  wordEmbedProjDim: f.optionalInt(),
  activationFunction: f.oneOf(activationKinds, "relu"),
  doLayerNormBefore: f.boolean(true),
  removeFinalLayerNorm: f.boolean(false, { from: "_remove_final_layer_norm" }),
  layerNormElementwiseAffine: f.boolean(true),
  enableBias: f.boolean(true),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

/** torch's default; config.json has no field for it. */
const layerNormEps = 1e-5;

function normOptions(c: Config) {
  return { hiddenSize: c.hiddenSize, eps: layerNormEps, affine: c.layerNormElementwiseAffine };
}

class OPTAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.enableBias,
  });
  private outProj = new RowParallelLinear(this.at("out_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: this.c.enableBias,
  });
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(x: Tensor): Tensor {
    return this.outProj.forward(this.attention.forward(...this.qkvProj.forward(x)));
  }
}

class OPTDecoderLayer extends Module<Config> {
  private c = this.config;
  private selfAttn = new OPTAttention(this.at("self_attn"));
  private selfAttnLayerNorm = new LayerNorm(this.at("self_attn_layer_norm"), normOptions(this.c));
  private fc1 = new ColumnParallelLinear(this.at("fc1"), {
    inputSize: this.c.hiddenSize,
    outputSize: this.c.ffnDim,
    bias: this.c.enableBias,
  });
  private fc2 = new RowParallelLinear(this.at("fc2"), {
    inputSize: this.c.ffnDim,
    outputSize: this.c.hiddenSize,
    bias: this.c.enableBias,
  });
  private finalLayerNorm = new LayerNorm(this.at("final_layer_norm"), normOptions(this.c));

  /** The 350m model normalizes after each block, all others before. */
  forward(x: Tensor): Tensor {
    const before = this.c.doLayerNormBefore;
    x = add(x, this.selfAttn.forward(before ? this.selfAttnLayerNorm.forward(x) : x));
    if (!before) x = this.selfAttnLayerNorm.forward(x);
    x = add(x, this.mlp(before ? this.finalLayerNorm.forward(x) : x));
    return before ? x : this.finalLayerNorm.forward(x);
  }

  private mlp(x: Tensor): Tensor {
    return this.fc2.forward(activation(this.fc1.forward(x), this.c.activationFunction));
  }
}

class OPTDecoder extends Module<Config> {
  private c = this.config;
  readonly embedDim = this.c.wordEmbedProjDim ?? this.c.hiddenSize;
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), {
    vocabSize: this.c.vocabSize,
    hiddenSize: this.embedDim,
  });
  private embedPositions = new Embedding(this.at("embed_positions"), {
    numEmbeddings: this.c.maxPositionEmbeddings + 2,
    embeddingDim: this.c.hiddenSize,
    offset: 2,
  });
  private projects = this.embedDim !== this.c.hiddenSize;
  private projectIn = this.projects
    ? new ReplicatedLinear(this.at("project_in"), { inputSize: this.embedDim, outputSize: this.c.hiddenSize })
    : undefined;
  private projectOut = this.projects
    ? new ReplicatedLinear(this.at("project_out"), { inputSize: this.c.hiddenSize, outputSize: this.embedDim })
    : undefined;
  private layers = this.list("layers", this.c.numHiddenLayers, OPTDecoderLayer);
  private finalLayerNorm =
    this.c.doLayerNormBefore && !this.c.removeFinalLayerNorm
      ? new LayerNorm(this.at("final_layer_norm"), normOptions(this.c))
      : undefined;

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    if (this.projectIn) x = this.projectIn.forward(x);
    x = add(x, this.embedPositions.forward(positions));
    for (const layer of this.layers) x = layer.forward(x);
    if (this.finalLayerNorm) x = this.finalLayerNorm.forward(x);
    return this.projectOut ? this.projectOut.forward(x) : x;
  }
}

export class OPTForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  /** opt-350m was published without the outer "model.". */
  static readonly renames = [[/^decoder\./, "model.decoder."]] as const;
  private decoder = new OPTDecoder(this.at("model.decoder"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), {
    vocabSize: this.config.vocabSize,
    hiddenSize: this.decoder.embedDim,
    tieWordEmbeddings: this.config.tieWordEmbeddings,
    tiedTo: this.decoder.embedTokens,
  });

  forward(step: Step): Tensor {
    return this.decoder.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
