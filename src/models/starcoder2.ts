/** StarCoder2. Follows HF modeling_starcoder2.py; strings are checkpoint names. */
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
  rope: f.rope(),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "gelu_pytorch_tanh"),
  normEpsilon: f.number(1e-5),
  normType: f.only("layer_norm"),
  mlpType: f.only("default"),
  useBias: f.boolean(true),
  slidingWindow: f.optionalInt(),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.normEpsilon });

class Starcoder2Attention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.useBias,
  });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: this.c.useBias,
  });
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), {
    ...this.c.heads,
    scale: this.c.heads.headDim ** -0.5,
    slidingWindow: this.c.slidingWindow,
  });

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    return this.oProj.forward(this.attention.forward(...this.rotaryEmb.forward(positions, q, k), v));
  }
}

class Starcoder2DecoderLayer extends Module<Config> {
  private selfAttn = new Starcoder2Attention(this.at("self_attn"));
  private mlp = new MLP(this.at("mlp"), { ...this.config, names: ["c_fc", "c_proj"], bias: this.config.useBias });
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
  private postAttentionLayernorm = new LayerNorm(this.at("post_attention_layernorm"), normOptions(this.config));

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.inputLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.postAttentionLayernorm.forward(x)));
  }
}

class Starcoder2Model extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, Starcoder2DecoderLayer);
  private norm = new LayerNorm(this.at("norm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class Starcoder2ForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new Starcoder2Model(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
