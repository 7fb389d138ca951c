import { FreeBlockQueue } from "./free-block-queue.js";
import { KVCacheBlock } from "./kv-cache-block.js";
/**
 * Shared by all KV cache groups. A freed block keeps its content and its hash until it is handed out again, so a free
 * block may still be hit; which free block is reused next decides what the prefix cache remembers.
 */
export declare class BlockPool {
    #private;
    /** By id. `blocks[0]` is the null block. */
    readonly blocks: readonly KVCacheBlock[];
    readonly freeBlocks: FreeBlockQueue;
    /**
     * @param numBlocks all blocks, the null block included
     * @param numGroups KV cache groups; equal hashes of different groups are different blocks
     * @throws ResourceError if there is not at least one block besides the null block
     */
    constructor(numBlocks: number, numGroups?: number);
    get nullBlock(): KVCacheBlock;
    /** Blocks that requests can have: all but the null block. */
    get numUsableBlocks(): number;
    get numFreeBlocks(): number;
    /** Share of the usable blocks that requests hold, 0..1. */
    get usage(): number;
    /**
     * Takes `count` blocks from the front of the free list; they lose their old content. Reference count 1 each.
     *
     * @throws Error if fewer are free: ask `numFreeBlocks` first
     */
    allocate(count: number): KVCacheBlock[];
    /** Takes a reference to each block; one that was free leaves the free list and so cannot be handed out. */
    touch(blocks: readonly KVCacheBlock[]): void;
    /**
     * Gives up a reference to each block. Those that nobody holds any more become free: blocks without a hash, which can
     * never be hit, at the front of the free list, the others at its end; both in the order given.
     *
     * @param blocks the ones to be reused earlier first; a request's last block before its first
     */
    release(blocks: Iterable<KVCacheBlock>): void;
    /** A block of this group with this content, or undefined. Takes no reference: `touch` it before any allocation. */
    find(hash: string, groupId: number): KVCacheBlock | undefined;
    /** All blocks of this group with this content. */
    findAll(hash: string, groupId: number): KVCacheBlock[];
    /** Makes a full block findable by its content. @throws Error if it is registered already */
    register(block: KVCacheBlock, hash: string, groupId: number): void;
    /** Makes a block unfindable; who holds it keeps it. */
    forget(block: KVCacheBlock): void;
    /** Forgets the content of every block. @returns false, and does nothing, while any block is held */
    resetPrefixCache(): boolean;
    /** Every registered (hash, block, group). For checks and tests. */
    cachedBlocks(): Generator<{
        hash: string;
        block: KVCacheBlock;
        groupId: number;
    }>;
}
