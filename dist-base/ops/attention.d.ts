/** Paged attention: writing keys and values into the cache, and attending over it. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { AttentionMetadata, KVCache } from "./step.js";
/**
 * Puts each row's key and value into its slot of the paged cache. Rows with a negative slot are left out.
 *
 * @param k     [numTokens, numKvHeads, headDim] f32, rows may be strided
 * @param v     shape of k, f32, rows may be strided
 * @param cache the layer's cache; f32 or bf16 (rounded to nearest even)
 * @param metadata slotMapping says where
 * @throws ShapeError if k or v does not fit the cache
 * Records an op without outputs: a later pagedAttention of the same program sees the new tokens.
 */
export declare function writeKVCache(k: Tensor, v: Tensor, cache: KVCache, metadata: AttentionMetadata): void;
/** Linear biases: head h adds slopes[h] * (kv position - query position) * scale to its products. */
export interface Alibi {
    /** [numHeads] f32 */
    readonly slopes: Parameter;
    /** Default 1. */
    readonly scale?: number;
    /** "bf16": slopes, positions and their products are rounded to bf16 before products are subtracted, as Falcon has it. Default "none". */
    readonly rounding?: AlibiRounding;
}
export type AlibiRounding = "none" | "bf16";
export interface PagedAttentionOptions {
    /** Factor of the products, before softmax. */
    readonly scale: number;
    /** A row at position p sees positions p - slidingWindow + 1 .. p; default 0: all up to p. */
    readonly slidingWindow?: number | undefined;
    /** A row at position p sees no position before p - p % attentionChunkSize; default 0: all up to p. */
    readonly attentionChunkSize?: number | undefined;
    /** Scaled products x become cap * tanh(x / cap); default 0: they stay. */
    readonly logitSoftcap?: number | undefined;
    /** [numHeads] f32: a product without a value, which takes its part of the softmax and adds nothing. */
    readonly sinks?: Parameter | undefined;
    readonly alibi?: Alibi | undefined;
}
/**
 * Causal attention of every row over its request's cached tokens, its own included: softmax(q k^T * scale) v.
 *
 * @param q     [numTokens, numHeads, headDim] f32, rows may be strided; numHeads is a multiple of the cache's kv heads
 * @param cache the layer's cache, already holding this step's keys and values
 * @param metadata rows of each request, lengths, block tables
 * @param options scale, what a row sees, and what happens to products before softmax: first the soft cap, then linear biases
 * @returns [numTokens, numHeads * headDim] f32, dense, in the program of q
 * @throws ShapeError if heads do not divide, or sinks or slopes are not one a head
 * Row i of a request whose rows are [start, end) stands at position seqLen - (end - start) + i. KV positions are taken in
 * partitions of 512, counted from 0; inside one: q * scale (rounded to bf16 with a bf16 cache), products summed over
 * headDim ascending, one maximum, exponentials, their f32 sum, weights (rounded to bf16 with a bf16 cache) times values
 * summed over positions ascending; partitions are merged in ascending order, and a sink is merged last, as a partition whose
 * sum is 1 and whose values are 0. Sums in f32. The order depends on the row's position alone. Blocks of which a row sees
 * nothing are not read for it; their entries in the block table may be anything.
 * Source: Vaswani et al. 2017; Dao et al. 2022 for the merge; HF eager_attention_forward; Gemma 2 for the soft cap; gpt-oss
 * for sinks; Press et al. 2022 for biases (a softmax does not change when all biases of a row move by the same, so BLOOM's
 * slope * kv position is the same); Llama 4 for chunks.
 */
export declare function pagedAttention(q: Tensor, cache: KVCache, metadata: AttentionMetadata, options: PagedAttentionOptions): Tensor;
