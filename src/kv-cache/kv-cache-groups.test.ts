import { describe, expect, it } from "vitest";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import { Request } from "../request/request.js";
import { normalizeSamplingParams } from "../request/sampling-params.js";
import { BlockPool } from "./block-pool.js";
import { checkBlockPool } from "./integrity.js";
import type { KVCacheOptions } from "./kv-cache-manager.js";
import { KVCacheManager } from "./kv-cache-manager.js";
import { LocalAttentionManager } from "./local-attention-manager.js";

const full: KVCacheGroup = { kind: "full" };
const window = (slidingWindow: number): KVCacheGroup => ({ kind: "slidingWindow", slidingWindow });
const state: KVCacheGroup = { kind: "state" };

let nextId = 0;
const request = (promptTokenIds: number[]): Request =>
  new Request({ requestId: `g${nextId++}`, promptTokenIds, params: normalizeSamplingParams({}) });
const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

/** A manager over blocks of 2 tokens, with its pool checked after each call. */
function make(groups: readonly KVCacheGroup[], numBlocks = 100, options: Partial<KVCacheOptions> = {}) {
  const manager = new KVCacheManager({ numBlocks, blockSize: 2, groups, ...options });
  const check = (): void => checkBlockPool(manager.pool, manager.tables());
  /** Admits with all tokens or the first so many after the hit. */
  const admit = (made: Request, tokens?: number, keepWatermark = false) => {
    const computed = manager.getComputedBlocks(made);
    const count = tokens ?? made.numTokens - computed.numComputedTokens;
    const added = manager.allocateSlots(made, count, { computed, fullSequenceMustFit: true, keepWatermark });
    if (added !== null) made.numComputedTokens = computed.numComputedTokens + count;
    check();
    return { numComputedTokens: computed.numComputedTokens, added };
  };
  /** Goes on by so many tokens of the prompt. */
  const goOn = (made: Request, tokens: number) => {
    const added = manager.allocateSlots(made, tokens);
    if (added !== null) made.numComputedTokens += tokens;
    check();
    return added;
  };
  const free = (made: Request): void => {
    manager.free(made);
    made.numComputedTokens = 0;
    check();
  };
  return { manager, admit, goOn, free };
}

describe("hits of windows and chunks", () => {
  it.each([
    ["TTFTFFTTFTTT", 4, 12, 2],
    ["TTFTFFTTFFF", 4, 8, 2],
    ["TFFFFF", 4, 1, 1],
    ["FTTTTF", 12, 0, 0],
    ["TTTTTF", 12, 5, 5],
    ["FFFF", 4, 0, 0],
    ["FFFF", 1, 4, 0],
    ["TFTF", 2, 3, 1],
    ["TTTF", 3, 3, 1],
    ["TTFT", 3, 4, 1],
  ])("%s with a window of %i: %i blocks, the last %i held", (pattern, slidingWindow, length, held) =>
    expectHit(pattern, window(slidingWindow), length, held),
  );

  it.each([
    ["TTFTFFTTFTT", 8, 8, 0],
    ["FFTTTTF", 6, 6, 0],
    ["FFTTTT", 8, 6, 2],
    ["FFFFTTT", 8, 7, 3],
    ["FFTTFTT", 8, 4, 0],
    ["TTTFT", 8, 5, 1],
    ["FTTFT", 10, 5, 0],
    ["FTTF", 10, 0, 0],
    ["TTFTT", 5, 5, 0],
    ["TTFT", 5, 2, 2],
  ])("%s with chunks of %i: %i blocks, the last %i held", (pattern, chunkSize, length, held) =>
    expectHit(pattern, { kind: "chunked", chunkSize }, length, held),
  );

  function expectHit(pattern: string, group: KVCacheGroup, length: number, held: number): void {
    const pool = new BlockPool(20);
    const use = { blockSize: 2, maxStepTokens: 100 };
    const manager = new LocalAttentionManager({ pool, groupId: 0, use }, group);
    const hashes = [...pattern].map((_, i) => `hash ${i}`);
    const blocks = pool.allocate(pattern.length);
    [...pattern].forEach((there, i) => there === "T" && pool.register(blocks[i]!, hashes[i]!, 0));
    const hit = manager.findLongestHit(hashes, 100);
    expect(hit.map((block) => block.id)).toEqual([
      ...Array<number>(length - held).fill(0),
      ...blocks.slice(length - held, length).map((block) => block.id),
    ]);
  }
});

