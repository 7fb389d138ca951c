/** StarCoder and SantaCoder: GPT-2 with one KV head for all. Follows HF modeling_gpt_bigcode.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { readHeads } from "../config/hf-heads.js";
import type { HeadsConfig } from "../config/hf-heads.js";
import type { RawConfig } from "../config/raw-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { Embedding, ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { MLP } from "../layers/mlp.js";
import { Module } from "../layers/module.js";
import { LayerNorm } from "../layers/norm.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

function bigCodeHeads(raw: RawConfig): HeadsConfig {
  return readHeads({ ...raw, num_key_value_heads: (raw.multi_query ?? true) ? 1 : undefined });
}

export const config = hfConfig((f) => ({
  hiddenSize: f.int(undefined, { from: ["n_embd", "hidden_size"] }),
  innerSize: f.optionalInt({ from: "n_inner" }),
  numHiddenLayers: f.int(undefined, { from: ["n_layer", "num_hidden_layers"] }),
  heads: bigCodeHeads,
  multiQuery: f.boolean(true),
  vocabSize: f.int(),
  numPositions: f.int(1024, { from: ["n_positions", "max_position_embeddings"] }),
  activationFunction: f.oneOf(activationKinds, "gelu_pytorch_tanh"),
  layerNormEpsilon: f.number(1e-5),
  scaleAttnWeights: f.boolean(true),
  addCrossAttention: f.only(false),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEpsilon });

class GPTBigCodeAttention extends Module<Config> {
  private c = this.config;
  private cAttn = new QKVParallelLinear(this.at("c_attn"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: true,
    fused: "grouped",
  });
  private cProj = new RowParallelLinear(this.at("c_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: true,
  });
  private attention = new Attention(this.at("attn"), {
    ...this.c.heads,
    scale: this.c.scaleAttnWeights ? this.c.heads.headDim ** -0.5 : 1,
  });

  /** x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(x: Tensor): Tensor {
    return this.cProj.forward(this.attention.forward(...this.cAttn.forward(x)));
  }
}

class GPTBigCodeBlock extends Module<Config> {
  private c = this.config;
  private ln1 = new LayerNorm(this.at("ln_1"), normOptions(this.c));
  private attn = new GPTBigCodeAttention(this.at("attn"));
  private ln2 = new LayerNorm(this.at("ln_2"), normOptions(this.c));
  private mlp = new MLP(this.at("mlp"), {
    hiddenSize: this.c.hiddenSize,
    intermediateSize: this.c.innerSize ?? 4 * this.c.hiddenSize,
    hiddenAct: this.c.activationFunction,
    names: ["c_fc", "c_proj"],
    bias: true,
  });

  forward(x: Tensor): Tensor {
    x = add(x, this.attn.forward(this.ln1.forward(x)));
    return add(x, this.mlp.forward(this.ln2.forward(x)));
  }
}

class GPTBigCodeModel extends Module<Config> {
  private c = this.config;
  wte = new VocabParallelEmbedding(this.at("wte"), this.c);
  private wpe = new Embedding(this.at("wpe"), {
    numEmbeddings: this.c.numPositions,
    embeddingDim: this.c.hiddenSize,
  });
  private h = this.list("h", this.c.numHiddenLayers, GPTBigCodeBlock);
  private lnF = new LayerNorm(this.at("ln_f"), normOptions(this.c));

  forward({ inputIds, positions }: Step): Tensor {
    let x = add(this.wte.forward(inputIds), this.wpe.forward(positions));
    for (const block of this.h) x = block.forward(x);
    return this.lnF.forward(x);
  }
}

export class GPTBigCodeForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  /** The causal mask, once a parameter. */
  static readonly ignored = [/\.attn\.bias$/];
  private transformer = new GPTBigCodeModel(this.at("transformer"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.transformer.wte });

  forward(step: Step): Tensor {
    return this.transformer.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
