/** KVCacheGroup: a set of layers that keep the same of a request, in the same blocks. Plain data, and its arithmetic. */
/** What the layers of one group keep of a request. */
export type KVCacheGroup = 
/** Every token. */
{
    readonly kind: "full";
}
/** The tokens that a later row may see: itself and `slidingWindow` - 1 before it. */
 | {
    readonly kind: "slidingWindow";
    readonly slidingWindow: number;
}
/** The tokens of the chunk that a row stands in, up to it; chunks are counted from the request's start. */
 | {
    readonly kind: "chunked";
    readonly chunkSize: number;
}
/** One block a request, whatever its length: a state that every token changes. */
 | {
    readonly kind: "state";
};
/** What the arithmetic must know beside the groups. */
export interface BlockUse {
    readonly groups: readonly KVCacheGroup[];
    /** Tokens of one block. */
    readonly blockSize: number;
    /** Most tokens of a request that one step computes. */
    readonly maxStepTokens: number;
}
/** Groups of a model whose layers all keep every token. */
export declare const fullAttentionOnly: readonly KVCacheGroup[];
/** Most tokens of one request in a step, by the scheduler's limits. */
export declare function maxStepTokens(limits: {
    readonly maxNumBatchedTokens: number;
    readonly longPrefillTokenThreshold?: number | undefined;
}): number;
/** Most tokens that a row sees, its own included, in a group that forgets; Infinity in one that keeps every token. */
export declare function reachOf(group: KVCacheGroup): number;
/** The index of the first token that rows from `position` on may see in a group. */
export declare function firstSeen(group: KVCacheGroup, position: number): number;
/** Most blocks of one group that a request holds at a time on its way to `numTokens` tokens. */
export declare function blocksOfGroup(group: KVCacheGroup, numTokens: number, use: Omit<BlockUse, "groups">): number;
/** Most blocks of all groups that a request holds at a time on its way to `numTokens` tokens. */
export declare function blocksOfRequest(use: BlockUse, numTokens: number): number;
/** The longest request that `numBlocks` blocks hold, in tokens: whole blocks; Infinity if length is no matter. */
export declare function longestRequest(use: BlockUse, numBlocks: number): number;
