import { describe, expect, it } from "vitest";
import { checkBlockPool } from "../kv-cache/integrity.js";
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import { Request, type RequestOptions } from "../request/request.js";
import { normalizeSamplingParams, type SamplingParamsInput } from "../request/sampling-params.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import { RequestError } from "../util/errors.js";
import type { SchedulerOptions } from "./scheduler-options.js";
import { Scheduler } from "./scheduler.js";

const EOS = 2;
let nextToken = 1000;
const DEFAULTS: SchedulerOptions = {
  numBlocks: 1000,
  blockSize: 16,
  maxNumBatchedTokens: 8192,
  maxNumSeqs: 16,
  maxModelLen: 4096,
};

function make(options: Partial<SchedulerOptions> = {}): Scheduler {
  return new Scheduler({ ...DEFAULTS, ...options });
}
/** A request with a prompt that nobody shares, or the given one. */
function add(
  scheduler: Scheduler,
  requestId: string,
  prompt: number | readonly number[],
  input: SamplingParamsInput = {},
  options: Partial<RequestOptions> = {},
): Request {
  const promptTokenIds = typeof prompt === "number" ? Array.from({ length: prompt }, () => nextToken++) : prompt;
  const request = new Request({
    requestId,
    promptTokenIds,
    params: normalizeSamplingParams({ maxTokens: null, ...input }),
    eosTokenIds: [EOS],
    ...options,
  });
  scheduler.addRequest(request);
  return request;
}
function check(scheduler: Scheduler): void {
  checkBlockPool(scheduler.kvCacheManager.pool, scheduler.kvCacheManager.tables());
}
function schedule(scheduler: Scheduler): SchedulerOutput {
  const output = scheduler.schedule();
  check(scheduler);
  return output;
}
const tokensOf = (output: SchedulerOutput) => Object.fromEntries(output.numScheduledTokens);
const newIds = (output: SchedulerOutput) => output.scheduledNewRequests.map((data) => data.requestId);

function resultOf(tokens: Record<string, number | number[]>, more: Partial<ModelRunnerOutput> = {}): ModelRunnerOutput {
  const sampledTokenIds = new Map(Object.entries(tokens).map(([id, token]) => [id, [token].flat()]));
  return { sampledTokenIds, logprobs: new Map(), promptLogprobs: new Map(), ...more };
}
function update(scheduler: Scheduler, output: SchedulerOutput, result: ModelRunnerOutput) {
  const outputs = scheduler.updateFromOutput(output, result);
  check(scheduler);
  return outputs;
}
/** One step; each named request samples the given token. */
function step(scheduler: Scheduler, tokens: Record<string, number | number[]> = {}) {
  const output = schedule(scheduler);
  return { output, outputs: update(scheduler, output, resultOf(tokens)) };
}

