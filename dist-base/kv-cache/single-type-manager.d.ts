/** SingleTypeManager: the rules of one KV cache group, a set of layers that need the same tokens kept. */
import type { Request } from "../request/request.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
/**
 * Keeps the block table of every request for its group. Groups differ in what counts as a prefix hit and in which blocks
 * they can give back early (a sliding window: those that left the window; the null block takes their place); they share
 * one pool. Tables are otherwise only ever appended to.
 */
export interface SingleTypeManager {
    readonly groupId: number;
    /**
     * The longest run of blocks from the start whose visible part is there, no longer than `maxNumBlocks`. Blocks that no
     * later token can see are the null block in it. Takes no reference.
     */
    findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[];
    /** Gives back what rows from position `numComputedTokens` on cannot see. */
    dropUnseen(requestId: string, numComputedTokens: number): void;
    /**
     * How many free blocks it takes until the request has room for `numTokens` tokens.
     *
     * @param hit found blocks that come first in a new table; those that are free now count, because they stop being free
     */
    numBlocksToAllocate(requestId: string, numTokens: number, hit: readonly KVCacheBlock[]): number;
    /**
     * How many free blocks a request without a table takes at most on its way to `numTokens` tokens.
     *
     * @param hit as in `numBlocksToAllocate`
     */
    numBlocksToAdmit(numTokens: number, hit: readonly KVCacheBlock[]): number;
    /** Starts the request's table with found blocks and takes a reference to each. */
    addHit(requestId: string, hit: readonly KVCacheBlock[]): void;
    /** Appends fresh blocks until there is room for `numTokens` tokens. @returns the new ones */
    addNew(requestId: string, numTokens: number): readonly KVCacheBlock[];
    /** Registers the request's blocks that `numTokens` tokens fill; `request.blockHashes` must reach that far. */
    cacheFullBlocks(request: Request, numTokens: number): void;
    /** Gives back all blocks of the request; those beyond `numComputedTokens` lose their hash first. */
    free(requestId: string, numComputedTokens: number): void;
    /** The request's table; empty if it has none. */
    table(requestId: string): readonly KVCacheBlock[];
    /** All tables. For checks and tests. */
    tables(): Iterable<readonly [string, readonly KVCacheBlock[]]>;
}
