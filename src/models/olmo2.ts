/** OLMo 2 and 3: norms after blocks, and of all heads together. Follows HF modeling_olmo2.py and modeling_olmo3.py; strings are checkpoint names. */
import type { ConfigOf, fields } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { Attention } from "../layers/attention.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { GatedMLP } from "../layers/gated-mlp.js";
import { QKVParallelLinear, RowParallelLinear } from "../layers/linear.js";
import { Module } from "../layers/module.js";
import { RMSNorm } from "../layers/norm.js";
import type { Prefix } from "../layers/prefix.js";
import { RotaryEmbedding } from "../layers/rotary.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

const olmo2Fields = (f: typeof fields) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-5),
  attentionBias: f.boolean(false),
  tieWordEmbeddings: f.boolean(false),
});

export const config = hfConfig((f) => ({ ...olmo2Fields(f), rope: f.rope() }));
/** OLMo 3 has windows on most layers; rope_scaling is for the others. */
export const olmo3Config = hfConfig((f) => ({
  ...olmo2Fields(f),
  rope: f.rope({ layerType: "full_attention", theta: 500000 }),
  localRope: f.rope({ layerType: "sliding_attention", theta: 500000, scaled: false }),
  slidingWindows: f.slidingWindows({ window: 4096, pattern: 4 }),
}));
type Config = ConfigOf<typeof config> & Partial<Pick<ConfigOf<typeof olmo3Config>, "localRope" | "slidingWindows">>;

class Olmo2Attention extends Module<Config> {
  private c = this.config;
  private kvSize = this.c.heads.numKvHeads * this.c.heads.headDim;
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
  private qNorm = new RMSNorm(this.at("q_norm"), { ...this.c, hiddenSize: this.c.heads.size });
  private kNorm = new RMSNorm(this.at("k_norm"), { ...this.c, hiddenSize: this.kvSize });
  private rotaryEmb: RotaryEmbedding<Config>;
  private attention: Attention<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    const { heads, rope, localRope = rope } = this.c;
    const slidingWindow = this.c.slidingWindows?.[layer];
    this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), slidingWindow ? localRope : rope);
    this.attention = new Attention(this.at("attn"), { ...heads, scale: heads.headDim ** -0.5, slidingWindow });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    const rotated = this.rotaryEmb.forward(positions, normOfAll(this.qNorm, q), normOfAll(this.kNorm, k));
    return this.oProj.forward(this.attention.forward(...rotated, v));
  }
}

/** One norm over all heads of a token; x and result are [numTokens, heads, headDim]. */
function normOfAll(norm: RMSNorm<Config>, x: Tensor): Tensor {
  return norm.forward(x.flattenInner()).splitLast(x.size(1), x.size(2));
}

class Olmo2DecoderLayer extends Module<Config> {
  private selfAttn: Olmo2Attention;
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp = new GatedMLP(this.at("mlp"), this.config);
  private postFeedforwardLayernorm = new RMSNorm(this.at("post_feedforward_layernorm"), this.config);

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.selfAttn = new Olmo2Attention(this.at("self_attn"), layer);
  }

  /** Norms stand after each block. */
  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.postAttentionLayernorm.forward(this.selfAttn.forward(positions, x)));
    return add(x, this.postFeedforwardLayernorm.forward(this.mlp.forward(x)));
  }
}

class Olmo2Model extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, Olmo2DecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class Olmo2ForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new Olmo2Model(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}

export class Olmo3ForCausalLM extends Olmo2ForCausalLM {
  static override readonly config = olmo3Config;
}