describe("the token budget", () => {
  it("schedules ten requests that fit in one step with their prompt lengths, in order", () => {
    const scheduler = make();
    for (let i = 0; i < 10; i++) add(scheduler, `r${i}`, 10 + i);
    const output = schedule(scheduler);
    expect([...output.numScheduledTokens]).toEqual(Array.from({ length: 10 }, (_, i) => [`r${i}`, 10 + i]));
    expect(newIds(output)).toEqual(Array.from({ length: 10 }, (_, i) => `r${i}`));
    expect(output.totalNumScheduledTokens).toBe(145);
    expect(output.scheduledNewRequests[1]).toMatchObject({ numComputedTokens: 0, blockIds: [[2]], outputTokenIds: [] });
  });

  it("computes a prompt in parts, decodes first, and samples only at its end", () => {
    const scheduler = make({ maxNumBatchedTokens: 1024 });
    const [a, b, c] = ["a", "b", "c"].map((id) => add(scheduler, id, 800)) as [Request, Request, Request];
    const first = step(scheduler, { a: 5 });
    expect(tokensOf(first.output)).toEqual({ a: 800, b: 224 });
    expect(first.outputs.map((output) => output.requestId)).toEqual(["a"]);
    const second = step(scheduler, { a: 5, b: 5 });
    expect(tokensOf(second.output)).toEqual({ a: 1, b: 576, c: 447 });
    expect(newIds(second.output)).toEqual(["c"]);
    expect(second.output.scheduledCachedRequests.map((data) => data.numComputedTokens)).toEqual([800, 224]);
    const third = step(scheduler, { a: 5, b: 5, c: 5 });
    expect(tokensOf(third.output)).toEqual({ a: 1, b: 1, c: 353 });
    expect([a.numOutputTokens, b.numOutputTokens, c.numOutputTokens]).toEqual([3, 2, 1]);
  });

  it("caps one request's share at the long-prefill threshold", () => {
    const scheduler = make({ maxNumBatchedTokens: 1024, longPrefillTokenThreshold: 400 });
    for (const id of ["a", "b", "c"]) add(scheduler, id, 800);
    expect(tokensOf(step(scheduler).output)).toEqual({ a: 400, b: 400, c: 224 });
    expect(tokensOf(step(scheduler, { a: 5, b: 5 }).output)).toEqual({ a: 400, b: 400, c: 224 });
    expect(tokensOf(step(scheduler, { a: 5, b: 5 }).output)).toEqual({ a: 1, b: 1, c: 352 });
  });

  it("without chunked prefill, lets a prompt over the rest of the budget block the queue", () => {
    const scheduler = make({ maxNumBatchedTokens: 1024, maxModelLen: 1024, enableChunkedPrefill: false });
    for (const [id, length] of [
      ["a", 800],
      ["b", 800],
      ["c", 10],
    ] as const)
      add(scheduler, id, length);
    expect(tokensOf(step(scheduler, { a: 5 }).output)).toEqual({ a: 800 });
    expect(tokensOf(step(scheduler, { a: 5 }).output)).toEqual({ a: 1, b: 800, c: 10 });
  });

  it("runs no more than maxNumSeqs requests", () => {
    const scheduler = make({ maxNumSeqs: 2 });
    for (const id of ["a", "b", "c"]) add(scheduler, id, 5);
    expect(tokensOf(step(scheduler, { a: EOS, b: 7 }).output)).toEqual({ a: 5, b: 5 });
    expect(scheduler.stats()).toMatchObject({ numRunning: 1, numWaiting: 1 });
    expect(tokensOf(step(scheduler).output)).toEqual({ b: 1, c: 5 });
  });

  it("plans an empty step when there is nothing to do", () => {
    const scheduler = make();
    const { output, outputs } = step(scheduler);
    expect(output.totalNumScheduledTokens).toBe(0);
    expect(outputs).toEqual([]);
    expect(scheduler.hasUnfinishedRequests()).toBe(false);
  });
});