describe("a window", () => {
  it.each([
    [4, 0],
    [5, 1],
    [6, 1],
    [7, 2],
    [11, 4],
  ])("of 4 with %i computed tokens leaves %i null blocks", (numComputed, numNull) => {
    const { manager, admit, goOn } = make([window(4)]);
    const made = request(range(20));
    admit(made, numComputed);
    goOn(made, 1);
    const [table] = manager.blockIds(made);
    expect(table!.slice(0, numNull)).toEqual(Array(numNull).fill(0));
    expect(table!.slice(numNull)).not.toContain(0);
  });

  it("holds no more blocks than the window and a step need, however long the request", () => {
    const { manager, admit, goOn } = make([window(4)], 6, { maxStepTokens: 3 });
    expect(manager.numUsableTokens).toBe(Infinity);
    const made = request(range(1000));
    expect(admit(made, 3).added).not.toBeNull();
    while (made.numComputedTokens < 999) expect(goOn(made, Math.min(3, 1000 - made.numComputedTokens))).not.toBeNull();
    expect(manager.pool.numUsableBlocks - manager.numFreeBlocks).toBeLessThanOrEqual(4);
  });

  it("gives back blocks that others may hit until they are used again", () => {
    const { manager, admit, goOn, free } = make([window(4)]);
    const made = request(range(12));
    admit(made, 10);
    goOn(made, 2);
    const early = request([...range(4), 77, 78]);
    expect(admit(early).numComputedTokens).toBe(4);
    expect(manager.blockIds(early)[0]!.slice(0, 2)).toEqual([1, 2]);
    free(made);
    const late = request([...range(12), 77]);
    expect(admit(late).numComputedTokens).toBe(12);
    expect(manager.blockIds(late)[0]!.slice(0, 4)).toEqual([0, 0, 0, 0]);
  });

  it("gives back its blocks even when there is no room to go on", () => {
    const { manager, admit, goOn } = make([window(4)], 6, { enablePrefixCaching: false, maxStepTokens: 6 });
    const made = request(range(20));
    const other = request(range(4, 50));
    admit(made, 6);
    manager.allocateSlots(other, 4);
    expect(manager.numFreeBlocks).toBe(0);
    expect(goOn(made, 10)).toBeNull();
    expect(manager.blockIds(made)[0]!.slice(0, 2)).toEqual([0, expect.any(Number)]);
    expect(manager.numFreeBlocks).toBe(1);
  });
});

