/** CachedBlockMap: from a block's hash to the blocks that hold that content. */
import type { KVCacheBlock } from "./kv-cache-block.js";

/**
 * Several blocks may hold the same content, because a block table never changes once written: two requests that compute
 * the same tokens side by side keep a block each. Nearly always there is one, so one is kept without a set around it.
 */
export class CachedBlockMap {
  readonly #blocks = new Map<string, KVCacheBlock | Set<KVCacheBlock>>();

  /** Number of different hashes. */
  get size(): number {
    return this.#blocks.size;
  }

  /** A block with this content, the one that was registered first; undefined if there is none. */
  get(hash: string): KVCacheBlock | undefined {
    const found = this.#blocks.get(hash);
    if (!(found instanceof Set)) return found;
    for (const block of found) return block;
    return undefined;
  }

  /** All blocks with this content. A copy. */
  all(hash: string): KVCacheBlock[] {
    const found = this.#blocks.get(hash);
    if (found === undefined) return [];
    return found instanceof Set ? [...found] : [found];
  }

  add(hash: string, block: KVCacheBlock): void {
    const found = this.#blocks.get(hash);
    if (found === undefined) this.#blocks.set(hash, block);
    else if (found instanceof Set) found.add(block);
    else if (found !== block) this.#blocks.set(hash, new Set([found, block]));
  }

  /** @returns whether it was there */
  delete(hash: string, block: KVCacheBlock): boolean {
    const found = this.#blocks.get(hash);
    if (found === block) return this.#blocks.delete(hash);
    if (!(found instanceof Set) || !found.delete(block)) return false;
    if (found.size === 1) for (const last of found) this.#blocks.set(hash, last);
    return true;
  }

  clear(): void {
    this.#blocks.clear();
  }

  /** Every hash with each of its blocks. For checks and tests. */
  *entries(): Generator<[string, KVCacheBlock]> {
    for (const hash of this.#blocks.keys()) for (const block of this.all(hash)) yield [hash, block];
  }
}
