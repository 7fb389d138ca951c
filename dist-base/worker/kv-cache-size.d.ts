/** How many blocks the KV cache gets: pure arithmetic, and the error that shows it. */
import type { BlockUse } from "../request/kv-cache-group.js";
export interface KVCacheSizeInput extends BlockUse {
    /** Bytes of one block over all layers of a group; every group's blocks are of this size. */
    readonly bytesPerBlock: number;
    readonly maxModelLen: number;
    readonly maxNumSeqs: number;
    /** `--kv-cache-memory-bytes`. */
    readonly kvCacheMemoryBytes: number | undefined;
    /** `--num-gpu-blocks-override`. */
    readonly numBlocksOverride: number | undefined;
    /** Bytes that are free once the weights are loaded. */
    readonly freeBytes: number;
    /** Working memory of the largest step. */
    readonly workspaceBytes: number;
    /** `--gpu-memory-utilization`. */
    readonly utilization: number;
    /** `--max-model-len auto`: a shorter limit is chosen where the cache cannot hold the model's. */
    readonly fitLength: boolean;
}
export interface KVCacheSize {
    /** Blocks, the null block included. */
    readonly numBlocks: number;
    readonly maxModelLen: number;
}
/**
 * @throws ResourceError with the arithmetic when one request of maxModelLen does not fit
 */
export declare function sizeKVCache(input: KVCacheSizeInput): KVCacheSize;
