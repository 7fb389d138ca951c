import { beforeEach, describe, expect, it } from "vitest";
import { Request, type RequestOptions } from "../request/request.js";
import { normalizeSamplingParams, type SamplingParamsInput } from "../request/sampling-params.js";
import { ResourceError } from "../util/errors.js";
import { checkBlockPool } from "./integrity.js";
import { KVCacheManager, type ComputedBlocks } from "./kv-cache-manager.js";

const BLOCK_SIZE = 16;
let nextId = 0;
let manager: KVCacheManager;

function make(numBlocks: number, options: { enablePrefixCaching?: boolean; watermark?: number } = {}): KVCacheManager {
  return (manager = new KVCacheManager({ numBlocks, blockSize: BLOCK_SIZE, ...options }));
}
function request(
  promptTokenIds: number[],
  extra: Partial<RequestOptions> & { with?: SamplingParamsInput } = {},
): Request {
  return new Request({
    requestId: `r${nextId++}`,
    promptTokenIds,
    params: normalizeSamplingParams(extra.with),
    ...extra,
  });
}
/** `count` tokens that no other call returns. */
let unique = 1000;
const fresh = (count: number) => Array.from({ length: count }, () => unique++);
/** 3 full blocks: 16 times 0, 16 times 1, 16 times 2. */
const COMMON = [0, 1, 2].flatMap((i) => Array<number>(16).fill(i));

/** Admits a request with all its tokens. */
function admit(made: Request, options: Partial<{ mustFit: boolean; watermark: boolean; tokens: number }> = {}) {
  const computed = manager.getComputedBlocks(made);
  const added = manager.allocateSlots(made, options.tokens ?? made.numTokens - computed.numComputedTokens, {
    computed,
    fullSequenceMustFit: options.mustFit ?? false,
    keepWatermark: options.watermark ?? false,
  });
  if (added !== null) made.numComputedTokens = options.tokens ?? made.numTokens;
  check();
  return { computed, added: added?.[0] ?? null };
}
function generate(made: Request, count: number, token = 8): readonly number[] | null {
  for (let i = 0; i < count; i++) made.outputTokenIds.push(token);
  const added = manager.allocateSlots(made, made.numTokens - made.numComputedTokens);
  if (added !== null) made.numComputedTokens = made.numTokens;
  check();
  return added?.[0] ?? null;
}
function free(made: Request): void {
  manager.free(made);
  check();
}
const check = () => checkBlockPool(manager.pool, manager.tables());
const queue = () => [...manager.pool.freeBlocks].map((block) => block.id);
const ids = (computed: ComputedBlocks) => (computed.blocks[0] ?? []).map((block) => block.id);
const tableOf = (made: Request) => manager.blockIds(made)[0];
const refCounts = (blockIds: readonly number[]) => blockIds.map((id) => manager.pool.blocks[id]!.refCount);

beforeEach(() => {
  make(11);
});

describe("prefill and decode", () => {
  it("walks through two requests that share three blocks", () => {
    const first = request([...COMMON, ...Array<number>(7).fill(3)]);
    expect(admit(first).computed.numComputedTokens).toBe(0);
    expect(tableOf(first)).toEqual([1, 2, 3, 4]);

    const second = request([...COMMON, ...Array<number>(5).fill(4)]);
    const { computed, added } = admit(second);
    expect(ids(computed)).toEqual([1, 2, 3]);
    expect(computed.numComputedTokens).toBe(48);
    expect(added).toEqual([5]);
    expect(refCounts([1, 2, 3, 4, 5])).toEqual([2, 2, 2, 1, 1]);
    expect(manager.numFreeBlocks).toBe(5);

    free(first);
    free(second);
    expect(manager.numFreeBlocks).toBe(10);
    expect(queue()).toEqual([5, 4, 6, 7, 8, 9, 10, 3, 2, 1]);

    const third = request([...COMMON, ...Array<number>(5).fill(5)]);
    const again = admit(third);
    expect(ids(again.computed)).toEqual([1, 2, 3]);
    expect(again.added).toEqual([5]);
    free(third);

    const large = request(fresh(160));
    expect(admit(large).computed.numComputedTokens).toBe(0);
    expect(tableOf(large)).toEqual([5, 4, 6, 7, 8, 9, 10, 3, 2, 1]);
    expect(manager.numFreeBlocks).toBe(0);
    free(large);
    expect(admit(request([...COMMON, 9])).computed.numComputedTokens).toBe(0);
  });

  it("appends blocks while decoding, and registers those that fill", () => {
    const first = request(fresh(55));
    admit(first);
    expect(generate(first, 4)).toEqual([]);
    expect(manager.pool.blocks[4]!.hash).toBeNull();
    expect(generate(first, 5)).toEqual([]);
    expect(manager.pool.blocks[4]!.hash).not.toBeNull();
    expect(generate(first, 17)).toEqual([5, 6]);
    expect(tableOf(first)).toEqual([1, 2, 3, 4, 5, 6]);
    const longer = request([...first.promptTokenIds, ...first.outputTokenIds, 1]);
    expect(ids(manager.getComputedBlocks(longer))).toEqual([1, 2, 3, 4, 5]);
  });

  it("never finds the last token: a prompt found to the end computes a whole block again", () => {
    const tokens = fresh(48);
    const first = request(tokens);
    admit(first);
    free(first);
    expect(manager.getComputedBlocks(request(tokens)).numComputedTokens).toBe(32);
    expect(manager.getComputedBlocks(request([...tokens, 1])).numComputedTokens).toBe(48);
    expect(manager.getComputedBlocks(request(tokens.slice(0, 47))).numComputedTokens).toBe(32);
  });
});

