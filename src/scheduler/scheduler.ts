/** Scheduler: which requests get how many tokens in the next step, and what becomes of them after it. */
import { KVCacheManager } from "../kv-cache/kv-cache-manager.js";
import type { PrefixCacheStats } from "../kv-cache/prefix-cache-stats.js";
import type { FinishReason, StopReason } from "../request/finish-reason.js";
import { maxStepTokens } from "../request/kv-cache-group.js";
import type { PauseState } from "../request/pause.js";
import type { ModelRunnerOutput, PromptLogprobs } from "../request/model-runner-output.js";
import type { Request } from "../request/request.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import { RequestError } from "../util/errors.js";
import { samplingNeedsTokens } from "../request/sampling-params.js";
import { checkStop, endsByLength, type Stop } from "./check-stop.js";
import { comparePriority, createRequestQueue, type RequestQueue } from "./request-queue.js";
import type { RequestStepOutput } from "./request-step-output.js";
import { checkSchedulerLimits, checkWholePrompts, type SchedulerOptions } from "./scheduler-options.js";
import { StepPlan } from "./step-plan.js";

/** The scheduler's state in numbers. Counters only grow. */
export interface SchedulerStats {
  readonly numRunning: number;
  readonly numWaiting: number;
  /** Share of the KV cache's blocks in use, 0..1. */
  readonly kvCacheUsage: number;
  /** Blocks with content that a later prompt may share, in use or free. */
  readonly numCachedBlocks: number;
  /** Counter: how often a request lost its blocks. */
  readonly numPreemptions: number;
  /** Counters. */
  readonly prefixCache: Readonly<PrefixCacheStats>;
}

const NO_TOKENS: readonly number[] = Object.freeze([]);
const NO_REQUESTS: Pick<StepPlan, "requests" | "sampling"> = { requests: [], sampling: new Set() };

/**
 * There is no prefill and no decode phase: each request has computed tokens and tokens, and every step hands out a
 * budget so that the former catch up. Running requests come first, then waiting ones as long as there is room. When a
 * running request finds no room, another one is preempted: it loses its blocks and is computed again later.
 *
 * A step: `schedule()`, the worker computes, `updateFromOutput()`. A second step may be scheduled before the first one's
 * output is in: with `asyncScheduling` a token that is still being sampled has a place in it, and the worker fills it in. When the output then ends the
 * request, its part of the second step is dropped. Outputs come in the order of their steps, one for each. Requests may be
 * added and ended at any time: the worker computes step after step, so blocks are never written by a step that was planned
 * before they were freed and runs after their new owner's.
 */
export class Scheduler {
  readonly kvCacheManager: KVCacheManager;
  /** Longest request, prompt and output: `maxModelLen`, or one more than the tokens that the whole KV cache holds. */
  readonly maxTotalTokens: number;
  readonly #options: SchedulerOptions;
  readonly #requests = new Map<string, Request>();
  readonly #waiting: RequestQueue;
  #running: Request[] = [];
  /** For the next step's message. */
  #finishedRequestIds: string[] = [];
  #preemptedRequestIds: string[] = [];
  /** Each step whose output is still to come, with its requests. */
  readonly #inFlight = new Map<SchedulerOutput, Pick<StepPlan, "requests" | "sampling">>();
  #numPreemptions = 0;
  #pause: PauseState = "unpaused";

  /** @throws ConfigError, ResourceError if the options cannot work */
  constructor(options: SchedulerOptions) {
    checkSchedulerLimits(options);
    this.kvCacheManager = new KVCacheManager({ ...options, maxStepTokens: maxStepTokens(options) });
    this.maxTotalTokens = Math.min(options.maxModelLen, this.kvCacheManager.numUsableTokens + 1);
    checkWholePrompts(options, this.maxTotalTokens);
    this.#options = options;
    this.#waiting = createRequestQueue(options.policy ?? "fcfs");
  }

