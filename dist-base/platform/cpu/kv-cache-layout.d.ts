import type { KVCacheShape, KVCacheSpec } from "../platform.js";
/** Bytes of the panels of 16 tokens of one kv head. */
export declare function kvPanelBytes(headDim: number, dtype: KVCacheSpec["dtype"]): {
    keys: number;
    values: number;
};
/**
 * Bytes of one block (keys and values of blockSize tokens of all kv heads); a multiple of 64.
 * @throws UnsupportedError when blockSize is not a multiple of 16
 */
export declare function kvCacheBlockBytes(spec: KVCacheSpec): number;
/**
 * Bytes of workspace that one pagedAttention needs for partial results of sequences that are split over partitions; 0
 * when no sequence can have more than one. Less is allowed: then fewer sequences are split, with the same results.
 *
 * @param numHeads  query heads
 * @param numTokens rows of the step
 * @param maxTokens longest sequence: maxBlocksPerSeq * blockSize
 * @param threads   of the pool
 */
export declare function attentionPartialBytes(spec: KVCacheShape, numHeads: number, numTokens: number, maxTokens: number, threads: number): number;
