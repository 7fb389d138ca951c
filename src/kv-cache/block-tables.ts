/** BlockTables: the block tables of one KV cache group whose blocks hold tokens; what full and windowed groups share. */
import type { BlockUse, KVCacheGroup } from "../request/kv-cache-group.js";
import { blocksOfGroup } from "../request/kv-cache-group.js";
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

interface Table {
  readonly blocks: KVCacheBlock[];
  /** The first so many are registered by content, or were found that way. */
  numCached: number;
  /** The first so many were given back, or never taken: they are the null block. */
  numDropped: number;
}

const NO_BLOCKS: readonly KVCacheBlock[] = [];

export abstract class BlockTables implements SingleTypeManager {
  readonly groupId: number;
  protected readonly pool: BlockPool;
  protected readonly blockSize: number;
  readonly #group: KVCacheGroup;
  readonly #use: GroupOptions["use"];
  readonly #tables = new Map<string, Table>();

  constructor({ pool, groupId, use }: GroupOptions, group: KVCacheGroup) {
    this.pool = pool;
    this.groupId = groupId;
    this.blockSize = use.blockSize;
    this.#group = group;
    this.#use = use;
  }

  abstract findLongestHit(blockHashes: readonly string[], maxNumBlocks: number): readonly KVCacheBlock[];

  abstract dropUnseen(requestId: string, numComputedTokens: number): void;

  numBlocksToAllocate(requestId: string, numTokens: number, hit: readonly KVCacheBlock[]): number {
    const numHeld = (this.#tables.get(requestId)?.blocks.length ?? 0) + hit.length;
    const count = Math.max(0, Math.ceil(numTokens / this.blockSize) - numHeld);
    return hit.length === 0 ? count : count + numFree(hit);
  }

  numBlocksToAdmit(numTokens: number, hit: readonly KVCacheBlock[]): number {
    let count = blocksOfGroup(this.#group, numTokens, this.#use) + numFree(hit);
    for (const block of hit) if (!block.isNull) count--;
    return Math.max(0, count);
  }

  addHit(requestId: string, hit: readonly KVCacheBlock[]): void {
    if (hit.length === 0) return;
    if (this.#tables.has(requestId)) {
      throw new Error(`block table of ${requestId}: a prefix hit can only start a table; this one has blocks`);
    }
    this.pool.touch(hit);
    const numDropped = hit.findIndex((block) => !block.isNull);
    this.#tables.set(requestId, {
      blocks: [...hit],
      numCached: hit.length,
      numDropped: numDropped < 0 ? hit.length : numDropped,
    });
  }

  addNew(requestId: string, numTokens: number): readonly KVCacheBlock[] {
    let table = this.#tables.get(requestId);
    const count = Math.ceil(numTokens / this.blockSize) - (table?.blocks.length ?? 0);
    if (count <= 0) return NO_BLOCKS;
    const added = this.pool.allocate(count);
    if (table === undefined) this.#tables.set(requestId, (table = { blocks: [], numCached: 0, numDropped: 0 }));
    table.blocks.push(...added);
    return added;
  }

  cacheFullBlocks(request: Request, numTokens: number): void {
    const table = this.#tables.get(request.requestId);
    if (table === undefined) return;
    const numFull = Math.floor(numTokens / this.blockSize);
    for (; table.numCached < numFull; table.numCached++) {
      const block = table.blocks[table.numCached]!;
      // One may have left a window before its last token was known.
      if (!block.isNull) this.pool.register(block, request.blockHashes[table.numCached]!, this.groupId);
    }
  }

  free(requestId: string, numComputedTokens: number): void {
    const table = this.#tables.get(requestId);
    if (table === undefined) return;
    this.#tables.delete(requestId);
    const numComputed = Math.floor(numComputedTokens / this.blockSize);
    for (let i = numComputed; i < table.numCached; i++) this.pool.forget(table.blocks[i]!);
    this.pool.release(table.blocks.reverse());
  }

  table(requestId: string): readonly KVCacheBlock[] {
    return this.#tables.get(requestId)?.blocks ?? NO_BLOCKS;
  }

  *tables(): Generator<readonly [string, readonly KVCacheBlock[]]> {
    for (const [requestId, table] of this.#tables) yield [requestId, table.blocks];
  }

  /** Gives back the request's first blocks, so that `count` of them are the null block; the last of them first. */
  protected dropFirst(requestId: string, count: number): void {
    const table = this.#tables.get(requestId);
    if (table === undefined || table.numDropped >= count) return;
    const dropped: KVCacheBlock[] = [];
    for (let i = Math.min(count, table.blocks.length) - 1; i >= table.numDropped; i--) {
      dropped.push(table.blocks[i]!);
      table.blocks[i] = this.pool.nullBlock;
    }
    table.numDropped = count;
    this.pool.release(dropped);
  }
}

/** Blocks that nobody holds: taking them makes the pool smaller. */
function numFree(blocks: readonly KVCacheBlock[]): number {
  let count = 0;
  for (const block of blocks) if (block.refCount === 0 && !block.isNull) count++;
  return count;
}
