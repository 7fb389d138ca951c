/** CachedBlockMap: from a block's hash to the blocks that hold that content. */
import type { KVCacheBlock } from "./kv-cache-block.js";
/**
 * Several blocks may hold the same content, because a block table never changes once written: two requests that compute
 * the same tokens side by side keep a block each. Nearly always there is one, so one is kept without a set around it.
 */
export declare class CachedBlockMap {
    #private;
    /** Number of different hashes. */
    get size(): number;
    /** A block with this content, the one that was registered first; undefined if there is none. */
    get(hash: string): KVCacheBlock | undefined;
    /** All blocks with this content. A copy. */
    all(hash: string): KVCacheBlock[];
    add(hash: string, block: KVCacheBlock): void;
    /** @returns whether it was there */
    delete(hash: string, block: KVCacheBlock): boolean;
    clear(): void;
    /** Every hash with each of its blocks. For checks and tests. */
    entries(): Generator<[string, KVCacheBlock]>;
}