  /**
   * Takes a request in; it waits until there is room.
   *
   * @throws RequestError if the prompt can never be computed here, or a request with this id has not ended
   */
  addRequest(request: Request): void {
    const { requestId, numPromptTokens } = request;
    if (this.#requests.has(requestId)) {
      throw new RequestError(`request ${requestId}: a request with this id is still open`, { param: "request_id" });
    }
    if (numPromptTokens >= this.maxTotalTokens) throw this.#promptTooLong(request);
    this.#requests.set(requestId, request);
    this.#waiting.add(request);
  }

  /** Ends requests because their callers gave up. Unknown ids, and requests that have ended, are passed over. */
  abortRequests(requestIds: Iterable<string>): void {
    this.finishRequests(requestIds, "abort");
  }

  /** Ends requests for a reason found outside, such as a stop string. Results still to come for them are dropped. */
  finishRequests(requestIds: Iterable<string>, finishReason: FinishReason, stopReason: StopReason = null): void {
    const ended = new Set<Request>();
    for (const requestId of requestIds) {
      const request = this.#requests.get(requestId);
      if (request !== undefined) ended.add(request);
    }
    for (const request of ended) this.#finish(request, { finishReason, stopReason });
    this.#dropFromQueues(ended);
  }

  /** Whether any request waits or runs. */
  hasUnfinishedRequests(): boolean {
    return this.#requests.size > 0;
  }

  /** Whether the worker has still to be told of ended or preempted requests; the next step does, an empty one too. */
  hasNews(): boolean {
    return this.#finishedRequestIds.length > 0 || this.#preemptedRequestIds.length > 0;
  }

