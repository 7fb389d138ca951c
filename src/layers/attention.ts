/** Attention over the paged KV cache; the cache is found by the layer's prefix. */
import type { HeadsConfig } from "../config/hf-heads.js";
import { pagedAttention, writeKVCache } from "../ops/attention.js";
import type { Alibi, AlibiRounding, PagedAttentionOptions } from "../ops/attention.js";
import type { Range } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { alibiSlopes } from "./alibi-slopes.js";
import { checkNumber, checkSizes } from "./check-options.js";
import { declareKVCache, kvCacheOf } from "./layer-cache.js";
import { rankHeads } from "./linear.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

export interface AttentionOptions extends Omit<HeadsConfig, "size"> {
  /** Factor of q k^T, before softmax; usually headDim ** -0.5. */
  readonly scale: number;
  /** A row sees itself and slidingWindow - 1 rows before it; undefined or 0: all. */
  readonly slidingWindow?: number | undefined;
  /** A row sees the rows of its own chunk of the request, up to itself (Llama 4); undefined or 0: all. */
  readonly attentionChunkSize?: number | undefined;
  /** Scaled products x become cap * tanh(x / cap) (Gemma 2); undefined or 0: they stay. */
  readonly logitSoftcap?: number | undefined;
  /** Name of a parameter [numHeads] beside this module, "sinks" in gpt-oss: a product of each head that has no value. */
  readonly sinks?: string | undefined;
  /**
   * Linear biases by the distance to the query, with ALiBi's published slopes. `scale` is a factor of theirs, for models that
   * scale products and biases together; rounding "bf16" computes them in bfloat16 as Falcon does.
   */
  readonly alibi?: boolean | { readonly scale?: number; readonly rounding?: AlibiRounding } | undefined;
}

/** Causal self-attention with grouped KV heads. Takes whole-model head counts; works on this rank's. */
export class Attention<C> extends Module<C> {
  private readonly options: PagedAttentionOptions;

  constructor(prefix: Prefix<C>, options: AttentionOptions) {
    super(prefix);
    const { scale, slidingWindow = 0, attentionChunkSize = 0, logitSoftcap = 0 } = options;
    checkNumber(prefix, "scale", scale);
    checkNumber(prefix, "logitSoftcap", logitSoftcap);
    for (const [name, size] of Object.entries({ slidingWindow, attentionChunkSize }))
      if (size !== 0) checkSizes(prefix, { [name]: size });
    const { numKvHeads, headDim, q } = rankHeads(prefix, options);
    const sinks = options.sinks ? declareSinks(prefix, options.sinks, options.numHeads, q) : undefined;
    const alibi = options.alibi
      ? alibiOf(prefix, options.alibi === true ? {} : options.alibi, options.numHeads, q)
      : undefined;
    this.options = { scale, slidingWindow, attentionChunkSize, logitSoftcap, sinks, alibi };
    declareKVCache(prefix, { numKvHeads, headDim }, { slidingWindow, attentionChunkSize });
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
    return pagedAttention(q, cache, metadata, this.options);
  }
}

/** This rank's part of a parameter with one number a head. */
function declareSinks(prefix: Prefix, sibling: string, numHeads: number, { start, count }: Range): Parameter {
  const name = prefix.sibling(sibling);
  const source = new Source(name, [numHeads]).rows(start, count);
  const parts = [{ source, rowStart: 0, rowCount: count }];
  return prefix.context.parameters.declare({ name, shape: [count], dtype: "f32", layout: "rowMajor", parts });
}

function alibiOf(prefix: Prefix, options: Omit<Alibi, "slopes">, numHeads: number, { start, count }: Range): Alibi {
  const slopes = prefix.context.parameters.constant(`alibi.${numHeads}.${start}.${count}`, [count], () =>
    alibiSlopes(numHeads).slice(start, start + count),
  );
  return { slopes, ...options };
}
