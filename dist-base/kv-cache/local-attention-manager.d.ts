/** LocalAttentionManager: the KV cache group of layers that attend to the last tokens alone: a sliding window, or a chunk. */
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import type { GroupOptions } from "./block-tables.js";
import { BlockTables } from "./block-tables.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
/** Gives back blocks that no later row sees; a hit needs only the blocks that the row after it sees. */
export declare class LocalAttentionManager extends BlockTables {
    #private;
    constructor(options: GroupOptions, group: KVCacheGroup);
    /** From the longest possible hit to shorter ones: the first of which all is there that the row after it sees. */
    findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[];
    dropUnseen(requestId: string, numComputedTokens: number): void;
}
