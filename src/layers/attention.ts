/** Attention over the paged KV cache; the cache is found by the layer's prefix. */
import type { HeadsConfig } from "../config/hf-heads.js";
import { pagedAttention, writeKVCache } from "../ops/attention.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkNumber } from "./check-options.js";
import { declareKVCache, kvCacheOf } from "./layer-cache.js";
import { rankHeads } from "./linear.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";

export interface AttentionOptions extends Omit<HeadsConfig, "size"> {
  /** Factor of q k^T, before softmax; usually headDim ** -0.5. */
  readonly scale: number;
  /** A row sees itself and slidingWindow - 1 rows before it; undefined or 0: all. */
  readonly slidingWindow?: number | undefined;
}

/** Causal self-attention with grouped KV heads. Takes whole-model head counts; works on this rank's. */
export class Attention<C> extends Module<C> {
  private readonly scale: number;
  private readonly slidingWindow: number;

  constructor(prefix: Prefix<C>, options: AttentionOptions) {
    super(prefix);
    checkNumber(prefix, "scale", options.scale);
    this.scale = options.scale;
    this.slidingWindow = options.slidingWindow ?? 0;
    const { numKvHeads, headDim } = rankHeads(prefix, options);
    declareKVCache(prefix, { numKvHeads, headDim }, this.slidingWindow);
  }

  /**
   * Writes k and v into the cache, then attends.
   *
   * @param q [numTokens, heads, headDim] f32 of this rank @param k, v [numTokens, kvHeads, headDim] f32
   * @returns [numTokens, heads * headDim] f32
   */
  forward(q: Tensor, k: Tensor, v: Tensor): Tensor {
    const { cache, metadata } = kvCacheOf(this.prefix, q);
    writeKVCache(k, v, cache, metadata);
    const { scale, slidingWindow } = this;
    return pagedAttention(q, cache, metadata, { scale, slidingWindow });
  }
}
