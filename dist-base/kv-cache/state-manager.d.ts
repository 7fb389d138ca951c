/** StateManager: the KV cache group of layers that keep one state a request instead of something of every token. */
import type { BlockPool } from "./block-pool.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
import type { SingleTypeManager } from "./single-type-manager.js";
/**
 * One block for each request, from its first token to its end. A state holds all tokens before it and changes with every
 * token, so no block is ever found by content: where there is such a group, nothing of a prompt can be skipped.
 */
export declare class StateManager implements SingleTypeManager {
    #private;
    readonly groupId: number;
    constructor({ pool, groupId }: {
        readonly pool: BlockPool;
        readonly groupId: number;
    });
    findLongestHit(): readonly KVCacheBlock[];
    dropUnseen(): void;
    numBlocksToAllocate(requestId: string): number;
    numBlocksToAdmit(): number;
    addHit(requestId: string, hit: readonly KVCacheBlock[]): void;
    addNew(requestId: string): readonly KVCacheBlock[];
    cacheFullBlocks(): void;
    free(requestId: string): void;
    table(requestId: string): readonly KVCacheBlock[];
    tables(): Iterable<readonly [string, readonly KVCacheBlock[]]>;
}
