/** GPT-2. Follows HF modeling_gpt2.py, whose linear layers are stored [inputs, outputs]; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { Embedding, ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { MLP } from "../layers/mlp.js";
import { Module } from "../layers/module.js";
import { LayerNorm } from "../layers/norm.js";
import type { Prefix } from "../layers/prefix.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(undefined, { from: ["n_embd", "hidden_size"] }),
  innerSize: f.optionalInt({ from: "n_inner" }),
  numHiddenLayers: f.int(undefined, { from: ["n_layer", "num_hidden_layers"] }),
  heads: f.heads(),
  vocabSize: f.int(),
  numPositions: f.int(1024, { from: ["n_positions", "max_position_embeddings"] }),
  activationFunction: f.oneOf(activationKinds, "gelu_new"),
  layerNormEpsilon: f.number(1e-5),
  scaleAttnWeights: f.boolean(true),
  scaleAttnByInverseLayerIdx: f.boolean(false),
  addCrossAttention: f.only(false),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEpsilon });

/** Of q k^T in one layer. reorder_and_upcast_attn says only in which order half precision is scaled. */
function attentionScale(c: Config, layer: number): number {
  const scale = c.scaleAttnWeights ? c.heads.headDim ** -0.5 : 1;
  return c.scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale;
}

class GPT2Attention extends Module<Config> {
  private c = this.config;
  private cAttn = new QKVParallelLinear(this.at("c_attn"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: true,
    fused: "stacked",
    transposed: true,
  });
  private cProj = new RowParallelLinear(this.at("c_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: true,
    transposed: true,
  });
  private attention: Attention<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.attention = new Attention(this.at("attn"), { ...this.c.heads, scale: attentionScale(this.c, layer) });
  }

  /** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(x: Tensor): Tensor {
    return this.cProj.forward(this.attention.forward(...this.cAttn.forward(x)));
  }
}

class GPT2Block extends Module<Config> {
  private c = this.config;
  private ln1 = new LayerNorm(this.at("ln_1"), normOptions(this.c));
  private attn: GPT2Attention;
  private ln2 = new LayerNorm(this.at("ln_2"), normOptions(this.c));
  private mlp = new MLP(this.at("mlp"), {
    hiddenSize: this.c.hiddenSize,
    intermediateSize: this.c.innerSize ?? 4 * this.c.hiddenSize,
    hiddenAct: this.c.activationFunction,
    names: ["c_fc", "c_proj"],
    bias: true,
    transposed: true,
  });

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.attn = new GPT2Attention(this.at("attn"), layer);
  }

  forward(x: Tensor): Tensor {
    x = add(x, this.attn.forward(this.ln1.forward(x)));
    return add(x, this.mlp.forward(this.ln2.forward(x)));
  }
}

class GPT2Model extends Module<Config> {
  private c = this.config;
  wte = new VocabParallelEmbedding(this.at("wte"), this.c);
  private wpe = new Embedding(this.at("wpe"), {
    numEmbeddings: this.c.numPositions,
    embeddingDim: this.c.hiddenSize,
  });
  private h = this.list("h", this.c.numHiddenLayers, GPT2Block);
  private lnF = new LayerNorm(this.at("ln_f"), normOptions(this.c));

  forward({ inputIds, positions }: Step): Tensor {
    let x = add(this.wte.forward(inputIds), this.wpe.forward(positions));
    for (const block of this.h) x = block.forward(x);
    return this.lnF.forward(x);
  }
}

export class GPT2LMHeadModel extends CausalLM<Config> {
  static readonly config = config;
  /** Published files are those of the inner model. */
  static readonly renames = [[/^(?=(wte|wpe|h|ln_f)\.)/, "transformer."]] as const;
  /** The causal mask, once a parameter. */
  static readonly ignored = [/\.attn\.bias$/];
  private transformer = new GPT2Model(this.at("transformer"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.transformer.wte });

  forward(step: Step): Tensor {
    return this.transformer.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
