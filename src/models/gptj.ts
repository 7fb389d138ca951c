/** GPT-J: attention and feed-forward read the same norm, pairs of neighbours are rotated. Follows HF modeling_gptj.py; strings are checkpoint names. */
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
  hiddenSize: f.int(undefined, { from: ["n_embd", "hidden_size"] }),
  innerSize: f.optionalInt({ from: "n_inner" }),
  numHiddenLayers: f.int(undefined, { from: ["n_layer", "num_hidden_layers"] }),
  heads: f.heads(),
  rope: f.rope({ rotaryDimFrom: "rotary_dim" }),
  vocabSize: f.int(),
  activationFunction: f.oneOf(activationKinds, "gelu_new"),
  layerNormEpsilon: f.number(1e-5),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEpsilon });

class GPTJAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), { inputSize: this.c.hiddenSize, ...this.c.heads });
  private outProj = new RowParallelLinear(this.at("out_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
  });
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope, { style: "gptj" });
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    return this.outProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class GPTJBlock extends Module<Config> {
  private c = this.config;
  private ln1 = new LayerNorm(this.at("ln_1"), normOptions(this.c));
  private attn = new GPTJAttention(this.at("attn"));
  private mlp = new MLP(this.at("mlp"), {
    hiddenSize: this.c.hiddenSize,
    intermediateSize: this.c.innerSize ?? 4 * this.c.hiddenSize,
    hiddenAct: this.c.activationFunction,
    names: ["fc_in", "fc_out"],
    bias: true,
  });

  forward(positions: Tensor, x: Tensor): Tensor {
    const h = this.ln1.forward(x);
    return add(x, add(this.attn.forward(positions, h), this.mlp.forward(h)));
  }
}

class GPTJModel extends Module<Config> {
  wte = new VocabParallelEmbedding(this.at("wte"), this.config);
  private h = this.list("h", this.config.numHiddenLayers, GPTJBlock);
  private lnF = new LayerNorm(this.at("ln_f"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.wte.forward(inputIds);
    for (const block of this.h) x = block.forward(positions, x);
    return this.lnF.forward(x);
  }
}

export class GPTJForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  /** The causal mask, once a parameter. */
  static readonly ignored = [/\.attn\.bias$/];
  private transformer = new GPTJModel(this.at("transformer"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), {
    ...this.config,
    bias: true,
    tiedTo: this.transformer.wte,
  });

  forward(step: Step): Tensor {
    return this.transformer.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
