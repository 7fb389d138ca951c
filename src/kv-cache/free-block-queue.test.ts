import { describe, expect, it } from "vitest";
import { FreeBlockQueue } from "./free-block-queue.js";
import { KVCacheBlock } from "./kv-cache-block.js";

const make = (count: number) => Array.from({ length: count }, (_, i) => new KVCacheBlock(i + 1));
const ids = (queue: FreeBlockQueue) => [...queue].map((block) => block.id);

describe("FreeBlockQueue", () => {
  it("hands out in order and says when it is empty", () => {
    const queue = new FreeBlockQueue(make(2));
    expect([queue.popFirst().id, queue.popFirst().id, queue.size]).toEqual([1, 2, 0]);
    expect(() => queue.popFirst()).toThrow("empty");
  });

  it("takes out first, middle and last", () => {
    const blocks = make(5);
    const queue = new FreeBlockQueue(blocks);
    for (const i of [2, 0, 4]) queue.remove(blocks[i]!);
    expect(ids(queue)).toEqual([2, 4]);
    expect(queue.size).toBe(2);
    queue.remove(blocks[1]!);
    queue.remove(blocks[3]!);
    expect(ids(queue)).toEqual([]);
    queue.append(blocks[2]!);
    expect(ids(queue)).toEqual([3]);
  });

  it("appends at the end and prepends a group in its own order", () => {
    const [a, b, c, d] = make(4) as [KVCacheBlock, KVCacheBlock, KVCacheBlock, KVCacheBlock];
    const queue = new FreeBlockQueue([a]);
    queue.append(b);
    queue.prepend([d, c]);
    expect(ids(queue)).toEqual([4, 3, 1, 2]);
    expect(queue.popFirst()).toBe(d);
    expect(d.nextFree).toBeNull();
  });

  it("refuses a block that is in it, and one that is not", () => {
    const [a, b] = make(2) as [KVCacheBlock, KVCacheBlock];
    const queue = new FreeBlockQueue([a]);
    expect(() => queue.append(a)).toThrow("block 1 is in it already");
    expect(() => queue.remove(b)).toThrow("block 2");
    expect(queue.size).toBe(1);
  });
});
