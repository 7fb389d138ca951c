/** Cohere Command R7B: windows on most layers, rotary on those alone. Follows HF modeling_cohere2.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { GatedMLP } from "../layers/gated-mlp.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { LayerNorm } from "../layers/norm.js";
import type { Prefix } from "../layers/prefix.js";
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
  rope: f.rope(),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  layerNormEps: f.number(1e-5),
  attentionBias: f.boolean(false),
  slidingWindows: f.slidingWindows({ window: 4096, pattern: 4 }),
  logitScale: f.number(0.0625),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

const normOptions = (c: Config) => ({ hiddenSize: c.hiddenSize, eps: c.layerNormEps, bias: false });

class Cohere2Attention extends Module<Config> {
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
  private rotaryEmb: RotaryEmbedding<Config> | undefined;
  private attention: Attention<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    const { heads, rope } = this.c;
    const slidingWindow = this.c.slidingWindows[layer];
    if (slidingWindow) this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), rope, { style: "gptj" });
    this.attention = new Attention(this.at("attn"), { ...heads, scale: heads.headDim ** -0.5, slidingWindow });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    let [q, k, v] = this.qkvProj.forward(x);
    if (this.rotaryEmb) [q, k] = this.rotaryEmb.forward(positions, q, k);
    return this.oProj.forward(this.attention.forward(q, k, v));
  }
}

class Cohere2DecoderLayer extends Module<Config> {
  private inputLayernorm = new LayerNorm(this.at("input_layernorm"), normOptions(this.config));
  private selfAttn: Cohere2Attention;
  private mlp = new GatedMLP(this.at("mlp"), this.config);

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.selfAttn = new Cohere2Attention(this.at("self_attn"), layer);
  }

  /** Both blocks read the same norm. */
  forward(positions: Tensor, x: Tensor): Tensor {
    const h = this.inputLayernorm.forward(x);
    x = add(x, this.selfAttn.forward(positions, h));
    return add(x, this.mlp.forward(h));
  }
}

class Cohere2Model extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, Cohere2DecoderLayer);
  private norm = new LayerNorm(this.at("norm"), normOptions(this.config));

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class Cohere2ForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new Cohere2Model(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return scale(this.lmHead.forward(rows), this.config.logitScale);
  }
}
