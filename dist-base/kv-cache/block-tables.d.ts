/** BlockTables: the block tables of one KV cache group whose blocks hold tokens; what full and windowed groups share. */
import type { BlockUse, KVCacheGroup } from "../request/kv-cache-group.js";
import type { Request } from "../request/request.js";
import type { BlockPool } from "./block-pool.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
import type { SingleTypeManager } from "./single-type-manager.js";
/** What a group's manager is made of. */
export interface GroupOptions {
    readonly pool: BlockPool;
    readonly groupId: number;
    readonly use: Omit<BlockUse, "groups">;
}
export declare abstract class BlockTables implements SingleTypeManager {
    #private;
    readonly groupId: number;
    protected readonly pool: BlockPool;
    protected readonly blockSize: number;
    constructor({ pool, groupId, use }: GroupOptions, group: KVCacheGroup);
    abstract findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[];
    abstract dropUnseen(requestId: string, numComputedTokens: number): void;
    numBlocksToAllocate(requestId: string, numTokens: number, hit: readonly KVCacheBlock[]): number;
    numBlocksToAdmit(numTokens: number, hit: readonly KVCacheBlock[]): number;
    addHit(requestId: string, hit: readonly KVCacheBlock[]): void;
    addNew(requestId: string, numTokens: number): readonly KVCacheBlock[];
    cacheFullBlocks(request: Request, numTokens: number): void;
    free(requestId: string, numComputedTokens: number): void;
    table(requestId: string): readonly KVCacheBlock[];
    tables(): Generator<readonly [string, readonly KVCacheBlock[]]>;
    /** Gives back the request's first blocks, so that `count` of them are the null block; the last of them first. */
    protected dropFirst(requestId: string, count: number): void;
}