describe("preemption", () => {
  /** Two requests of 80 tokens fill 10 usable blocks. */
  function full(options: Partial<SchedulerOptions> = {}) {
    return make({ numBlocks: 11, enablePrefixCaching: false, ...options });
  }

  it("takes the blocks of the last request; its late result is still appended", () => {
    const scheduler = full();
    const a = add(scheduler, "a", 80);
    const first = schedule(scheduler);
    const b = add(scheduler, "b", 80);
    const second = schedule(scheduler);
    expect(tokensOf(second)).toEqual({ b: 80 }); // a waits for its result
    expect(scheduler.kvCacheManager.numFreeBlocks).toBe(0);
    update(scheduler, first, resultOf({ a: 0 }));
    const third = schedule(scheduler);
    expect(tokensOf(third)).toEqual({ a: 1 });
    expect(third.preemptedRequestIds).toEqual(["b"]);
    expect([a.status, b.status, b.numComputedTokens]).toEqual(["running", "preempted", 0]);

    const late = update(scheduler, second, resultOf({ b: 42 }));
    expect(late).toMatchObject([{ requestId: "b", newTokenIds: [42], finishReason: null }]);
    expect(b.outputTokenIds).toEqual([42]);
    update(scheduler, third, resultOf({ a: EOS }));
    const fourth = schedule(scheduler);
    expect(fourth.finishedRequestIds).toEqual(["a"]);
    expect(fourth.scheduledNewRequests).toMatchObject([{ requestId: "b", outputTokenIds: [42], numComputedTokens: 0 }]);
    expect(tokensOf(fourth)).toEqual({ b: 81 });
    expect(scheduler.stats().numPreemptions).toBe(1);
  });

  it("does not admit a preempted request again before its late result is in", () => {
    const scheduler = full();
    add(scheduler, "a", 80);
    const first = schedule(scheduler);
    const b = add(scheduler, "b", 80);
    const second = schedule(scheduler);
    update(scheduler, first, resultOf({ a: 0 }));
    const third = schedule(scheduler);
    scheduler.abortRequests(["a"]);
    expect(tokensOf(schedule(scheduler))).toEqual({});
    update(scheduler, second, resultOf({ b: 42 }));
    update(scheduler, third, resultOf({ a: 9 }));
    expect(tokensOf(step(scheduler, { b: 43 }).output)).toEqual({ b: 81 });
    expect(b.outputTokenIds).toEqual([42, 43]);
  });

  it("ends a preempted request whose late result stops it", () => {
    const scheduler = full();
    add(scheduler, "a", 80);
    const first = schedule(scheduler);
    add(scheduler, "b", 80);
    const second = schedule(scheduler);
    update(scheduler, first, resultOf({ a: 0 }));
    const third = schedule(scheduler);
    expect(update(scheduler, second, resultOf({ b: EOS }))).toMatchObject([{ requestId: "b", finishReason: "stop" }]);
    expect(scheduler.stats()).toMatchObject({ numRunning: 1, numWaiting: 0 });
    update(scheduler, third, resultOf({ a: EOS }));
    expect(scheduler.hasUnfinishedRequests()).toBe(false);
  });

  it("admits nobody in a step that preempted, and puts the preempted request in front", () => {
    const scheduler = full();
    for (const id of ["a", "b"]) add(scheduler, id, 80);
    step(scheduler, { a: 5, b: 5 });
    add(scheduler, "c", 3);
    const { output } = step(scheduler, { a: EOS });
    expect(tokensOf(output)).toEqual({ a: 1 });
    expect(output.preemptedRequestIds).toEqual(["b"]);
    expect(newIds(step(scheduler, { b: EOS, c: EOS }).output)).toEqual(["b", "c"]);
  });

  it("lets a request preempt itself when it is the last", () => {
    const scheduler = full();
    add(scheduler, "a", 75);
    const b = add(scheduler, "b", 80);
    step(scheduler, { a: 5, b: 5 });
    const { output } = step(scheduler, { a: 5 });
    expect(tokensOf(output)).toEqual({ a: 1 });
    expect(output.preemptedRequestIds).toEqual(["b"]);
    expect(b.numPreemptions).toBe(1);
  });

  it("by priority, takes the worst one, and gives its tokens of this step back", () => {
    const scheduler = full({ policy: "priority", maxNumBatchedTokens: 165 });
    const worst = add(scheduler, "worst", 64, {}, { priority: 5, arrivalTime: 1 });
    const best = add(scheduler, "best", 79, {}, { priority: 0, arrivalTime: 2 });
    step(scheduler, { best: 5, worst: 5 });
    // best has 5 blocks and fills the fifth now; worst has 4 and needs a fifth; one is free.
    const second = step(scheduler, { best: 5, worst: 5 });
    expect(tokensOf(second.output)).toEqual({ best: 1, worst: 1 });
    const third = step(scheduler, { best: 5 });
    expect(tokensOf(third.output)).toEqual({ best: 1 });
    expect(third.output.preemptedRequestIds).toEqual(["worst"]);
    expect([best.numPreemptions, worst.numPreemptions]).toEqual([0, 1]);
  });

  it("by priority, takes back what the victim got earlier in the same step, and forgets its blocks", () => {
    const scheduler = make({ policy: "priority", numBlocks: 8, blockSize: 4, maxNumBatchedTokens: 20 });
    const victim = add(scheduler, "victim", 20, {}, { priority: 1 });
    step(scheduler, {}); // alone at first: 20 tokens, 5 blocks
    expect(victim.numComputedTokens).toBe(20);
    const better = add(scheduler, "better", 8, {}, { priority: 0 });
    const second = schedule(scheduler); // the victim's result has not come: better gets the last 2 blocks
    expect(tokensOf(second)).toEqual({ better: 8 });
    update(scheduler, second, resultOf({ better: 5 }));
    victim.outputTokenIds.push(9, 9, 9, 9); // as if its results had come
    scheduler.kvCacheManager.free(better);
    better.numComputedTokens = 0;
    check(scheduler);
    // The victim, first in line, gets its sixth block, which fills at once; better needs 3 and takes it away again.
    const third = schedule(scheduler);
    expect(tokensOf(third)).toEqual({ better: 9 });
    expect(third.totalNumScheduledTokens).toBe(9);
    expect(third.scheduledCachedRequests.map((data) => data.requestId)).toEqual(["better"]);
    expect(third.preemptedRequestIds).toEqual(["victim"]);
    const prompt = [...victim.promptTokenIds, 9, 9, 9, 9, 1];
    const again = new Request({ requestId: "x", promptTokenIds: prompt, params: victim.params });
    expect(scheduler.kvCacheManager.getComputedBlocks(again).numComputedTokens).toBeLessThanOrEqual(20);
  });

  it("by priority, passes over nobody when the victim stands further in front", () => {
    const scheduler = full({ policy: "priority" });
    add(scheduler, "victim", 16, {}, { priority: 9 });
    step(scheduler, { victim: 5 });
    const [a, b] = ["a", "b"].map((id) => add(scheduler, id, 64, {}, { priority: 0 }));
    // victim, a and b hold 2, 4 and 4 blocks: all. a needs another.
    expect(tokensOf(step(scheduler, { victim: 5, a: 5, b: 5 }).output)).toEqual({ victim: 1, a: 64, b: 64 });
    const { output } = step(scheduler);
    expect(output.preemptedRequestIds).toEqual(["victim"]);
    expect(tokensOf(output)).toEqual({ a: 1, b: 1 });
    expect([a!.status, b!.status]).toEqual(["running", "running"]);
  });
});

