/** Any mix of requests, sizes and accidents gives each request the tokens that it gets alone, and ends. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlockPool } from "../kv-cache/integrity.js";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import { firstSeen, fullAttentionOnly } from "../request/kv-cache-group.js";
import type { ModelRunnerOutput, PromptLogprobs, TopLogprobs } from "../request/model-runner-output.js";
import { Request } from "../request/request.js";
import { normalizeSamplingParams, type SamplingParams } from "../request/sampling-params.js";
import { reachesLastToken, type SchedulerOutput } from "../request/scheduler-output.js";
import { checkStop } from "./check-stop.js";
import { Scheduler } from "./scheduler.js";
import type { SchedulerOptions } from "./scheduler-options.js";

const VOCAB = 11;
const EOS = 0;
const POISON = -1;

/** "Keys and values" of a token: a number that depends on it and on all tokens before. */
const mix = (state: number, token: number) => (Math.imul(state ^ (token + 0x9e37), 0x85ebca6b) ^ (state >>> 13)) >>> 0;
const nextToken = (state: number) => ((state >>> 7) ^ state) % VOCAB;
/** Stands for what salt and adapter do to keys and values. */
const startState = (salt: string | null) => (salt === null ? 1 : mix(7, salt.length));

/** Cheaper than `expect`, of which a run would need millions. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`must hold: ${what}`);
}

/** xorshift: small, seeded. */
function randomNumbers(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

interface WorkerRequest {
  readonly tokens: number[];
  readonly numPrompt: number;
  readonly params: SamplingParams;
  /** By group. */
  readonly blockIds: number[][];
  /** "Keys and values" of its tokens as they are when it is alone. */
  readonly states: number[];
  /** It broke: a step that was planned before anybody knew gets nothing from it. */
  isBroken: boolean;
}

/**
 * Does what a worker does, through the door alone: keeps tokens and block tables, writes each token's state to its slot
 * in each group, after it looked at all slots that the token sees there, and samples from the last. A block that was
 * never filled, or was given to another request too early, thus changes the tokens.
 */
class FakeWorker {
  readonly slots: Float64Array;
  readonly requests = new Map<string, WorkerRequest>();
  readonly #blockSize: number;
  readonly #groups: readonly KVCacheGroup[];
  readonly #saltOf: (requestId: string) => string | null;

  constructor(
    { numBlocks, blockSize, groups = fullAttentionOnly }: SchedulerOptions,
    saltOf: (requestId: string) => string | null,
  ) {
    this.#groups = groups;
    this.slots = new Float64Array(numBlocks * blockSize).fill(POISON);
    this.#blockSize = blockSize;
    this.#saltOf = saltOf;
  }

  /** @param fails requests that break in this step: they write nothing */
  run(output: SchedulerOutput, fails: (requestId: string) => boolean): ModelRunnerOutput {
    this.#takeUp(output);
    const errors = new Map<string, string>();
    const sampledTokenIds = new Map<string, number[]>();
    const logprobs = new Map<string, TopLogprobs[]>();
    const promptLogprobs = new Map<string, PromptLogprobs>();
    const computedBefore = new Map(
      [...output.scheduledNewRequests, ...output.scheduledCachedRequests].map((d) => [
        d.requestId,
        d.numComputedTokens,
      ]),
    );
    must(computedBefore.size === output.numScheduledTokens.size, "every scheduled request has data");
    for (const [requestId, numTokens] of output.numScheduledTokens) {
      const request = this.requests.get(requestId)!;
      const start = computedBefore.get(requestId)!;
      must(numTokens > 0, "tokens are scheduled");
      must(request.isBroken || start + numTokens <= request.tokens.length, "no more tokens than there are");
      if (request.isBroken || fails(requestId)) {
        request.isBroken = true;
        for (let i = start; i < start + numTokens; i++) this.#write(request, i, POISON);
        errors.set(requestId, "broken");
        continue;
      }
      const last = this.#compute(requestId, request, start, numTokens);
      if (request.params.promptLogprobs !== null) {
        const rows = promptRows(request, start, numTokens);
        if (rows !== null) promptLogprobs.set(requestId, rows);
      }
      if (reachesLastToken(start, numTokens, request.tokens.length)) {
        const token = nextToken(last);
        request.tokens.push(token);
        sampledTokenIds.set(requestId, [token]);
        logprobs.set(requestId, [{ tokenIds: [token], logprobs: [0], rank: 1 }]);
      }
    }
    return { sampledTokenIds, logprobs, promptLogprobs, errors };
  }

  #takeUp(output: SchedulerOutput): void {
    for (const requestId of [...output.finishedRequestIds, ...output.preemptedRequestIds])
      this.requests.delete(requestId);
    for (const data of output.scheduledNewRequests) {
      must(!this.requests.has(data.requestId), "a new request is not held");
      this.requests.set(data.requestId, {
        tokens: [...data.promptTokenIds, ...data.outputTokenIds],
        numPrompt: data.promptTokenIds.length,
        params: data.params,
        blockIds: data.blockIds,
        states: [],
        isBroken: false,
      });
    }
    for (const data of output.scheduledCachedRequests) {
      const { blockIds } = this.requests.get(data.requestId)!;
      must(data.newBlockIds.length === blockIds.length, "each group has a list of new blocks");
      data.newBlockIds.forEach((ids, group) => blockIds[group]!.push(...ids));
    }
  }

  /** @returns the state after the last of these tokens */
  #compute(requestId: string, request: WorkerRequest, start: number, numTokens: number): number {
    const { states, tokens } = request;
    const first = startState(this.#saltOf(requestId));
    for (let i = states.length; i < start + numTokens; i++) states.push(mix(states[i - 1] ?? first, tokens[i]!));
    let state = POISON;
    for (let i = start; i < start + numTokens; i++) {
      const isWhole = this.#groups.every((group, id) => this.#seesAll(request, i, group, id));
      this.#write(request, i, (state = isWhole ? states[i]! : POISON));
    }
    return state;
  }

  /** Whether everything that row `position` looks at is as it should be. */
  #seesAll(request: WorkerRequest, position: number, group: KVCacheGroup, groupId: number): boolean {
    const begin = group.kind === "state" ? Math.max(0, position - 1) : firstSeen(group, position);
    for (let i = begin; i < position; i++)
      if (this.slots[this.#slot(request, i, groupId)] !== request.states[i]) return false;
    return true;
  }

  #write(request: WorkerRequest, position: number, state: number): void {
    for (const id of this.#groups.keys()) this.slots[this.#slot(request, position, id)] = state;
  }

  #slot(request: WorkerRequest, position: number, groupId: number): number {
    const isState = this.#groups[groupId]!.kind === "state";
    const blockId = request.blockIds[groupId]![isState ? 0 : Math.floor(position / this.#blockSize)];
    if (blockId === undefined || blockId === 0) throw new Error(`no block for position ${position}`);
    return blockId * this.#blockSize + (isState ? 0 : position % this.#blockSize);
  }
}

/** Position i tells about prompt token i + 1. */
function promptRows(request: WorkerRequest, start: number, numTokens: number): PromptLogprobs | null {
  const tokens = request.tokens.slice(start + 1, Math.min(start + 1 + numTokens, request.numPrompt));
  if (tokens.length === 0) return null;
  return { start: start + 1, rows: tokens.map((token) => ({ tokenIds: [token], logprobs: [0], rank: 1 })) };
}

interface Arrival {
  readonly step: number;
  readonly prompt: number[];
  readonly maxTokens: number;
  readonly minTokens: number;
  readonly ignoreEos: boolean;
  readonly promptLogprobs: boolean;
  readonly salt: string | null;
  readonly priority: number;
  readonly abortAfter: number | null;
}
interface Scenario {
  readonly options: SchedulerOptions;
  /** Steps planned before the first one's result is in. */
  readonly depth: number;
  readonly failureRate: number;
  readonly arrivals: Arrival[];
  readonly seed: number;
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  step: fc.nat(12),
  // Few different beginnings, so that prefixes are shared; sometimes longer than the pool.
  prompt: fc
    .tuple(fc.nat(2), fc.nat(20), fc.array(fc.nat(1), { maxLength: 8 }))
    .map(([kind, length, tail]) => [1, ...Array.from({ length }, (_, i) => (i * (kind + 1)) % VOCAB), ...tail]),
  maxTokens: fc.integer({ min: 1, max: 30 }),
  minTokens: fc.nat(3),
  ignoreEos: fc.boolean(),
  promptLogprobs: fc.nat(5).map((n) => n === 0),
  salt: fc.constantFrom(null, null, null, "a", "bb"),
  priority: fc.nat(3),
  abortAfter: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(15) }),
});
/** A pool of 30 to 60 tokens, too few for most scenarios' requests together, enough for nearly each alone. */
const optionsFor = (groups: fc.Arbitrary<readonly KVCacheGroup[]>): fc.Arbitrary<SchedulerOptions> =>
  fc
    .record({
      groups,
      numPoolTokens: fc.integer({ min: 30, max: 60 }),
      blockSize: fc.integer({ min: 1, max: 5 }),
      enablePrefixCaching: fc.nat(4).map((n) => n > 0),
      watermark: fc.constantFrom(0, 0, 0, 0.1, 0.4),
      maxNumBatchedTokens: fc.integer({ min: 1, max: 40 }),
      maxNumSeqs: fc.integer({ min: 1, max: 8 }),
      maxModelLen: fc.integer({ min: 30, max: 70 }),
      enableChunkedPrefill: fc.nat(5).map((n) => n > 0),
      longPrefillTokenThreshold: fc.constantFrom(0, 0, 1, 5),
      policy: fc.constantFrom("fcfs" as const, "priority" as const),
      asyncScheduling: fc.boolean(),
    })
    .map((given) => ({
      ...given,
      numBlocks: 1 + Math.ceil(given.numPoolTokens / given.blockSize) * given.groups.length,
      maxNumBatchedTokens: given.enableChunkedPrefill ? given.maxNumBatchedTokens : 70,
    }));
