/** EXAONE 4: norms after blocks and of heads; with windows, rotary on those layers alone. Follows HF modeling_exaone4.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
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

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope(),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-5),
  slidingWindow: f.optionalInt({ fallback: 4096 }),
  slidingWindows: f.slidingWindows({ window: 4096, pattern: 4 }),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

class Exaone4Attention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), { inputSize: this.c.hiddenSize, ...this.c.heads });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
  });
  private qNorm = new RMSNorm(this.at("q_norm"), { ...this.c, hiddenSize: this.c.heads.headDim });
  private kNorm = new RMSNorm(this.at("k_norm"), { ...this.c, hiddenSize: this.c.heads.headDim });
  private rotaryEmb: RotaryEmbedding<Config> | undefined;
  private attention: Attention<Config>;

  /** Where layers have windows, those that see everything do not rotate; without windows all do. */
  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    const { heads, rope } = this.c;
    const slidingWindow = this.c.slidingWindows[layer];
    const rotates = this.c.slidingWindow === undefined || slidingWindow !== undefined;
    if (rotates) this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), rope);
    this.attention = new Attention(this.at("attn"), { ...heads, scale: heads.headDim ** -0.5, slidingWindow });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] -> [numTokens, hiddenSize] */
  forward(positions: Tensor, x: Tensor): Tensor {
    const [query, key, v] = this.qkvProj.forward(x);
    let [q, k] = [this.qNorm.forward(query), this.kNorm.forward(key)];
    if (this.rotaryEmb) [q, k] = this.rotaryEmb.forward(positions, q, k);
    return this.oProj.forward(this.attention.forward(q, k, v));
  }
}

class Exaone4DecoderLayer extends Module<Config> {
  private selfAttn: Exaone4Attention;
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp = new GatedMLP(this.at("mlp"), this.config);
  private postFeedforwardLayernorm = new RMSNorm(this.at("post_feedforward_layernorm"), this.config);

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.selfAttn = new Exaone4Attention(this.at("self_attn"), layer);
  }

  /** Norms stand after each block. */
  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.postAttentionLayernorm.forward(this.selfAttn.forward(positions, x)));
    return add(x, this.postFeedforwardLayernorm.forward(this.mlp.forward(x)));
  }
}

class Exaone4Model extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, Exaone4DecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class Exaone4ForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new Exaone4Model(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