describe("admission", () => {
  it("waits until the whole prompt fits, not only its first part", () => {
    const scheduler = make({ numBlocks: 11, maxNumBatchedTokens: 32 });
    add(scheduler, "a", 96);
    for (let i = 0; i < 3; i++) step(scheduler, i === 2 ? { a: 5 } : {});
    add(scheduler, "b", 80);
    expect(tokensOf(step(scheduler, { a: EOS }).output)).toEqual({ a: 1 });
    expect(tokensOf(step(scheduler).output)).toEqual({ b: 32 });
  });

  it("keeps the watermark free while others run, but not for the first", () => {
    const scheduler = make({ numBlocks: 11, watermark: 0.3 });
    add(scheduler, "a", 16 * 9);
    expect(tokensOf(step(scheduler, { a: EOS }).output)).toEqual({ a: 144 });
    for (const [id, length] of [
      ["b", 16 * 5],
      ["c", 16 * 3],
    ] as const)
      add(scheduler, id, length);
    expect(tokensOf(step(scheduler, { b: EOS }).output)).toEqual({ b: 80 });
    expect(tokensOf(step(scheduler).output)).toEqual({ c: 48 });
  });

  it("admits by priority, then by arrival", () => {
    const scheduler = make({ policy: "priority", maxNumSeqs: 2 });
    for (const [id, priority, arrivalTime] of [
      ["a", 2, 1],
      ["b", 0, 3],
      ["c", 0, 2],
      ["d", 1, 0],
    ] as const) {
      add(scheduler, id, 5, {}, { priority, arrivalTime });
    }
    expect(newIds(step(scheduler, { b: EOS, c: EOS }).output)).toEqual(["c", "b"]);
    expect(newIds(step(scheduler, { a: EOS, d: EOS }).output)).toEqual(["d", "a"]);
  });

  it("refuses a prompt that can never be computed, with the limit", () => {
    const scheduler = make({ numBlocks: 11 });
    expect(() => add(scheduler, "a", 161)).toThrow(RequestError);
    expect(() => add(scheduler, "a", 161)).toThrow("161 tokens; the KV cache holds 160 (10 blocks of 16");
    const short = make({ maxModelLen: 100 });
    expect(() => add(short, "a", 100)).toThrow("the model's length is 100 (--max-model-len)");
    add(short, "a", 99);
    expect(() => add(short, "a", 3)).toThrow("still open");
    expect(step(short, { a: 5 }).outputs).toMatchObject([{ finishReason: "length" }]);
    expect(scheduler.hasUnfinishedRequests()).toBe(false);
  });

  it("ends a request that outgrows the KV cache with length", () => {
    const scheduler = make({ numBlocks: 3, blockSize: 4 });
    const a = add(scheduler, "a", 8);
    expect(step(scheduler, { a: 5 }).outputs).toMatchObject([{ newTokenIds: [5], finishReason: "length" }]);
    expect(a.numOutputTokens).toBe(1);
    expect(scheduler.kvCacheManager.numFreeBlocks).toBe(2);
  });
});

it("says what is wrong with its options", () => {
  expect(() => make({ blockSize: -1 })).toThrow("--block-size must be an integer from 1; got -1");
  expect(() => make({ numBlocks: 1 })).toThrow("at least 2 blocks");
});

