/** BlockPool: all pages of the KV cache; hands out, takes back, and finds them again by content. */
import { ResourceError } from "../util/errors.js";
import { CachedBlockMap } from "./cached-block-map.js";
import { FreeBlockQueue } from "./free-block-queue.js";
import { KVCacheBlock } from "./kv-cache-block.js";

/**
 * Shared by all KV cache groups. A freed block keeps its content and its hash until it is handed out again, so a free
 * block may still be hit; which free block is reused next decides what the prefix cache remembers.
 */
export class BlockPool {
  /** By id. `blocks[0]` is the null block. */
  readonly blocks: readonly KVCacheBlock[];
  readonly freeBlocks: FreeBlockQueue;
  readonly #cached: readonly CachedBlockMap[];

  /**
   * @param numBlocks all blocks, the null block included
   * @param numGroups KV cache groups; equal hashes of different groups are different blocks
   * @throws ResourceError if there is not at least one block besides the null block
   */
  constructor(numBlocks: number, numGroups = 1) {
    if (!Number.isSafeInteger(numBlocks) || numBlocks < 2) {
      throw new ResourceError(
        `KV cache: needs at least 2 blocks (one is reserved), got ${numBlocks}; raise --kv-cache-memory-bytes`,
      );
    }
    const blocks: KVCacheBlock[] = [];
    this.freeBlocks = new FreeBlockQueue();
    for (let id = 0; id < numBlocks; id++) {
      const block = new KVCacheBlock(id);
      blocks.push(block);
      if (id > 0) this.freeBlocks.append(block);
    }
    this.blocks = blocks;
    this.#cached = Array.from({ length: numGroups }, () => new CachedBlockMap());
  }

  get nullBlock(): KVCacheBlock {
    return this.blocks[0]!;
  }

  /** Blocks that requests can have: all but the null block. */
  get numUsableBlocks(): number {
    return this.blocks.length - 1;
  }

  get numFreeBlocks(): number {
    return this.freeBlocks.size;
  }

  /** Share of the usable blocks that requests hold, 0..1. */
  get usage(): number {
    return 1 - this.numFreeBlocks / this.numUsableBlocks;
  }

  /**
   * Takes `count` blocks from the front of the free list; they lose their old content. Reference count 1 each.
   *
   * @throws Error if fewer are free: ask `numFreeBlocks` first
   */
  allocate(count: number): KVCacheBlock[] {
    if (count > this.numFreeBlocks) {
      throw new Error(`block pool: ${count} blocks wanted, ${this.numFreeBlocks} free`);
    }
    const blocks: KVCacheBlock[] = [];
    for (let i = 0; i < count; i++) {
      const block = this.freeBlocks.popFirst();
      this.forget(block);
      block.refCount = 1;
      blocks.push(block);
    }
    return blocks;
  }

  /** Takes a reference to each block; one that was free leaves the free list and so cannot be handed out. */
  touch(blocks: readonly KVCacheBlock[]): void {
    for (const block of blocks) {
      if (block.isNull) continue;
      if (block.refCount === 0) this.freeBlocks.remove(block);
      block.refCount++;
    }
  }

  /**
   * Gives up a reference to each block. Those that nobody holds any more become free: blocks without a hash, which can
   * never be hit, at the front of the free list, the others at its end; both in the order given.
   *
   * @param blocks the ones to be reused earlier first; a request's last block before its first
   */
  release(blocks: Iterable<KVCacheBlock>): void {
    const unhashed: KVCacheBlock[] = [];
    for (const block of blocks) {
      if (block.isNull) continue;
      if (block.refCount <= 0) throw new Error(`block pool: block ${block.id} is freed twice`);
      if (--block.refCount > 0) continue;
      if (block.hash === null) unhashed.push(block);
      else this.freeBlocks.append(block);
    }
    this.freeBlocks.prepend(unhashed);
  }

  /** A block of this group with this content, or undefined. Takes no reference: `touch` it before any allocation. */
  find(hash: string, groupId: number): KVCacheBlock | undefined {
    return this.#cached[groupId]!.get(hash);
  }

  /** All blocks of this group with this content. */
  findAll(hash: string, groupId: number): KVCacheBlock[] {
    return this.#cached[groupId]!.all(hash);
  }

  /** Makes a full block findable by its content. @throws Error if it is registered already */
  register(block: KVCacheBlock, hash: string, groupId: number): void {
    if (block.hash !== null || block.isNull) {
      throw new Error(`block pool: block ${block.id} is ${block.isNull ? "the null block" : "hashed already"}`);
    }
    block.hash = hash;
    block.groupId = groupId;
    this.#cached[groupId]!.add(hash, block);
  }

  /** Makes a block unfindable; who holds it keeps it. */
  forget(block: KVCacheBlock): void {
    if (block.hash === null) return;
    this.#cached[block.groupId]!.delete(block.hash, block);
    block.hash = null;
  }

  /** Forgets the content of every block. @returns false, and does nothing, while any block is held */
  resetPrefixCache(): boolean {
    if (this.numFreeBlocks !== this.numUsableBlocks) return false;
    for (const map of this.#cached) map.clear();
    for (const block of this.blocks) block.hash = null;
    return true;
  }

  /** Different contents that are registered. */
  get numCachedBlocks(): number {
    let sum = 0;
    for (const { size } of this.#cached) sum += size;
    return sum;
  }

  /** Every registered (hash, block, group). For checks and tests. */
  *cachedBlocks(): Generator<{ hash: string; block: KVCacheBlock; groupId: number }> {
    for (const [groupId, map] of this.#cached.entries()) {
      for (const [hash, block] of map.entries()) yield { hash, block, groupId };
    }
  }
}
