/** FreeBlockQueue: the free blocks in the order of their reuse. A doubly linked list through the blocks themselves. */
import { KVCacheBlock } from "./kv-cache-block.js";
/**
 * First in the queue is reused first. Every operation costs O(1) per block, taking one out of the middle too, which a
 * prefix hit on a free block needs. Nothing is allocated.
 */
export declare class FreeBlockQueue {
    #private;
    /** @param blocks free at the start, in this order */
    constructor(blocks?: Iterable<KVCacheBlock>);
    get size(): number;
    /** Takes the first block out. @throws Error if there is none */
    popFirst(): KVCacheBlock;
    /** Takes this block out, wherever it stands. @throws Error if it is not in the queue */
    remove(block: KVCacheBlock): void;
    /** Adds a block at the end: reused last. */
    append(block: KVCacheBlock): void;
    /** Adds blocks at the front, in this order: the first of them is reused next. */
    prepend(blocks: readonly KVCacheBlock[]): void;
    /** The free blocks, first to last. For checks and tests. */
    [Symbol.iterator](): Generator<KVCacheBlock>;
}
