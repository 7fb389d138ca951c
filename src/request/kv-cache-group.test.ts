import { describe, expect, test } from "vitest";
import type { KVCacheGroup } from "./kv-cache-group.js";
import { blocksOfGroup, blocksOfRequest, firstSeen, longestRequest, maxStepTokens } from "./kv-cache-group.js";

const full: KVCacheGroup = { kind: "full" };
const state: KVCacheGroup = { kind: "state" };
const chunks = (chunkSize: number): KVCacheGroup => ({ kind: "chunked", chunkSize });
const window = (slidingWindow: number): KVCacheGroup => ({ kind: "slidingWindow", slidingWindow });

/** By trying every way to cut a request into steps of one size. */
function mostHeld(group: KVCacheGroup, numTokens: number, blockSize: number, step: number): number {
  let most = 0;
  for (let first = 1; first <= step; first++)
    for (let start = 0, count = first; start < numTokens; start += count, count = step) {
      const end = Math.min(numTokens, start + count);
      most = Math.max(most, Math.ceil(end / blockSize) - Math.floor(firstSeen(group, start) / blockSize));
    }
  return most;
}

describe("blocks of a request", () => {
  test.each([full, window(1), window(2), window(5), window(16), window(40), chunks(1), chunks(5), chunks(16)])(
    "%j: enough, and nearly never more",
    (group) => {
      for (const blockSize of [1, 2, 3, 16])
        for (const step of [1, 2, 7, 30])
          for (const numTokens of [1, 2, 15, 33, 100]) {
            const most = mostHeld(group, numTokens, blockSize, step);
            const blocks = blocksOfGroup(group, numTokens, { blockSize, maxStepTokens: step });
            expect(blocks).toBeGreaterThanOrEqual(most);
            expect(blocks).toBeLessThanOrEqual(most + 1);
          }
    },
  );

  test("a state is one block", () => {
    expect(blocksOfGroup(state, 1000, { blockSize: 16, maxStepTokens: 1 })).toBe(1);
    expect(blocksOfRequest({ groups: [full, state], blockSize: 16, maxStepTokens: 1 }, 33)).toBe(4);
  });
});

describe("the longest request", () => {
  test.each<[KVCacheGroup[], number, number]>([
    [[full], 10, 160],
    [[full, full], 10, 80],
    [[window(16)], 10, Infinity],
    [[window(160)], 10, 160],
    [[state], 10, Infinity],
    [[full, state], 10, 144],
    [[full, window(16)], 10, 112],
    [[full, window(1000)], 10, 80],
    [[full, full], 1, 0],
  ])("in groups %j of %i blocks has %i tokens", (groups, numBlocks, longest) => {
    const use = { groups, blockSize: 16, maxStepTokens: 16 };
    expect(longestRequest(use, numBlocks)).toBe(longest);
    if (longest === Infinity || longest === 0) return;
    expect(blocksOfRequest(use, longest)).toBeLessThanOrEqual(numBlocks);
    expect(blocksOfRequest(use, longest + 1)).toBeGreaterThan(numBlocks);
  });
});

test("a step's share of one request is bounded by the budget and the threshold", () => {
  expect(maxStepTokens({ maxNumBatchedTokens: 512 })).toBe(512);
  expect(maxStepTokens({ maxNumBatchedTokens: 512, longPrefillTokenThreshold: 0 })).toBe(512);
  expect(maxStepTokens({ maxNumBatchedTokens: 512, longPrefillTokenThreshold: 40 })).toBe(40);
});