const scenarioFor = (groups: fc.Arbitrary<readonly KVCacheGroup[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    options: optionsFor(groups),
    depth: fc.constantFrom(1, 1, 2, 3),
    failureRate: fc.constantFrom(0, 0, 0.03),
    arrivals: fc.array(arrival, { minLength: 4, maxLength: 12, size: "max" }),
    seed: fc.integer(),
  });

/** The tokens of a request that has the machine to itself. */
function alone(request: Request, maxTotalTokens: number): number[] {
  let state = startState(request.cacheSalt);
  for (const token of request.promptTokenIds) state = mix(state, token);
  const copy = new Request({ ...request, requestId: "alone" });
  for (;;) {
    const token = nextToken(state);
    copy.outputTokenIds.push(token);
    if (checkStop(copy, maxTotalTokens) !== null) return copy.outputTokenIds;
    state = mix(state, token);
  }
}

interface Totals {
  requests: number;
  preemptions: number;
  hits: number;
  errors: number;
  aborts: number;
}

class Run {
  readonly scheduler: Scheduler;
  readonly worker: FakeWorker;
  readonly requests = new Map<string, Request>();
  readonly promptRows = new Map<string, number[]>();
  readonly outputs = new Map<string, number[]>();
  readonly #scenario: Scenario;
  readonly #random: () => number;
  readonly #inFlight: [SchedulerOutput, ModelRunnerOutput][] = [];