describe("prefix cache", () => {
  it("skips what is cached, within one step too, and tells the worker", () => {
    const scheduler = make();
    const prompt = Array.from({ length: 50 }, (_, i) => i + 10);
    add(scheduler, "a", prompt);
    add(scheduler, "b", [...prompt, 1]);
    const { output, outputs } = step(scheduler, { a: 5, b: 6 });
    expect(tokensOf(output)).toEqual({ a: 50, b: 3 });
    expect(output.scheduledNewRequests[1]).toMatchObject({ numComputedTokens: 48, blockIds: [[1, 2, 3, 5]] });
    expect(outputs.map((given) => given.numCachedTokens)).toEqual([0, 48]);
    expect(scheduler.stats().prefixCache).toMatchObject({ requests: 2, queries: 101, hits: 48 });
  });

  it("counts a request that had to wait once, and a resumed one apart", () => {
    const scheduler = make({ numBlocks: 11 });
    add(scheduler, "a", 80);
    const b = add(scheduler, "b", 80);
    step(scheduler, { a: 5, b: 5 });
    add(scheduler, "c", 80);
    for (let i = 0; i < 5; i++) step(scheduler, { a: 5 });
    expect(b.status).toBe("preempted");
    expect(scheduler.stats().prefixCache).toMatchObject({ requests: 2, queries: 160, preemptedRequests: 0 });
    step(scheduler, { a: EOS });
    const { output } = step(scheduler, { b: EOS });
    // One of b's five cached blocks went to a, the one that ends its prompt.
    expect(tokensOf(output)).toMatchObject({ b: 17 });
    expect(scheduler.stats().prefixCache).toMatchObject({
      preemptedRequests: 1,
      preemptedQueries: 81,
      preemptedHits: 64,
    });
    expect(b.numCachedTokens).toBe(0);
  });

  it("can be reset only when nothing is in use", () => {
    const scheduler = make();
    const a = add(scheduler, "a", 50);
    const { output } = step(scheduler, { a: 5 });
    expect(output.totalNumScheduledTokens).toBe(50);
    expect(scheduler.resetPrefixCache()).toBe(false);
    scheduler.abortRequests(["a"]);
    expect(scheduler.resetPrefixCache()).toBe(true);
    add(scheduler, "b", a.promptTokenIds);
    expect(tokensOf(schedule(scheduler))).toEqual({ b: 50 });
  });
});

