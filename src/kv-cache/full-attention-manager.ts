/** FullAttentionManager: the KV cache group of layers that attend to every earlier token. */
import type { GroupOptions } from "./block-tables.js";
import { BlockTables } from "./block-tables.js";
import type { KVCacheBlock } from "./kv-cache-block.js";

/** Keeps every block of a request; a hit is a run of found blocks from the first one on. */
export class FullAttentionManager extends BlockTables {
  constructor(options: GroupOptions) {
    super(options, { kind: "full" });
  }

  findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[] {
    const most = Math.min(blockHashes.length, maxNumBlocks);
    const hit: KVCacheBlock[] = [];
    for (let i = 0; i < most; i++) {
      const block = this.pool.find(blockHashes[i]!, this.groupId);
      if (block === undefined) break;
      hit.push(block);
    }
    return hit;
  }

  dropUnseen(): void {
    // Every token is seen for ever.
  }
}
