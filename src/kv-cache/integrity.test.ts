import { describe, expect, it } from "vitest";
import { BlockPool } from "./block-pool.js";
import { checkBlockPool } from "./integrity.js";
import type { KVCacheBlock } from "./kv-cache-block.js";

type Tables = [string, KVCacheBlock[]][];

/** A sound pool: blocks 1 and 2 in the table of "a", 1 hashed and shared with "b"; 3 free and hashed; 4 free. */
function sound(): { pool: BlockPool; tables: Tables } {
  const pool = new BlockPool(5);
  const [one, two, three] = pool.allocate(3) as [KVCacheBlock, KVCacheBlock, KVCacheBlock];
  pool.register(one, "h1", 0);
  pool.register(three, "h3", 0);
  pool.release([three]);
  pool.touch([one]);
  return {
    pool,
    tables: [
      ["a", [one, two]],
      ["b", [one]],
    ],
  };
}
const problemOf = (break_: (pool: BlockPool, tables: Tables) => void) => () => {
  const { pool, tables } = sound();
  break_(pool, tables);
  checkBlockPool(pool, tables);
};

describe("checkBlockPool", () => {
  it("accepts a sound pool, null blocks in tables included", () => {
    const { pool, tables } = sound();
    checkBlockPool(pool, tables);
    tables[0]![1].push(pool.nullBlock, pool.nullBlock);
    checkBlockPool(pool, tables);
  });

  const broken: [string, (pool: BlockPool, tables: Tables) => void, string][] = [
    ["a reference too many", (pool) => pool.blocks[2]!.refCount++, "block 2: reference count 2, in 1 tables"],
    ["a lost table", (_, tables) => tables.pop(), "block 1: reference count 2, in 1 tables"],
    ["a leaked block", (pool) => void pool.allocate(1), "block 4: reference count 1, in 0 tables"],
    ["a held block in the free list", (pool) => pool.freeBlocks.append(pool.blocks[2]!), "free: true"],
    ["a free block outside the list", (pool) => pool.freeBlocks.remove(pool.blocks[4]!), "free + 2 used is not 5 - 1"],
    ["a cut back link", (pool) => void (pool.blocks[3]!.previousFree = null), "do not point back"],
    ["the null block in the free list", (pool) => pool.freeBlocks.append(pool.nullBlock), "null block"],
    ["a shared block without hash", (pool) => pool.forget(pool.blocks[1]!), "block 1 is in 2 tables without a hash"],
    ["a block twice in one table", (_, tables) => tables[1]![1].push(tables[1]![1][0]!), "stands in it twice"],
    ["a hash that leads nowhere", (pool) => void (pool.blocks[1]!.hash = "h9"), "does not carry it"],
    ["a hash that is not registered", (pool) => void (pool.blocks[2]!.hash = "h9"), "its hash does not lead to it"],
    ["a foreign block", (_, tables) => tables.push(["c", new BlockPool(2).allocate(1)]), "is not the pool's"],
  ];
  it.each(broken)("finds %s", (_, break_, message) => {
    expect(problemOf(break_)).toThrow(message);
  });
});

describe("BlockPool", () => {
  it("refuses to free twice, to hash twice and to hand out what it does not have", () => {
    const { pool } = sound();
    expect(() => pool.release([pool.blocks[4]!])).toThrow("freed twice");
    expect(() => pool.register(pool.blocks[1]!, "x", 0)).toThrow("hashed already");
    expect(() => pool.register(pool.nullBlock, "x", 0)).toThrow("null block");
    expect(() => pool.allocate(3)).toThrow("3 blocks wanted, 2 free");
    expect(pool.numFreeBlocks).toBe(2);
  });

  it("keeps equal hashes of different groups apart", () => {
    const pool = new BlockPool(4, 2);
    const [one, two] = pool.allocate(2) as [KVCacheBlock, KVCacheBlock];
    pool.register(one, "h", 0);
    expect(pool.find("h", 1)).toBeUndefined();
    pool.register(two, "h", 1);
    expect([pool.find("h", 0), pool.find("h", 1)]).toEqual([one, two]);
    pool.forget(one);
    expect([pool.find("h", 0), pool.find("h", 1)]).toEqual([undefined, two]);
  });
});
