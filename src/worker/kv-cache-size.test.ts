import { describe, expect, test } from "vitest";
import { ResourceError } from "../util/errors.js";
import { fullAttentionOnly } from "../request/kv-cache-group.js";
import { sizeKVCache } from "./kv-cache-size.js";

const input = {
  groups: fullAttentionOnly,
  maxStepTokens: 64,
  bytesPerBlock: 1000,
  blockSize: 16,
  maxModelLen: 160,
  maxNumSeqs: 4,
  kvCacheMemoryBytes: undefined,
  numBlocksOverride: undefined,
  freeBytes: 100_000,
  workspaceBytes: 10_000,
  utilization: 0.5,
  fitLength: false,
};

describe("sizeKVCache", () => {
  test("a share of free memory, less the activations", () => {
    expect(sizeKVCache({ ...input, maxNumSeqs: 100 }).numBlocks).toBe(40);
  });

  test("never more than all requests could use", () => {
    expect(sizeKVCache(input).numBlocks).toBe(40);
    expect(sizeKVCache({ ...input, maxNumSeqs: 2 }).numBlocks).toBe(21);
  });

  test("--kv-cache-memory-bytes and the number of blocks come first", () => {
    expect(sizeKVCache({ ...input, kvCacheMemoryBytes: 15_500 }).numBlocks).toBe(15);
    expect(sizeKVCache({ ...input, numBlocksOverride: 1000 }).numBlocks).toBe(1000);
  });

  test("too little shows the arithmetic and the way out", () => {
    const small = () => sizeKVCache({ ...input, freeBytes: 30_000 });
    expect(small).toThrow(ResourceError);
    expect(small).toThrow(
      /--max-model-len 160 needs 11 blocks of 16 tokens.*= 5 blocks; lower --max-model-len to at most 64/,
    );
  });

  test("a step too large for the memory is what to make smaller", () => {
    const small = () => sizeKVCache({ ...input, freeBytes: 10_000 });
    expect(small).toThrow(/= 0 blocks; lower --max-num-batched-tokens, or give more memory/);
  });

  test("auto takes the longest that fits", () => {
    expect(sizeKVCache({ ...input, freeBytes: 30_000, fitLength: true })).toEqual({ numBlocks: 5, maxModelLen: 64 });
    expect(() => sizeKVCache({ ...input, freeBytes: 20_000, fitLength: true })).toThrow(ResourceError);
  });
});
