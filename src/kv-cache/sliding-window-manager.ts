/** SlidingWindowManager: the KV cache group of layers that attend to the last tokens alone. */
import { firstSeen } from "../request/kv-cache-group.js";
import type { GroupOptions } from "./block-tables.js";
import { BlockTables } from "./block-tables.js";
import type { KVCacheBlock } from "./kv-cache-block.js";

/** Gives back blocks that left the window; a hit needs the blocks of its last window only. */
export class SlidingWindowManager extends BlockTables {
  readonly #group: { readonly kind: "slidingWindow"; readonly slidingWindow: number };
  /** Blocks that the first token after a hit may see. */
  readonly #numNeeded: number;

  /** @param slidingWindow a row sees itself and slidingWindow - 1 rows before it */
  constructor(options: GroupOptions, slidingWindow: number) {
    const group = { kind: "slidingWindow", slidingWindow } as const;
    super(options, group);
    this.#group = group;
    this.#numNeeded = Math.ceil((slidingWindow - 1) / this.blockSize);
  }

  /** From the longest possible hit to shorter ones: the first whose last window is there, or that is found from its start on. */
  findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[] {
    let end = Math.min(blockHashes.length, maxNumBlocks);
    const found: KVCacheBlock[] = []; // the blocks before `end` that are there, last to first
    for (let i = end - 1; i >= 0 && found.length < this.#numNeeded; i--) {
      const block = this.pool.find(blockHashes[i]!, this.groupId);
      if (block !== undefined) found.push(block);
      else {
        end = i;
        found.length = 0;
      }
    }
    const unseen = Array<KVCacheBlock>(end - found.length).fill(this.pool.nullBlock);
    return unseen.concat(found.reverse());
  }

  dropUnseen(requestId: string, numComputedTokens: number): void {
    this.dropFirst(requestId, Math.floor(firstSeen(this.#group, numComputedTokens) / this.blockSize));
  }
}