describe("order of reuse", () => {
  it("puts unhashed blocks first, hashed ones last in reverse", () => {
    const first = request(fresh(5 * 16 + 7));
    const second = request(fresh(3 * 16));
    admit(first);
    admit(second);
    free(first);
    expect(queue()).toEqual([6, 10, 5, 4, 3, 2, 1]);
    free(second);
    expect(queue()).toEqual([6, 10, 5, 4, 3, 2, 1, 9, 8, 7]);
  });

  it("keeps the reverse order among unhashed blocks too", () => {
    make(11, { enablePrefixCaching: false });
    const first = request(fresh(40));
    admit(first);
    free(first);
    expect(queue()).toEqual([3, 2, 1, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("makes a reused block lose its old hash", () => {
    const tokens = fresh(32);
    const first = request(tokens);
    admit(first);
    free(first);
    const all = request(fresh(160));
    admit(all);
    free(all);
    expect(manager.getComputedBlocks(request([...tokens, 1])).numComputedTokens).toBe(0);
    expect([...manager.pool.cachedBlocks()]).toHaveLength(10);
  });

  it("takes hit blocks out of the free list before it allocates", () => {
    make(5);
    const tokens = fresh(48);
    const first = request(tokens);
    admit(first);
    free(first);
    expect(queue()).toEqual([4, 3, 2, 1]);
    const second = request([...tokens, ...fresh(16)]);
    const { computed, added } = admit(second);
    expect(ids(computed)).toEqual([1, 2, 3]);
    expect(added).toEqual([4]);
  });

  it("lets the same content stand in several blocks and never rewrites a table", () => {
    const tokens = fresh(32);
    const first = request(tokens, { with: { promptLogprobs: 0 } });
    const second = request(tokens, { with: { promptLogprobs: 0 } });
    admit(first);
    admit(second);
    expect(tableOf(first)).toEqual([1, 2]);
    expect(tableOf(second)).toEqual([3, 4]);
    expect(manager.pool.findAll(first.blockHashes[0]!, 0).map((block) => block.id)).toEqual([1, 3]);
    free(first);
    const third = request([...tokens, 1]);
    expect(ids(manager.getComputedBlocks(third))).toEqual([1, 2]);
  });
});

describe("not enough room", () => {
  it("leaves hit blocks untouched when the rest does not fit", () => {
    const shared = request(COMMON);
    admit(shared);
    const second = request([...COMMON, ...fresh(48)]);
    admit(second);
    free(second);
    expect(refCounts([1, 2, 3])).toEqual([1, 1, 1]);

    const other = request(fresh(5 * 16));
    admit(other);
    const before = queue();
    const third = request([...COMMON, ...second.promptTokenIds.slice(48), ...fresh(48)]);
    const { computed, added } = admit(third);
    expect(added).toBeNull();
    expect(ids(computed).length).toBeGreaterThanOrEqual(3);
    expect(queue()).toEqual(before);
    expect(tableOf(third)).toEqual([]);
  });

  it("counts free hit blocks as room that is used up", () => {
    make(4);
    const tokens = fresh(48);
    const first = request(tokens);
    admit(first);
    free(first);
    expect(admit(request([...tokens, 1])).added).toBeNull();
  });

  it("admits only if the whole prompt fits, if told so", () => {
    const first = request(fresh(5 * 16));
    admit(first);
    const second = request(fresh(6 * 16));
    expect(admit(second, { mustFit: true, tokens: 16 }).added).toBeNull();
    expect(admit(second, { mustFit: false, tokens: 16 }).added).toEqual([6]);
  });

  it("keeps the watermark's blocks free, if told so", () => {
    make(11, { watermark: 0.2 });
    expect(admit(request(fresh(9 * 16)), { watermark: true }).added).toBeNull();
    expect(admit(request(fresh(8 * 16)), { watermark: true }).added).toHaveLength(8);
    expect(admit(request(fresh(2 * 16)), { watermark: false }).added).toHaveLength(2);
  });

  it("needs at least one block besides the null block", () => {
    expect(() => make(1)).toThrow(ResourceError);
    expect(() => make(Number.NaN)).toThrow("at least 2 blocks");
  });
});

describe("isolation", () => {
  it("shares prefixes only under the same salt and adapter", () => {
    const tokens = fresh(33);
    admit(request(tokens, { cacheSalt: "a" }));
    expect(manager.getComputedBlocks(request(tokens, { cacheSalt: "a" })).numComputedTokens).toBe(32);
    expect(manager.getComputedBlocks(request(tokens, { cacheSalt: "b" })).numComputedTokens).toBe(0);
    expect(manager.getComputedBlocks(request(tokens)).numComputedTokens).toBe(0);
    expect(manager.getComputedBlocks(request(tokens, { loraName: "a" })).numComputedTokens).toBe(0);
  });

  it("does not read the cache for prompt log-probabilities, but fills it", () => {
    const tokens = fresh(33);
    admit(request(tokens, { with: { promptLogprobs: 1 } }));
    expect(manager.getComputedBlocks(request(tokens, { with: { promptLogprobs: 1 } })).numComputedTokens).toBe(0);
    expect(manager.getComputedBlocks(request(tokens)).numComputedTokens).toBe(32);
  });

  it("finds and registers nothing when caching is off", () => {
    make(11, { enablePrefixCaching: false });
    const tokens = fresh(33);
    admit(request(tokens));
    expect(manager.getComputedBlocks(request(tokens)).numComputedTokens).toBe(0);
    expect([...manager.pool.cachedBlocks()]).toEqual([]);
  });
});

describe("resetPrefixCache", () => {
  it("fails while a block is in use and forgets everything after", () => {
    const tokens = fresh(33);
    const first = request(tokens);
    admit(first);
    expect(manager.resetPrefixCache()).toBe(false);
    expect(manager.getComputedBlocks(request(tokens)).numComputedTokens).toBe(32);
    free(first);
    expect(manager.resetPrefixCache()).toBe(true);
    check();
    expect(manager.getComputedBlocks(request(tokens)).numComputedTokens).toBe(0);
    expect(manager.numFreeBlocks).toBe(10);
  });
});

describe("blocks that were never computed", () => {
  it("are forgotten when their request is freed before its step ran", () => {
    const tokens = fresh(64);
    const first = request(tokens);
    const computed = manager.getComputedBlocks(first);
    manager.allocateSlots(first, 32, { computed, fullSequenceMustFit: true, keepWatermark: false });
    first.numComputedTokens = 32;
    manager.allocateSlots(first, 32);
    free(first);
    expect(manager.getComputedBlocks(request([...tokens, 1])).numComputedTokens).toBe(32);
  });

  it("are answered by distrust where others hold them", () => {
    const tokens = fresh(64);
    const first = request(tokens);
    const second = request([...tokens, 1]);
    admit(first);
    admit(second);
    const hashes = manager.distrust(first, 40);
    expect([...hashes]).toEqual(first.blockHashes.slice(2));
    expect(manager.numTokensBefore(second, hashes)).toBe(32);
    manager.free(second);
    check();
    second.numComputedTokens = 32;
    expect(manager.numTokensBefore(second, hashes)).toBe(Infinity);
    expect(manager.getComputedBlocks(request([...tokens, 2])).numComputedTokens).toBe(32);
  });
});

describe("statistics", () => {
  it("counts what was scheduled, and lookups of resumed requests apart", () => {
    const tokens = fresh(33);
    const first = request(tokens);
    manager.recordLookup(first, 0);
    manager.recordLookup(request(tokens), 32);
    manager.recordLookup(request(tokens, { with: { promptLogprobs: 0 } }), 0);
    first.numPreemptions = 1;
    first.outputTokenIds.push(5);
    manager.recordLookup(first, 32);
    expect(manager.prefixCacheStats).toEqual({
      requests: 2,
      queries: 66,
      hits: 32,
      preemptedRequests: 1,
      preemptedQueries: 34,
      preemptedHits: 32,
    });
  });

  it("says how much is in use", () => {
    expect(manager.usage).toBe(0);
    admit(request(fresh(5 * 16)));
    expect(manager.usage).toBe(0.5);
    expect(manager.numUsableTokens).toBe(160);
  });
});
