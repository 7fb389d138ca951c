/** FreeBlockQueue: the free blocks in the order of their reuse. A doubly linked list through the blocks themselves. */
import { KVCacheBlock } from "./kv-cache-block.js";

/**
 * First in the queue is reused first. Every operation costs O(1) per block, taking one out of the middle too, which a
 * prefix hit on a free block needs. Nothing is allocated.
 */
export class FreeBlockQueue {
  /** Two ends that are never handed out spare every operation the question "is there a neighbour?". */
  readonly #head = new KVCacheBlock(-1);
  readonly #tail = new KVCacheBlock(-1);
  #size = 0;

  /** @param blocks free at the start, in this order */
  constructor(blocks: Iterable<KVCacheBlock> = []) {
    this.#head.nextFree = this.#tail;
    this.#tail.previousFree = this.#head;
    for (const block of blocks) this.append(block);
  }

  get size(): number {
    return this.#size;
  }

  /** Takes the first block out. @throws Error if there is none */
  popFirst(): KVCacheBlock {
    const first = this.#head.nextFree!;
    if (first === this.#tail) throw new Error("free block queue: expected a free block; it is empty");
    this.remove(first);
    return first;
  }

  /** Takes this block out, wherever it stands. @throws Error if it is not in the queue */
  remove(block: KVCacheBlock): void {
    const { previousFree: before, nextFree: after } = block;
    if (before === null || after === null) {
      throw new Error(`free block queue: block ${block.id} is to be taken out, but is not in it`);
    }
    before.nextFree = after;
    after.previousFree = before;
    block.previousFree = null;
    block.nextFree = null;
    this.#size--;
  }

  /** Adds a block at the end: reused last. */
  append(block: KVCacheBlock): void {
    this.#insertAfter(this.#tail.previousFree!, block);
  }

  /** Adds blocks at the front, in this order: the first of them is reused next. */
  prepend(blocks: readonly KVCacheBlock[]): void {
    let before = this.#head;
    for (const block of blocks) {
      this.#insertAfter(before, block);
      before = block;
    }
  }

  /** The free blocks, first to last. For checks and tests. */
  *[Symbol.iterator](): Generator<KVCacheBlock> {
    for (let block = this.#head.nextFree!; block !== this.#tail; block = block.nextFree!) yield block;
  }

  #insertAfter(before: KVCacheBlock, block: KVCacheBlock): void {
    if (block.nextFree !== null) throw new Error(`free block queue: block ${block.id} is in it already`);
    const after = before.nextFree!;
    before.nextFree = block;
    block.previousFree = before;
    block.nextFree = after;
    after.previousFree = block;
    this.#size++;
  }
}
