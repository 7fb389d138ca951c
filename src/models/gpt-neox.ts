/** GPT-NeoX and Pythia. Follows HF modeling_gpt_neox.py; strings are checkpoint names. */
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
  rope: f.rope({
    thetaFrom: ["rotary_emb_base", "rope_theta"],
    partialFrom: ["rotary_pct", "partial_rotary_factor"],
    partialRotaryFactor: 0.25,
  }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "gelu"),
  layerNormEps: f.number(1e-5),
  attentionBias: f.boolean(true),
  useParallelResidual: f.boolean(true),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEps });

class GPTNeoXAttention extends Module<Config> {
  private c = this.config;
  private queryKeyValue = new QKVParallelLinear(this.at("query_key_value"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.attentionBias,
    fused: "grouped",
  });
  private dense = new RowParallelLinear(this.at("dense"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: this.c.attentionBias,
  });
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.queryKeyValue.forward(x);
    return this.dense.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class GPTNeoXLayer extends Module<Config> {
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
  private postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.config));
  private attention = new GPTNeoXAttention(this.at("attention"));
  private mlp = new MLP(this.at("mlp"), {
    ...this.config,
    names: ["dense_h_to_4h", "dense_4h_to_h"],
    bias: true,
  });

  forward(positions: Tensor, x: Tensor): Tensor {
    const attended = this.attention.forward(positions, this.inputLayernorm.forward(x));
    if (this.config.useParallelResidual)
      return add(x, add(attended, this.mlp.forward(this.postAttentionLayernorm.forward(x))));
    x = add(x, attended);
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class GPTNeoXModel extends Module<Config> {
  embedIn = new VocabParallelEmbedding(this.at("embed_in"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, GPTNeoXLayer);
  private finalLayerNorm = new LayerNorm(this.at("final_layer_norm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedIn.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.finalLayerNorm.forward(x);
  }
}

export class GPTNeoXForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  static readonly renames = [[/^embed_out\./, "lm_head."]] as const;
  /** The causal mask, once a parameter. */
  static readonly ignored = [/\.attention\.bias$/];
  private gptNeox = new GPTNeoXModel(this.at("gpt_neox"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.gptNeox.embedIn });

  forward(step: Step): Tensor {
    return this.gptNeox.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