describe("ends", () => {
  it("frees everything: all blocks back, no reference, no tables", () => {
    const scheduler = make();
    for (let i = 0; i < 10; i++) add(scheduler, `r${i}`, 30);
    step(scheduler, Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`r${i}`, 5])));
    const ends = step(scheduler, Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`r${i}`, EOS])));
    expect(ends.outputs.every((output) => output.finishReason === "stop")).toBe(true);
    const { pool } = scheduler.kvCacheManager;
    expect(pool.numFreeBlocks).toBe(pool.blocks.length - 1);
    expect(pool.blocks.every((block) => block.refCount === 0)).toBe(true);
    expect([...scheduler.kvCacheManager.tables()]).toEqual([]);
    expect(scheduler.hasUnfinishedRequests()).toBe(false);
    expect(scheduler.hasNews()).toBe(true);
    expect(schedule(scheduler).finishedRequestIds).toHaveLength(10);
    expect(scheduler.hasNews()).toBe(false);
    expect(scheduler.stats()).toMatchObject({ numRunning: 0, numWaiting: 0, kvCacheUsage: 0 });
  });

  it("keeps no token after the one that stops, when several come at once", () => {
    const scheduler = make();
    const a = add(scheduler, "a", 5, { logprobs: 0 });
    const output = schedule(scheduler);
    const rows = [11, EOS, 13].map((id) => ({ tokenIds: [id], logprobs: [-1], rank: 1 }));
    const result = resultOf({ a: [11, EOS, 13] }, { logprobs: new Map([["a", rows]]) });
    const [given] = update(scheduler, output, result);
    expect(given).toMatchObject({ newTokenIds: [11, EOS], finishReason: "stop", stopReason: null });
    expect(given!.logprobs).toEqual(rows.slice(0, 2));
    expect(a.outputTokenIds).toEqual([11, EOS]);
  });

  it("aborts waiting and running requests, and drops results that come later", () => {
    const scheduler = make({ maxNumSeqs: 1 });
    const a = add(scheduler, "a", 5);
    const b = add(scheduler, "b", 5);
    const output = schedule(scheduler);
    scheduler.abortRequests(["a", "b", "unknown"]);
    check(scheduler);
    expect([a.finishReason, b.finishReason]).toEqual(["abort", "abort"]);
    expect(scheduler.stats()).toMatchObject({ numRunning: 0, numWaiting: 0, kvCacheUsage: 0 });
    const reused = add(scheduler, "a", 7);
    expect(update(scheduler, output, resultOf({ a: 9 }))).toEqual([]);
    expect([a.outputTokenIds, reused.outputTokenIds]).toEqual([[], []]);
    const next = schedule(scheduler);
    expect(next.finishedRequestIds).toEqual(["a", "b"]);
    expect(tokensOf(next)).toEqual({ a: 7 });
  });

  it("ends a request for a stop string found outside", () => {
    const scheduler = make();
    const a = add(scheduler, "a", 5);
    step(scheduler, { a: 5 });
    scheduler.finishRequests(["a"], "stop", "END");
    expect([a.finishReason, a.stopReason, a.status]).toEqual(["stop", "END", "finished"]);
    expect(schedule(scheduler).finishedRequestIds).toEqual(["a"]);
  });

  it("ends only the request that failed in the worker", () => {
    const scheduler = make();
    for (const id of ["a", "b"]) add(scheduler, id, 5);
    const output = schedule(scheduler);
    const outputs = update(scheduler, output, resultOf({ b: 7 }, { errors: new Map([["a", "logits are NaN"]]) }));
    expect(outputs).toMatchObject([
      { requestId: "a", newTokenIds: [], finishReason: "error", errorMessage: "logits are NaN" },
      { requestId: "b", newTokenIds: [7], finishReason: null, errorMessage: null },
    ]);
    expect(tokensOf(schedule(scheduler))).toEqual({ b: 1 });
  });

  it("computes again who shared blocks that a failed request may not have written", () => {
    const scheduler = make();
    const prompt = Array.from({ length: 50 }, (_, i) => i + 10);
    add(scheduler, "a", prompt);
    const b = add(scheduler, "b", [...prompt, 1]);
    add(scheduler, "c", 5);
    const output = schedule(scheduler);
    expect(tokensOf(output)).toEqual({ a: 50, b: 3, c: 5 });
    const errors = new Map([["a", "broken"]]);
    const outputs = update(scheduler, output, resultOf({ b: 7, c: 8 }, { errors }));
    expect(outputs.map((given) => given.requestId)).toEqual(["a", "c"]);
    expect([b.status, b.outputTokenIds]).toEqual(["preempted", []]);
    const next = schedule(scheduler);
    expect(tokensOf(next)).toEqual({ c: 1, b: 51 });
    expect(next.preemptedRequestIds).toEqual(["b"]);
    expect(newIds(next)).toEqual(["b"]);
    expect(update(scheduler, next, resultOf({ b: 7, c: 8 }))).toHaveLength(2);
  });

  it("takes each step's output once", () => {
    const scheduler = make();
    add(scheduler, "a", 5);
    const { output } = step(scheduler, { a: 5 });
    expect(() => scheduler.updateFromOutput(output, resultOf({ a: 5 }))).toThrow("not waiting for");
  });
});

describe("prompt log-probabilities", () => {
  const rows = (start: number, count: number) => ({
    start,
    rows: Array.from({ length: count }, (_, i) => ({ tokenIds: [start + i], logprobs: [-1], rank: 1 })),
  });

  it("go out part by part, and once only when the prompt is computed again", () => {
    const scheduler = make({ maxNumBatchedTokens: 4 });
    add(scheduler, "a", 6, { promptLogprobs: 0 });
    const first = schedule(scheduler);
    const one = update(scheduler, first, resultOf({}, { promptLogprobs: new Map([["a", rows(1, 4)]]) }));
    expect(one).toMatchObject([{ newTokenIds: [], promptLogprobs: { start: 1 }, finishReason: null }]);
    const second = schedule(scheduler);
    const again = update(scheduler, second, resultOf({ a: 5 }, { promptLogprobs: new Map([["a", rows(3, 3)]]) }));
    expect(again[0]!.promptLogprobs).toEqual(rows(5, 1));
    const third = schedule(scheduler);
    const none = update(scheduler, third, resultOf({ a: 5 }, { promptLogprobs: new Map([["a", rows(1, 5)]]) }));
    expect(none[0]!.promptLogprobs).toBeNull();
  });
});

