/** KVCacheManager: gives requests room in the KV cache and finds what is computed already. What the scheduler sees. */
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import type { Request } from "../request/request.js";
import { BlockPool } from "./block-pool.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
import { type PrefixCacheStats } from "./prefix-cache-stats.js";
/** How the KV cache is cut. */
export interface KVCacheOptions {
    /** All blocks, the reserved null block included; at least 2. */
    readonly numBlocks: number;
    /** Tokens per block. */
    readonly blockSize: number;
    /** What the model's layers keep. Default: one group that keeps every token. */
    readonly groups?: readonly KVCacheGroup[];
    /** Most tokens of a request that one step computes: what windows need beside themselves. Default: any number. */
    readonly maxStepTokens?: number;
    /** Find and keep common prefixes; never done where a group keeps states. Default true. */
    readonly enablePrefixCaching?: boolean;
    /** Share of all blocks that admitting a waiting request must leave free while others run, 0..1. Default 0. */
    readonly watermark?: number;
}
/** What a request finds in the prefix cache: whole blocks, equally many in each group. */
export interface ComputedBlocks {
    /** By group. Blocks that no later token can see are the null block. */
    readonly blocks: readonly (readonly KVCacheBlock[])[];
    readonly numComputedTokens: number;
}
/** How room is asked for a waiting request. */
export interface AdmissionOptions {
    /** From `getComputedBlocks`; starts the block table. */
    readonly computed: ComputedBlocks;
    /** Refuse unless all tokens that the request has now fit, not only those of this step. */
    readonly fullSequenceMustFit: boolean;
    /** Leave the watermark's blocks free. */
    readonly keepWatermark: boolean;
}
/** One pool of blocks for all groups; each group has its own block tables and rules (SingleTypeManager). */
export declare class KVCacheManager {
    #private;
    readonly pool: BlockPool;
    readonly blockSize: number;
    readonly enablePrefixCaching: boolean;
    /** Tokens that one request can have when it is alone; Infinity where no length is too long. */
    readonly numUsableTokens: number;
    readonly prefixCacheStats: PrefixCacheStats;
    /** @throws ResourceError if there are fewer than 2 blocks */
    constructor(options: KVCacheOptions);
    /** Share of the blocks in use, 0..1. */
    get usage(): number;
    get numFreeBlocks(): number;
    /**
     * The longest prefix of the request that is in the cache: whole blocks, and never its last token, which must be
     * computed to get logits (a prompt found to the end computes its last block again). Nothing for requests that want
     * prompt log-probabilities. Takes no reference: pass the answer to `allocateSlots` before anything else is allocated.
     * With several groups it is the longest prefix that all of them have: what a group finds bounds the next one's search,
     * and a group of windows or chunks, whose shorter hits are not parts of its longer ones, is asked again until nothing changes.
     */
    getComputedBlocks(request: Request): ComputedBlocks;
    /** Counts a lookup that led to the request being scheduled; a resumed request's is counted apart. */
    recordLookup(request: Request, numHits: number): void;
    /**
     * Makes room for the next `numNewTokens` tokens of a request and registers the blocks that they fill, so that a request
     * admitted later, in the same step even, finds them.
     *
     * @param admission for a request that has no blocks yet; without it the request goes on after `numComputedTokens`
     * @returns by group, ids of the fresh blocks, to be appended to its table (those of a hit are not among them); null if
     *          there is not enough room, and then nothing has changed, but that blocks which left a window were given back
     */
    allocateSlots(request: Request, numNewTokens: number, admission?: AdmissionOptions): readonly (readonly number[])[] | null;
    /**
     * Gives back the request's blocks, its last one first, so that the start of a prefix is remembered longest. Blocks that
     * were registered for tokens beyond `request.numComputedTokens`, which now nobody computes, are forgotten.
     */
    free(request: Request): void;
    /**
     * Forgets all blocks with the content of this request's tokens from `numTokens` on, because they may never have been
     * written. Their hashes are answered: what others computed from such content cannot be trusted either, though a window
     * may have dropped the block by now.
     */
    distrust(request: Request, numTokens: number): Set<string>;
    /** Computed tokens of the request before the first block whose hash is one of `hashes`; Infinity if there is no such. */
    numTokensBefore(request: Request, hashes: ReadonlySet<string>): number;
    /** The request's block tables, by group. Copies. */
    blockIds(request: Request): number[][];
    /** Forgets all cached prefixes. @returns false, and does nothing, while any request holds blocks */
    resetPrefixCache(): boolean;
    /** The tables of all requests and groups. For checks and tests. */
    tables(): Generator<readonly [string, readonly KVCacheBlock[]]>;
}