describe("full attention beside windows", () => {
  it("hits what all groups have", () => {
    const { manager, admit, free } = make([full, window(4)]);
    const made = request(range(12));
    admit(made);
    free(made);
    const again = request([...range(12), 99]);
    expect(admit(again).numComputedTokens).toBe(12);
    expect(manager.blockIds(again)[1]!.slice(0, 5)).toEqual([0, 0, 0, 0, expect.any(Number)]);
    expect(manager.blockIds(again)[0]).not.toContain(0);
  });

  it("goes back to the last place where every window is whole", () => {
    const { manager, admit, free } = make([full, window(4), window(6)]);
    const made = request(range(12));
    admit(made);
    const tables = manager.blockIds(made);
    free(made);
    const forget = (group: number, block: number): void =>
      manager.pool.forget(manager.pool.blocks[tables[group]![block]!]!);
    const length = (): number => manager.getComputedBlocks(request([...range(12), 99])).numComputedTokens;
    expect(length()).toBe(12);
    forget(1, 5); // first window: 10 tokens; second window: whole there
    expect(length()).toBe(10);
    forget(2, 3); // second window needs blocks 2, 3, 4 for 10 tokens; 6 tokens: blocks 0, 1, 2
    expect(length()).toBe(6);
    forget(1, 2); // first window needs blocks 1, 2 for 6 tokens; 4 tokens: blocks 0, 1
    expect(length()).toBe(4);
    forget(0, 0);
    expect(length()).toBe(0);
  });

  it("asks windows again as long as any hit gets shorter", () => {
    const { manager, admit, free } = make([full, window(4), window(6)]);
    const made = request(range(20));
    admit(made);
    const tables = manager.blockIds(made);
    free(made);
    const forget = (group: number, ...blocks: number[]): void =>
      blocks.forEach((i) => manager.pool.forget(manager.pool.blocks[tables[group]![i]!]!));
    // Blocks that hits may end at: 9 and 6 in the first round, 5 and 2 in the second, 1 in the third.
    forget(1, 9, 5, 1);
    forget(2, 6, 2);
    const again = request([...range(20), 99]);
    expect(admit(again).numComputedTokens).toBe(2);
    expect(manager.blockIds(again).map((table) => table[0])).toEqual(tables.map((table) => table[0]));
  });

  it("changes nothing when one group finds no room", () => {
    const { manager, admit } = make([full, window(4)], 12, { maxStepTokens: 4 });
    admit(request(range(6, 100)));
    const free = (): number[] => [...manager.pool.freeBlocks].map((block) => block.id);
    const before = free();
    const large = request(range(12));
    expect(admit(large, 4).added).toBeNull();
    expect(free()).toEqual(before);
    expect(manager.blockIds(large)).toEqual([[], []]);
  });

  it("admits by the most that a request ever holds, not by its length in each group", () => {
    const { manager, admit, goOn } = make([full, window(4)], 1 + 10 + 5, { maxStepTokens: 4 });
    expect(manager.numUsableTokens).toBe(22);
    const made = request(range(20));
    expect(admit(made, 4).added).not.toBeNull();
    while (made.numComputedTokens < 20) expect(goOn(made, 4)).not.toBeNull();
    const { admit: admitSmall } = make([full, window(4)], 1 + 10 + 4, { maxStepTokens: 4 });
    expect(admitSmall(request(range(22)), 4).added).toBeNull();
  });

  it("keeps the groups' contents apart", () => {
    const { manager, admit, free } = make([full, window(100)]);
    const made = request(range(8));
    admit(made);
    const [a, b] = manager.blockIds(made);
    expect(new Set([...a!, ...b!]).size).toBe(8);
    free(made);
    const again = request(range(9));
    admit(again);
    expect(manager.blockIds(again).map((table) => table.slice(0, 4))).toEqual([a, b]);
  });

  it("forgets what was never computed in every group", () => {
    const { manager, admit } = make([full, window(4)]);
    const made = request(range(12));
    admit(made);
    const sharer = request([...range(12), 5]);
    admit(sharer);
    const hashes = manager.distrust(made, 6);
    expect(manager.numTokensBefore(sharer, hashes)).toBe(6);
    expect(manager.getComputedBlocks(request(range(20))).numComputedTokens).toBe(6);
  });

  it("finds a sharer whose window has left what cannot be trusted", () => {
    const { manager, admit, goOn } = make([window(2)]);
    const made = request(range(6));
    admit(made);
    const sharer = request(range(20));
    expect(admit(sharer, 4).numComputedTokens).toBe(6);
    goOn(sharer, 2);
    goOn(sharer, 2);
    expect(manager.blockIds(sharer)[0]!.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(manager.numTokensBefore(sharer, manager.distrust(made, 0))).toBe(0);
  });

  it("resets when nobody holds a block", () => {
    const { manager, admit, free } = make([full, window(4)]);
    const made = request(range(12));
    admit(made);
    expect(manager.resetPrefixCache()).toBe(false);
    free(made);
    expect(manager.resetPrefixCache()).toBe(true);
    expect(manager.getComputedBlocks(request(range(20))).numComputedTokens).toBe(0);
  });
});

describe("states", () => {
  it("take one block a request and are never found again", () => {
    const { manager, admit, goOn, free } = make([state], 4);
    expect(manager.enablePrefixCaching).toBe(false);
    const requests = range(3).map(() => request(range(40)));
    for (const made of requests) expect(admit(made, 20).added).toHaveLength(1);
    expect(admit(request(range(2))).added).toBeNull();
    expect(goOn(requests[0]!, 20)).toEqual([[]]);
    expect(manager.blockIds(requests[1]!)).toEqual([[2]]);
    free(requests[1]!);
    expect(admit(request(range(40))).numComputedTokens).toBe(0);
  });
});
