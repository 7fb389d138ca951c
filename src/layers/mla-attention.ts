/** Attention over cached latents: DeepSeek's multi-head latent attention behind its first projections. */
import { headLinear } from "../ops/head-linear.js";
import { mlaAttention, writeLatents } from "../ops/mla-attention.js";
import { shardRange } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkNumber, checkSizes } from "./check-options.js";
import { declareKVCache, kvCacheOf } from "./layer-cache.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

/** Sizes as config.json names them; whole-model counts. */
export interface MLAAttentionOptions {
  readonly numHeads: number;
  /** Elements of a latent. */
  readonly kvLoraRank: number;
  /** Of a head's query and key: without and with a rotation. */
  readonly qkNopeHeadDim: number;
  readonly qkRopeHeadDim: number;
  /** Of a head's value. */
  readonly vHeadDim: number;
  /** Factor of q k^T, before softmax. */
  readonly scale: number;
}

/**
 * Causal attention whose cache holds a latent and a rotated key part a token, for all heads. The projection from latents to keys and
 * values, `kv_b_proj` beside this module, is never applied to the cache: its key half goes to the queries, its value half to the
 * result, in prefill and decoding alike, so results are the same bits in any batch. It stays in the model's dtype.
 * Works on this rank's heads; the cache is whole on every rank. Source: DeepSeek-V2, section 2.1; vLLM MLAAttention.
 */
export class MLAAttention<C> extends Module<C> {
  private readonly scale: number;
  private readonly keyWeight: Parameter;
  private readonly valueWeight: Parameter;
  /** Of kv_b_proj's input, which is the latent. */
  private readonly roundLatent: ((x: Tensor) => Tensor) | undefined;

  constructor(prefix: Prefix<C>, options: MLAAttentionOptions) {
    super(prefix);
    const { numHeads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim } = options;
    checkSizes(prefix, { numHeads, kvLoraRank, qkNopeHeadDim, qkRopeHeadDim, vHeadDim });
    checkNumber(prefix, "scale", options.scale);
    this.scale = options.scale;
    const { start, count } = shardRange(`${prefix.name}: attention heads`, numHeads, prefix.context.parallel);
    const name = prefix.sibling("kv_b_proj");
    this.roundLatent = prefix.context.linearMethod(name).roundInput?.(name);
    const perHead = qkNopeHeadDim + vHeadDim;
    const whole = new Source(`${name}.weight`, [numHeads * perHead, kvLoraRank]);
    const declare = (part: string, outputSize: number, inputSize: number, source: (row: number) => Source): Parameter =>
      prefix.context.parameters.declare({
        name: `${name}.${part}`,
        shape: [count, outputSize, inputSize],
        dtype: prefix.context.dtype,
        layout: "matrix",
        parts: Array.from({ length: count }, (_, i) => ({
          source: source((start + i) * perHead),
          rowStart: i * outputSize,
          rowCount: outputSize,
        })),
      });
    this.keyWeight = declare("key_weight", kvLoraRank, qkNopeHeadDim, (row) =>
      whole.rows(row, qkNopeHeadDim).transpose(),
    );
    this.valueWeight = declare("value_weight", vHeadDim, kvLoraRank, (row) =>
      whole.rows(row + qkNopeHeadDim, vHeadDim),
    );
    declareKVCache(prefix, { numKvHeads: 1, headDim: kvLoraRank + qkRopeHeadDim, latentDim: kvLoraRank });
  }

  /**
   * Writes the step's latents into the cache, then attends.
   *
   * @param qNope  [numTokens, heads, qkNopeHeadDim] f32 of this rank
   * @param qRope  [numTokens, heads, qkRopeHeadDim] f32, rotated
   * @param latent [numTokens, kvLoraRank] f32, normed
   * @param kRope  [numTokens, 1, qkRopeHeadDim] f32, rotated
   * @returns [numTokens, heads * vHeadDim] f32
   */
  forward(qNope: Tensor, qRope: Tensor, latent: Tensor, kRope: Tensor): Tensor {
    const { cache, metadata } = kvCacheOf(this.prefix, qNope);
    writeLatents(this.roundLatent?.(latent) ?? latent, kRope.flattenInner(), cache, metadata);
    const latents = mlaAttention(headLinear(qNope, this.keyWeight), qRope, cache, metadata, this.scale);
    return headLinear(latents, this.valueWeight).flattenInner();
  }
}