  /**
   * Whether a step could compute something, or has results to come: all open requests count, unless they are paused.
   */
  hasWork(): boolean {
    if (this.#pause === "unpaused") return this.#requests.size > 0;
    if (this.#inFlight.size > 0) return true;
    return this.#pause === "paused_new" && (this.#running.length > 0 || this.#waiting.peek()?.status === "preempted");
  }

  /** Which requests the next steps take. */
  get pause(): PauseState {
    return this.#pause;
  }

  setPause(state: PauseState): void {
    this.#pause = state;
  }

  /**
   * Forgets all cached prefixes.
   *
   * @param resetRunningRequests takes the blocks of all requests first; they are computed again
   * @returns false, and does nothing, while any request holds blocks
   */
  resetPrefixCache(resetRunningRequests = false): boolean {
    if (resetRunningRequests) {
      const running = this.#running;
      this.#running = [];
      for (const request of running.reverse()) {
        request.numResultsToDrop = request.numInFlightSteps;
        this.#preempt(request);
      }
    }
    return this.kvCacheManager.resetPrefixCache();
  }

  stats(): SchedulerStats {
    return {
      numRunning: this.#running.length,
      numWaiting: this.#waiting.size,
      kvCacheUsage: this.kvCacheManager.usage,
      numCachedBlocks: this.kvCacheManager.pool.numCachedBlocks,
      numPreemptions: this.#numPreemptions,
      prefixCache: { ...this.kvCacheManager.prefixCacheStats },
    };
  }

  /**
   * Plans the next step. It may be empty: no requests, or all of them wait for a result; then, while results are to come, the
   * news for the worker waits for another step, and this one need not be executed.
   * @param isBlocked running requests, by their id, that are to sit this step out
   */
  schedule(isBlocked: (requestId: string) => boolean = () => false): SchedulerOutput {
    const plan = new StepPlan(this.#options.maxNumBatchedTokens);
    if (this.#pause !== "paused_all") {
      const hasPreempted = this.#scheduleRunning(plan, isBlocked);
      if (!hasPreempted) this.#scheduleWaiting(plan);
    }
    if (plan.requests.length === 0 && this.#inFlight.size > 0) return plan.commit([], []);
    const output = plan.commit(this.#finishedRequestIds, this.#preemptedRequestIds);
    this.#finishedRequestIds = [];
    this.#preemptedRequestIds = [];
    if (plan.requests.length > 0) this.#inFlight.set(output, plan);
    return output;
  }

  /**
   * Whether to plan a step while others are under way, whose tokens nobody knows yet. Not when a request's sampling depends on such a
   * token, when there is nothing to do, or when room is so short that somebody might lose blocks which a request that
   * ends in a step under way gives back.
   */
  canPlanAhead(): boolean {
    if (this.#options.asyncScheduling !== true || this.#pause === "paused_all") return false;
    let hasWork =
      this.#pause === "unpaused" && this.#waiting.size > 0 && this.#running.length < this.#options.maxNumSeqs;
    for (const request of this.#running) {
      // While a grammar's masks are made beside a step, nothing may happen to its request.
      if (request.numInFlightSteps > 0 && request.params.structuredOutputs !== null) return false;
      if (this.#numMissing(request) === 0) continue;
      if (request.numOutputPlaceholders > 0 && samplingNeedsTokens(request.params)) return false;
      hasWork = true;
    }
    return hasWork && this.kvCacheManager.hasRoomForEach(this.#running.length);
  }

  /**
   * Takes in what the worker computed: appends sampled tokens, ends requests, frees their blocks. Results for requests
   * that ended meanwhile are dropped; a preempted request keeps its result.
   *
   * @param scheduled the very object that `schedule()` returned
   * @returns one entry per request to which something happened, in the order of scheduling, failed ones first
   */
  updateFromOutput(scheduled: SchedulerOutput, result: ModelRunnerOutput): RequestStepOutput[] {
    const { requests, sampling } = this.#inFlight.get(scheduled) ?? NO_REQUESTS;
    if (requests.length === 0 && scheduled.totalNumScheduledTokens > 0)
      throw new Error("scheduler: got the output of a step that it is not waiting for");
    this.#inFlight.delete(scheduled);
    const outputs: RequestStepOutput[] = [];
    if (result.errors !== undefined && result.errors.size > 0) {
      this.#failRequests(scheduled, requests, result.errors, outputs);
    }
    const ended = new Set<Request>();
    for (const request of requests) {
      request.numInFlightSteps--;
      if (sampling.has(request)) request.numOutputPlaceholders--;
      if (request.numResultsToDrop > 0) {
        request.numResultsToDrop--;
        continue;
      }
      if (request.isFinished) continue;
      const output = this.#takeResult(request, result);
      if (output !== null) outputs.push(output);
      if (request.isFinished) ended.add(request);
    }
    this.#dropFromQueues(ended);
    return outputs;
  }

  /** @returns whether a request was preempted */
  #scheduleRunning(plan: StepPlan, isBlocked: (requestId: string) => boolean): boolean {
    const running = this.#running;
    const numPreemptions = this.#numPreemptions;
    for (let index = 0; index < running.length && plan.budget > 0;) {
      const request = running[index]!;
      const numTokens = this.#share(this.#numMissing(request), plan.budget);
      if (numTokens === 0 || isBlocked(request.requestId)) {
        index++; // its last token is still being computed, or others come first
        continue;
      }
      let newBlockIds = this.kvCacheManager.allocateSlots(request, numTokens);
      while (newBlockIds === null) {
        const victim = this.#pickVictim();
        const place = running.indexOf(victim);
        running.splice(place, 1);
        if (place < index) index--;
        plan.remove(victim);
        this.#preempt(victim);
        if (victim === request) return true;
        newBlockIds = this.kvCacheManager.allocateSlots(request, numTokens);
      }
      plan.addCached(request, numTokens, newBlockIds);
      index++;
    }
    return this.#numPreemptions > numPreemptions;
  }

  #scheduleWaiting(plan: StepPlan): void {
    const kv = this.kvCacheManager;
    while (plan.budget > 0 && this.#running.length < this.#options.maxNumSeqs) {
      const request = this.#waiting.peek();
      // A preempted request first gets the results that are still under way: they are part of its tokens.
      if (request === undefined || request.numInFlightSteps > 0) break;
      if (this.#pause === "paused_new" && request.status !== "preempted") break;
      const computed = kv.getComputedBlocks(request);
      const missing = request.numTokens - computed.numComputedTokens;
      if (this.#options.enableChunkedPrefill === false && this.#share(missing, Infinity) > plan.budget) break;
      const numTokens = this.#share(missing, plan.budget);
      const keepWatermark = this.#running.length > 0;
      if (kv.allocateSlots(request, numTokens, { computed, fullSequenceMustFit: true, keepWatermark }) === null) break;

      this.#waiting.pop();
      this.#running.push(request);
      kv.recordLookup(request, computed.numComputedTokens);
      request.status = "running";
      request.numComputedTokens = computed.numComputedTokens;
      if (request.numCachedTokens < 0) request.numCachedTokens = computed.numComputedTokens;
      plan.addNew(request, numTokens, kv.blockIds(request));
    }
  }

  /** Tokens that a running request has, or will have, and that no step computes yet; 0 if it ends before they are needed. */
  #numMissing(request: Request): number {
    if (request.numOutputPlaceholders === 0) return request.numTokens - request.numComputedTokens;
    if (this.#options.asyncScheduling !== true || endsByLength(request, this.maxTotalTokens)) return 0;
    return request.numExpectedTokens - request.numComputedTokens;
  }

  /** What a request that lacks `missing` tokens gets in one step. */
  #share(missing: number, budget: number): number {
    const threshold = this.#options.longPrefillTokenThreshold ?? 0;
    return Math.min(missing, budget, threshold > 0 ? threshold : Infinity);
  }

  /** The most recently admitted request, or the one of the worst priority. There is one: who asks is running. */
  #pickVictim(): Request {
    if (this.#options.policy !== "priority") return this.#running.at(-1)!;
    return this.#running.reduce((worst, request) => (comparePriority(request, worst) > 0 ? request : worst));
  }

  /** Takes all blocks from a request, which is out of `#running` already, and lets it wait. */
  #preempt(request: Request): void {
    this.kvCacheManager.free(request);
    request.numComputedTokens = 0;
    request.status = "preempted";
    request.numPreemptions++;
    this.#numPreemptions++;
    this.#preemptedRequestIds.push(request.requestId);
    this.#waiting.putBack(request);
  }

  /** Appends what one request sampled. @returns null if nothing happened to it */
  #takeResult(request: Request, result: ModelRunnerOutput): RequestStepOutput | null {
    const { requestId } = request;
    const sampled = result.sampledTokenIds.get(requestId) ?? NO_TOKENS;
    const newTokenIds: number[] = [];
    let stop: Stop | null = null;
    for (const tokenId of sampled) {
      request.outputTokenIds.push(tokenId);
      newTokenIds.push(tokenId);
      stop = checkStop(request, this.maxTotalTokens);
      if (stop !== null) break;
    }
    const promptLogprobs = takePromptLogprobs(request, result.promptLogprobs.get(requestId));
    if (request.numInFlightSteps > 0 && request.status === "running") this.kvCacheManager.cacheKnown(request);
    if (stop !== null) this.#finish(request, stop);
    if (newTokenIds.length === 0 && promptLogprobs === null) return null;
    const logprobs = result.logprobs.get(requestId)?.slice(0, newTokenIds.length) ?? null;
    return this.#output(request, { newTokenIds, logprobs, promptLogprobs });
  }

  #output(
    request: Request,
    news: Pick<RequestStepOutput, "newTokenIds" | "logprobs" | "promptLogprobs">,
  ): RequestStepOutput {
    const { requestId, finishReason, stopReason, errorMessage } = request;
    return {
      requestId,
      ...news,
      finishReason,
      stopReason,
      errorMessage,
      numCachedTokens: Math.max(0, request.numCachedTokens),
    };
  }

  /** Ends a request and frees its blocks; who calls takes it out of the queues. */
  #finish(request: Request, stop: Stop): void {
    request.finishReason = stop.finishReason;
    request.stopReason = stop.stopReason;
    this.kvCacheManager.free(request);
    request.status = "finished";
    this.#requests.delete(request.requestId);
    this.#finishedRequestIds.push(request.requestId);
  }

  #dropFromQueues(ended: ReadonlySet<Request>): void {
    if (ended.size === 0) return;
    const numBefore = this.#running.length;
    this.#running = this.#running.filter((request) => !ended.has(request));
    if (numBefore - this.#running.length < ended.size) this.#waiting.remove(ended);
  }

  /**
   * Ends the requests that the worker could not compute. Their tokens of this step may not have been written to the KV
   * cache, so nobody may find them there, and whoever shares such a block already is computed again.
   */
  #failRequests(
    scheduled: SchedulerOutput,
    requests: readonly Request[],
    errors: ReadonlyMap<string, string>,
    outputs: RequestStepOutput[],
  ): void {
    for (const request of requests) {
      const message = errors.get(request.requestId);
      if (message === undefined) continue;
      if (!request.isFinished && request.numResultsToDrop === 0) {
        request.errorMessage = message;
        this.#finish(request, { finishReason: "error", stopReason: null });
        this.#dropFromQueues(new Set([request]));
        outputs.push(this.#output(request, { newTokenIds: [], logprobs: null, promptLogprobs: null }));
      }
      this.#recomputeSharers(request, numComputedBefore(scheduled, request.requestId));
    }
  }

  #recomputeSharers(failed: Request, numTokens: number): void {
    const hashes = this.kvCacheManager.distrust(failed, numTokens);
    if (hashes.size === 0) return;
    const sharers = this.#running.filter((request) => this.kvCacheManager.numTokensBefore(request, hashes) < Infinity);
    this.#running = this.#running.filter((request) => !sharers.includes(request));
    for (const request of sharers.reverse()) {
      request.numComputedTokens = Math.min(
        request.numComputedTokens,
        this.kvCacheManager.numTokensBefore(request, hashes),
      );
      request.numResultsToDrop = request.numInFlightSteps;
      this.#preempt(request);
    }
  }

  #promptTooLong(request: Request): RequestError {
    const { numPromptTokens, requestId } = request;
    const { maxModelLen } = this.#options;
    const { numUsableTokens, pool, blockSize } = this.kvCacheManager;
    const limit =
      this.maxTotalTokens === maxModelLen
        ? `the model's length is ${maxModelLen} (--max-model-len), at least one of them for output`
        : `the KV cache holds ${numUsableTokens} (${pool.numUsableBlocks} blocks of ${blockSize}; --kv-cache-memory-bytes)`;
    return new RequestError(`request ${requestId}: the prompt has ${numPromptTokens} tokens; ${limit}; shorten it`, {
      param: "prompt",
    });
  }
}

/** Tokens of a request before this step. */
function numComputedBefore(scheduled: SchedulerOutput, requestId: string): number {
  const ofRequest = (data: { requestId: string }) => data.requestId === requestId;
  const data = scheduled.scheduledCachedRequests.find(ofRequest) ?? scheduled.scheduledNewRequests.find(ofRequest);
  return data?.numComputedTokens ?? 0;
}

/** The rows that did not go out before: after a preemption the prompt's first rows come a second time. */
function takePromptLogprobs(request: Request, given: PromptLogprobs | undefined): PromptLogprobs | null {
  if (given === undefined) return null;
  const numOld = Math.max(0, request.numPromptLogprobsSent - given.start);
  if (numOld >= given.rows.length) return null;
  request.numPromptLogprobsSent = given.start + given.rows.length;
  return numOld === 0 ? given : { start: given.start + numOld, rows: given.rows.slice(numOld) };
}
