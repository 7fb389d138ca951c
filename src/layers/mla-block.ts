/** The self-attention block of DeepSeek V2 and V3, and of models made like them. */
import type { RopeConfig } from "../config/hf-rope.js";
import type { RotaryStyle } from "../ops/rotary-embedding.js";
import type { Tensor } from "../tensor/tensor.js";
import { ConfigError } from "../util/errors.js";
import { ColumnParallelLinear, ReplicatedLinear, RowParallelLinear } from "./linear.js";
import { MLAAttention } from "./mla-attention.js";
import { Module } from "./module.js";
import { RMSNorm } from "./norm.js";
import type { Prefix } from "./prefix.js";
import { RotaryEmbedding } from "./rotary.js";

/** Named as in config.json; whole-model sizes. */
export interface MLABlockOptions {
  readonly hiddenSize: number;
  readonly numAttentionHeads: number;
  /** Every head has keys and values of its own: as many as numAttentionHeads, or undefined. */
  readonly numKeyValueHeads?: number | undefined;
  readonly kvLoraRank: number;
  /** Queries come from a latent of this size, too; undefined: straight from the hidden states. */
  readonly qLoraRank: number | undefined;
  readonly qkNopeHeadDim: number;
  readonly qkRopeHeadDim: number;
  readonly vHeadDim: number;
  readonly attentionBias: boolean;
  /** Of qkRopeHeadDim elements. */
  readonly rope: RopeConfig;
  /** Which elements form a pair. Where pairs are neighbours, HF V3 also sorts them, queries and keys alike: products are the same. */
  readonly ropeStyle: RotaryStyle;
}

/** Epsilon of the norms of latents: HF's and DeepSeek's modules do not take rms_norm_eps here. */
const latentNormEps = 1e-6;

/**
 * Names in the checkpoint: q_proj, or q_a_proj, q_a_layernorm and q_b_proj; kv_a_proj_with_mqa, kv_a_layernorm, kv_b_proj, o_proj.
 * Source: HF DeepseekV2Attention, DeepseekV3Attention.
 */
export class MLABlock<C> extends Module<C> {
  private readonly options: MLABlockOptions;
  private readonly heads: number;
  private readonly project: (x: Tensor) => Tensor;
  private readonly kvAProj: ReplicatedLinear<C>;
  private readonly kvANorm: RMSNorm<C>;
  private readonly rotaryEmb: RotaryEmbedding<C>;
  private readonly attention: MLAAttention<C>;
  private readonly oProj: RowParallelLinear<C>;

  constructor(prefix: Prefix<C>, options: MLABlockOptions) {
    super(prefix);
    const { numKeyValueHeads = options.numAttentionHeads } = options;
    if (numKeyValueHeads !== options.numAttentionHeads)
      throw new ConfigError(
        `${prefix.name}: num_key_value_heads must be num_attention_heads (${options.numAttentionHeads}), got ${numKeyValueHeads}; ` +
          "latent attention has no groups of heads",
      );
    this.options = options;
    const { hiddenSize, numAttentionHeads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim, rope } = options;
    const bias = options.attentionBias;
    const qkHeadDim = qkNopeHeadDim + qkRopeHeadDim;
    this.heads = numAttentionHeads / prefix.context.parallel.worldSize;
    this.project = this.queryProjection(numAttentionHeads * qkHeadDim);
    this.kvAProj = new ReplicatedLinear(this.at("kv_a_proj_with_mqa"), {
      inputSize: hiddenSize,
      outputSize: kvLoraRank + qkRopeHeadDim,
      bias,
    });
    this.kvANorm = new RMSNorm(this.at("kv_a_layernorm"), { hiddenSize: kvLoraRank, rmsNormEps: latentNormEps });
    this.rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), rope, { style: options.ropeStyle });
    this.attention = new MLAAttention(this.at("attn"), {
      ...{ numHeads: numAttentionHeads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim },
      scale: qkHeadDim ** -0.5 * softmaxFactor(rope),
    });
    this.oProj = new RowParallelLinear(this.at("o_proj"), {
      inputSize: numAttentionHeads * vHeadDim,
      outputSize: hiddenSize,
      bias,
    });
  }

  /** positions [numTokens] i32, x [numTokens, hiddenSize] f32 -> [numTokens, hiddenSize] f32 */
  forward(positions: Tensor, x: Tensor): Tensor {
    const { kvLoraRank, qkNopeHeadDim, qkRopeHeadDim } = this.options;
    const q = this.project(x).splitLast(this.heads, qkNopeHeadDim + qkRopeHeadDim);
    const kv = this.kvAProj.forward(x);
    const latent = this.kvANorm.forward(kv.columns(0, kvLoraRank));
    const kRope = kv.columns(kvLoraRank, qkRopeHeadDim).splitLast(1, qkRopeHeadDim);
    const rotated = this.rotaryEmb.forward(positions, q.columns(qkNopeHeadDim, qkRopeHeadDim), kRope);
    return this.oProj.forward(this.attention.forward(q.columns(0, qkNopeHeadDim), rotated[0], latent, rotated[1]));
  }

  private queryProjection(outputSize: number): (x: Tensor) => Tensor {
    const { hiddenSize, qLoraRank, attentionBias: bias } = this.options;
    if (qLoraRank === undefined) {
      const proj = new ColumnParallelLinear(this.at("q_proj"), { inputSize: hiddenSize, outputSize });
      return (x) => proj.forward(x);
    }
    const aProj = new ReplicatedLinear(this.at("q_a_proj"), { inputSize: hiddenSize, outputSize: qLoraRank, bias });
    const norm = new RMSNorm(this.at("q_a_layernorm"), { hiddenSize: qLoraRank, rmsNormEps: latentNormEps });
    const bProj = new ColumnParallelLinear(this.at("q_b_proj"), { inputSize: qLoraRank, outputSize });
    return (x) => bProj.forward(norm.forward(aProj.forward(x)));
  }
}

/** mscale_all_dim squared: with stretched positions, products are scaled instead of queries and keys. HF yarn_apply_mscale. */
function softmaxFactor({ ropeType, factor, mscaleAllDim }: RopeConfig): number {
  if (ropeType === "default" || !mscaleAllDim || factor <= 1) return 1;
  return (0.1 * mscaleAllDim * Math.log(factor) + 1) ** 2;
}
