/** FullAttentionManager: the KV cache group of layers that attend to every earlier token. */
import type { GroupOptions } from "./block-tables.js";
import { BlockTables } from "./block-tables.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
/** Keeps every block of a request; a hit is a run of found blocks from the first one on. */
export declare class FullAttentionManager extends BlockTables {
    constructor(options: GroupOptions);
    findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[];
    dropUnseen(): void;
}
