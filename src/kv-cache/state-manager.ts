/** StateManager: the KV cache group of layers that keep one state a request instead of something of every token. */
import type { BlockPool } from "./block-pool.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
import type { SingleTypeManager } from "./single-type-manager.js";

const NO_BLOCKS: readonly KVCacheBlock[] = [];

/**
 * One block for each request, from its first token to its end. A state holds all tokens before it and changes with every
 * token, so no block is ever found by content: where there is such a group, nothing of a prompt can be skipped.
 */
export class StateManager implements SingleTypeManager {
  readonly groupId: number;
  readonly #pool: BlockPool;
  readonly #tables = new Map<string, readonly [KVCacheBlock]>();

  constructor({ pool, groupId }: { readonly pool: BlockPool; readonly groupId: number }) {
    this.#pool = pool;
    this.groupId = groupId;
  }

  findLongestHit(): readonly KVCacheBlock[] {
    return NO_BLOCKS;
  }

  dropUnseen(): void {
    // The state is always needed.
  }

  numBlocksToAllocate(requestId: string): number {
    return this.#tables.has(requestId) ? 0 : 1;
  }

  numBlocksToAdmit(): number {
    return 1;
  }

  addHit(requestId: string, hit: readonly KVCacheBlock[]): void {
    if (hit.length > 0) throw new Error(`state of ${requestId}: expected no prefix hit, got ${hit.length} blocks`);
  }

  addNew(requestId: string): readonly KVCacheBlock[] {
    if (this.#tables.has(requestId)) return NO_BLOCKS;
    const table = this.#pool.allocate(1) as [KVCacheBlock];
    this.#tables.set(requestId, table);
    return table;
  }

  cacheFullBlocks(): void {
    // Never found by content.
  }

  free(requestId: string): void {
    const table = this.#tables.get(requestId);
    if (table === undefined) return;
    this.#tables.delete(requestId);
    this.#pool.release(table);
  }

  table(requestId: string): readonly KVCacheBlock[] {
    return this.#tables.get(requestId) ?? NO_BLOCKS;
  }

  tables(): Iterable<readonly [string, readonly KVCacheBlock[]]> {
    return this.#tables;
  }
}
