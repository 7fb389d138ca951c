/** LocalAttentionManager: the KV cache group of layers that attend to the last tokens alone: a sliding window, or a chunk. */
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import { firstSeen } from "../request/kv-cache-group.js";
import type { GroupOptions } from "./block-tables.js";
import { BlockTables } from "./block-tables.js";
import type { KVCacheBlock } from "./kv-cache-block.js";

/** Gives back blocks that no later row sees; a hit needs only the blocks that the row after it sees. */
export class LocalAttentionManager extends BlockTables {
  readonly #group: KVCacheGroup;

  constructor(options: GroupOptions, group: KVCacheGroup) {
    super(options, group);
    this.#group = group;
  }

  /** From the longest possible hit to shorter ones: the first of which all is there that the row after it sees. */
  findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[] {
    let end = Math.min(blockHashes.length, maxNumBlocks);
    let begin = this.#firstBlock(end * this.blockSize);
    const found: KVCacheBlock[] = []; // the blocks before `end` that are there, last to first
    for (let i = end - 1; i >= begin; i--) {
      const block = this.pool.find(blockHashes[i]!, this.groupId);
      if (block !== undefined) found.push(block);
      else {
        end = i;
        begin = this.#firstBlock(end * this.blockSize);
        found.length = 0;
      }
    }
    const unseen = Array<KVCacheBlock>(end - found.length).fill(this.pool.nullBlock);
    return unseen.concat(found.reverse());
  }

  dropUnseen(requestId: string, numComputedTokens: number): void {
    this.dropFirst(requestId, this.#firstBlock(numComputedTokens));
  }

  /** The first block of which the row at `position` sees something. */
  #firstBlock(position: number): number {
    return Math.floor(firstSeen(this.#group, position) / this.blockSize);
  }
}