describe("planning ahead", () => {
  const ahead = (options: Partial<SchedulerOptions> = {}) => make({ asyncScheduling: true, ...options });

  it("gives a token that nobody knows a place, and takes the result when it comes", () => {
    const scheduler = ahead();
    const a = add(scheduler, "a", 20, { maxTokens: 3 });
    const first = schedule(scheduler);
    expect([scheduler.canPlanAhead(), a.numOutputPlaceholders]).toEqual([true, 1]);
    const second = schedule(scheduler);
    expect(tokensOf(second)).toEqual({ a: 1 });
    expect(second.scheduledCachedRequests).toMatchObject([{ requestId: "a", numComputedTokens: 20 }]);
    expect(update(scheduler, first, resultOf({ a: 5 }))).toMatchObject([{ newTokenIds: [5] }]);
    const third = schedule(scheduler);
    expect(tokensOf(third)).toEqual({ a: 1 });
    // Three tokens are under way or known: that is all.
    expect(scheduler.canPlanAhead()).toBe(false);
    update(scheduler, second, resultOf({ a: 6 }));
    expect(scheduler.canPlanAhead()).toBe(false);
    expect(update(scheduler, third, resultOf({ a: 7 }))).toMatchObject([{ newTokenIds: [7], finishReason: "length" }]);
    expect(a.outputTokenIds).toEqual([5, 6, 7]);
    expect([a.numOutputPlaceholders, scheduler.kvCacheManager.usage]).toEqual([0, 0]);
  });

  it("keeps news for the worker when a step is empty because results are to come", () => {
    const scheduler = ahead();
    for (const id of ["a", "b"]) add(scheduler, id, 20, { maxTokens: 1 });
    const first = schedule(scheduler);
    scheduler.abortRequests(["b"]);
    expect(schedule(scheduler)).toMatchObject({ totalNumScheduledTokens: 0, finishedRequestIds: [] });
    update(scheduler, first, resultOf({ a: 5, b: 5 }));
    expect(schedule(scheduler).finishedRequestIds).toEqual(["b", "a"]);
  });

  it("is no use when sampling needs the token, when room is short, or without the option", () => {
    for (const [input, options] of [
      [{ presencePenalty: 1 }, {}],
      [{ thinkingBudget: { maxTokens: 5, startTokenIds: [], endTokenIds: [9] } }, {}],
      [{}, { numBlocks: 3 }],
      [{}, { asyncScheduling: false }],
    ] as const) {
      const scheduler = ahead(options);
      add(scheduler, "a", 20, { maxTokens: 30, ...input });
      const first = schedule(scheduler);
      expect(scheduler.canPlanAhead()).toBe(false);
      update(scheduler, first, resultOf({ a: 5 }));
    }
  });

  it("a prompt that is computed in parts needs no token of its own; what waits counts as work", () => {
    const scheduler = ahead({ maxNumBatchedTokens: 16 });
    add(scheduler, "a", 40, { presencePenalty: 1 });
    schedule(scheduler);
    expect(scheduler.canPlanAhead()).toBe(true);
    schedule(scheduler);
    expect(tokensOf(schedule(scheduler))).toEqual({ a: 8 });
    expect(scheduler.canPlanAhead()).toBe(false);
    const other = ahead();
    add(other, "b", 5, { maxTokens: 1 });
    schedule(other);
    expect(other.canPlanAhead()).toBe(false);
    add(other, "c", 5);
    expect(other.canPlanAhead()).toBe(true);
    expect(tokensOf(schedule(other))).toEqual({ c: 5 });
  });

  it("registers a block when its last token becomes known, also if no step follows", () => {
    const scheduler = ahead({ blockSize: 4 });
    const prompt = [1, 2, 3];
    add(scheduler, "a", prompt, { maxTokens: 3 });
    const first = schedule(scheduler);
    const second = schedule(scheduler);
    update(scheduler, first, resultOf({ a: 7 }));
    const third = schedule(scheduler);
    update(scheduler, second, resultOf({ a: 8 }));
    update(scheduler, third, resultOf({ a: 9 }));
    add(scheduler, "b", [...prompt, 7, 8]);
    expect(schedule(scheduler).scheduledNewRequests).toMatchObject([{ requestId: "b", numComputedTokens: 4 }]);
  });
});