  constructor(given: Scenario) {
    this.#scenario = given;
    this.#random = randomNumbers(given.seed);
    this.scheduler = new Scheduler(given.options);
    const saltOf = (requestId: string) => this.requests.get(requestId)!.cacheSalt;
    this.worker = new FakeWorker(given.options, saltOf);
  }

  go(): void {
    const lastArrival = Math.max(...this.#scenario.arrivals.map((given) => given.step));
    for (let step = 0; step <= lastArrival || this.scheduler.hasUnfinishedRequests(); step++) {
      if (step > 4000) throw new Error("hangs");
      this.#arrive(step);
      this.#schedule();
      this.#abort(step);
      while (this.#inFlight.length >= this.#scenario.depth) this.#update();
      if (this.#random() < 0.02) this.scheduler.resetPrefixCache();
    }
    while (this.#inFlight.length > 0) this.#update();
  }

  #arrive(step: number): void {
    for (const [i, given] of this.#scenario.arrivals.entries()) {
      if (given.step !== step) continue;
      const request = new Request({
        requestId: `r${i}`,
        promptTokenIds: given.prompt,
        params: normalizeSamplingParams({
          maxTokens: given.maxTokens,
          minTokens: Math.min(given.minTokens, given.maxTokens),
          ignoreEos: given.ignoreEos,
          promptLogprobs: given.promptLogprobs ? 0 : null,
          logprobs: 0,
        }),
        eosTokenIds: [EOS],
        arrivalTime: step,
        priority: given.priority,
        cacheSalt: given.salt,
      });
      this.requests.set(request.requestId, request);
      if (given.prompt.length >= this.scheduler.maxTotalTokens) {
        expect(() => this.scheduler.addRequest(request)).toThrow("shorten it");
        this.requests.delete(request.requestId);
        continue;
      }
      this.scheduler.addRequest(request);
    }
  }

  #schedule(): void {
    const { options, failureRate } = this.#scenario;
    const { numPreemptions } = this.scheduler.stats();
    const output = this.scheduler.schedule();
    this.#check();
    const sum = [...output.numScheduledTokens.values()].reduce((a, b) => a + b, 0);
    must(output.totalNumScheduledTokens === sum, "the total is the sum");
    must(sum <= options.maxNumBatchedTokens, "the budget is kept");
    must(this.scheduler.stats().numRunning <= options.maxNumSeqs, "the limit of requests is kept");
    const hasPreempted = this.scheduler.stats().numPreemptions > numPreemptions && failureRate === 0;
    must(!hasPreempted || output.scheduledNewRequests.length === 0, "nobody is admitted after a preemption");
    const isIdle = output.totalNumScheduledTokens === 0 && this.#inFlight.length > 0;
    must(!isIdle || output.finishedRequestIds.length + output.preemptedRequestIds.length === 0, "no news is lost");
    const result = this.worker.run(output, () => this.#random() < failureRate);
    if (sum > 0) this.#inFlight.push([output, result]);
    else while (this.#inFlight.length > 0) this.#update();
  }

  #update(): void {
    const [output, result] = this.#inFlight.shift()!;
    for (const given of this.scheduler.updateFromOutput(output, result)) {
      const tokens = this.outputs.get(given.requestId) ?? [];
      this.outputs.set(given.requestId, [...tokens, ...given.newTokenIds]);
      must((given.logprobs?.length ?? 0) === given.newTokenIds.length, "one row per token");
      if (given.promptLogprobs !== null) {
        const rows = this.promptRows.get(given.requestId) ?? [];
        must(given.promptLogprobs.start === rows.length + 1, "prompt rows come once, in order");
        rows.push(...given.promptLogprobs.rows.map((row) => row.tokenIds[0]!));
        this.promptRows.set(given.requestId, rows);
      }
    }
    this.#check();
  }

  #abort(step: number): void {
    const ids = [...this.#scenario.arrivals.entries()]
      .filter(([, given]) => given.abortAfter !== null && given.step + given.abortAfter === step)
      .map(([i]) => `r${i}`);
    if (ids.length === 0) return;
    this.scheduler.abortRequests(ids);
    this.#check();
  }

  #check(): void {
    checkBlockPool(this.scheduler.kvCacheManager.pool, this.scheduler.kvCacheManager.tables());
  }
}

function verify(run: Run, totals: Totals): void {
  const { scheduler } = run;
  for (const [requestId, request] of run.requests) {
    const expected = alone(request, scheduler.maxTotalTokens);
    const got = run.outputs.get(requestId) ?? [];
    must(request.isFinished, "every request ends");
    must(`${request.outputTokenIds}` === `${got}`, "outputs are the request's tokens");
    totals.requests++;
    if (request.finishReason === "abort" || request.finishReason === "error") {
      must(`${got}` === `${expected.slice(0, got.length)}`, "as alone, as far as it went");
      totals[request.finishReason === "abort" ? "aborts" : "errors"]++;
      continue;
    }
    expect(got).toEqual(expected);
    const rows = request.params.promptLogprobs === null ? undefined : request.promptTokenIds.slice(1);
    expect(run.promptRows.get(requestId) ?? []).toEqual(rows ?? []);
  }
  expect(scheduler.kvCacheManager.numFreeBlocks).toBe(scheduler.kvCacheManager.pool.numUsableBlocks);
  expect([...scheduler.kvCacheManager.tables()]).toEqual([]);
  const stats = scheduler.stats();
  expect(stats).toMatchObject({ numRunning: 0, numWaiting: 0, kvCacheUsage: 0 });
  totals.preemptions += stats.numPreemptions;
  totals.hits += stats.prefixCache.hits + stats.prefixCache.preemptedHits;
}

/** @returns how often what happened */
function runScenarios(groups: fc.Arbitrary<readonly KVCacheGroup[]>, numRuns: number): Totals {
  const totals: Totals = { requests: 0, preemptions: 0, hits: 0, errors: 0, aborts: 0 };
  const property = fc.property(fc.noBias(scenarioFor(groups)), (given) => {
    const run = new Run(given);
    run.go();
    verify(run, totals);
  });
  fc.assert(property, { numRuns, seed: 20260801 });
  return totals;
}

describe("any mix of requests gives each request the tokens that it gets alone, leaves the pool whole, and ends", () => {
  it("with full attention", () => {
    const totals = runScenarios(fc.constant(fullAttentionOnly), 500);
    // The scenarios must reach what they are for.
    expect(totals.requests).toBeGreaterThan(3000);
    for (const count of [totals.preemptions / 5, totals.hits / 10, totals.errors, totals.aborts]) {
      expect(count).toBeGreaterThan(200);
    }
  });

  const full: KVCacheGroup = { kind: "full" };
  const state: KVCacheGroup = { kind: "state" };
  const chunks = fc.integer({ min: 1, max: 14 }).map((chunkSize) => ({ kind: "chunked" as const, chunkSize }));
  const window = fc
    .integer({ min: 1, max: 14 })
    .map((slidingWindow) => ({ kind: "slidingWindow" as const, slidingWindow }));

  it("with windows and chunks, alone and beside full attention", () => {
    const groups = fc.oneof(
      fc.tuple(window),
      fc.tuple(window, window),
      fc.tuple(fc.constant(full), window),
      fc.tuple(window, fc.constant(full), window),
      fc.tuple(chunks),
      fc.tuple(fc.constant(full), chunks),
      fc.tuple(chunks, window),
    );
    const totals = runScenarios(groups, 500);
    expect(totals.requests).toBeGreaterThan(3000);
    for (const count of [totals.preemptions, totals.hits / 10, totals.errors, totals.aborts]) {
      expect(count).toBeGreaterThan(200);
    }
  });

  it("with states, alone and beside attention", () => {
    const groups = fc.oneof(
      fc.constant([state]),
      fc.constant([full, state]),
      window.map((group) => [group, state]),
    );
    const totals = runScenarios(groups, 250);
    expect(totals.hits).toBe(0);
    for (const count of [totals.requests / 10, totals.preemptions, totals.errors, totals.aborts]) {
      expect(count).toBeGreaterThan(60);
    }
  });
});
