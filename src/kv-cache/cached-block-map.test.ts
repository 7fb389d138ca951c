import { expect, it } from "vitest";
import { CachedBlockMap } from "./cached-block-map.js";
import { KVCacheBlock } from "./kv-cache-block.js";

it("keeps several blocks per hash and answers with the one registered first", () => {
  const map = new CachedBlockMap();
  const [a, b, c] = [new KVCacheBlock(1), new KVCacheBlock(2), new KVCacheBlock(3)] as const;
  expect(map.get("h")).toBeUndefined();
  for (const block of [a, b, c]) map.add("h", block);
  map.add("h", a);
  expect(map.all("h")).toEqual([a, b, c]);
  expect(map.get("h")).toBe(a);
  expect(map.delete("h", a)).toBe(true);
  expect(map.delete("h", a)).toBe(false);
  expect(map.get("h")).toBe(b);
  expect(map.delete("h", b)).toBe(true);
  expect(map.get("h")).toBe(c);
  expect(map.delete("other", c)).toBe(false);
  expect(map.delete("h", b)).toBe(false);
  expect([...map.entries()]).toEqual([["h", c]]);
  expect(map.delete("h", c)).toBe(true);
  expect(map.size).toBe(0);
});
