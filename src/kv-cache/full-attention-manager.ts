/** FullAttentionManager: the KV cache group of layers that attend to every earlier token. */
import type { Request } from "../request/request.js";
import type { BlockPool } from "./block-pool.js";
import type { KVCacheBlock } from "./kv-cache-block.js";
import type { SingleTypeManager } from "./single-type-manager.js";

interface Table {
  readonly blocks: KVCacheBlock[];
  /** The first so many are registered by content, or were found that way. */
  numCached: number;
}

const NO_BLOCKS: readonly KVCacheBlock[] = [];

/** Keeps every block of a request; a hit is a run of found blocks from the first one on. */
export class FullAttentionManager implements SingleTypeManager {
  readonly groupId: number;
  readonly #pool: BlockPool;
  readonly #blockSize: number;
  readonly #tables = new Map<string, Table>();

  /** @param blockSize tokens per block */
  constructor(pool: BlockPool, blockSize: number, groupId: number) {
    this.#pool = pool;
    this.#blockSize = blockSize;
    this.groupId = groupId;
  }

  findLongestHit(blockHashes: readonly string[], maxNumTokens: number): readonly KVCacheBlock[] {
    const most = Math.min(blockHashes.length, Math.floor(maxNumTokens / this.#blockSize));
    const hit: KVCacheBlock[] = [];
    for (let i = 0; i < most; i++) {
      const block = this.#pool.find(blockHashes[i]!, this.groupId);
      if (block === undefined) break;
      hit.push(block);
    }
    return hit;
  }

  numBlocksToAllocate(requestId: string, numTokens: number, hit: readonly KVCacheBlock[]): number {
    const numHeld = (this.#tables.get(requestId)?.blocks.length ?? 0) + hit.length;
    let count = Math.max(0, Math.ceil(numTokens / this.#blockSize) - numHeld);
    for (const block of hit) if (block.refCount === 0 && !block.isNull) count++;
    return count;
  }

  addHit(requestId: string, hit: readonly KVCacheBlock[]): void {
    if (hit.length === 0) return;
    if (this.#tables.has(requestId)) {
      throw new Error(`block table of ${requestId}: a prefix hit can only start a table; this one has blocks`);
    }
    this.#pool.touch(hit);
    this.#tables.set(requestId, { blocks: [...hit], numCached: hit.length });
  }

  addNew(requestId: string, numTokens: number): readonly KVCacheBlock[] {
    let table = this.#tables.get(requestId);
    const count = Math.ceil(numTokens / this.#blockSize) - (table?.blocks.length ?? 0);
    if (count <= 0) return NO_BLOCKS;
    const added = this.#pool.allocate(count);
    if (table === undefined) this.#tables.set(requestId, (table = { blocks: [], numCached: 0 }));
    table.blocks.push(...added);
    return added;
  }

  cacheFullBlocks(request: Request, numTokens: number): void {
    const table = this.#tables.get(request.requestId);
    if (table === undefined) return;
    const numFull = Math.floor(numTokens / this.#blockSize);
    for (; table.numCached < numFull; table.numCached++) {
      this.#pool.register(table.blocks[table.numCached]!, request.blockHashes[table.numCached]!, this.groupId);
    }
  }

  free(requestId: string, numComputedTokens: number): void {
    const table = this.#tables.get(requestId);
    if (table === undefined) return;
    this.#tables.delete(requestId);
    const numComputed = Math.floor(numComputedTokens / this.#blockSize);
    for (let i = numComputed; i < table.numCached; i++) this.#pool.forget(table.blocks[i]!);
    this.#pool.release(table.blocks.reverse());
  }

  table(requestId: string): readonly KVCacheBlock[] {
    return this.#tables.get(requestId)?.blocks ?? NO_BLOCKS;
  }

  *tables(): Generator<readonly [string, readonly KVCacheBlock[]]> {
    for (const [requestId, table] of this.#tables) yield [requestId, table.blocks];
  }
}
