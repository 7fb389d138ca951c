/** Scheduler: which requests get how many tokens in the next step, and what becomes of them after it. */
import { KVCacheManager } from "../kv-cache/kv-cache-manager.js";
import type { PrefixCacheStats } from "../kv-cache/prefix-cache-stats.js";
import type { FinishReason, StopReason } from "../request/finish-reason.js";
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import type { Request } from "../request/request.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { RequestStepOutput } from "./request-step-output.js";
import { type SchedulerOptions } from "./scheduler-options.js";
/** The scheduler's state in numbers. Counters only grow. */
export interface SchedulerStats {
    readonly numRunning: number;
    readonly numWaiting: number;
    /** Share of the KV cache's blocks in use, 0..1. */
    readonly kvCacheUsage: number;
    /** Counter: how often a request lost its blocks. */
    readonly numPreemptions: number;
    /** Counters. */
    readonly prefixCache: Readonly<PrefixCacheStats>;
}
/**
 * There is no prefill and no decode phase: each request has computed tokens and tokens, and every step hands out a
 * budget so that the former catch up. Running requests come first, then waiting ones as long as there is room. When a
 * running request finds no room, another one is preempted: it loses its blocks and is computed again later.
 *
 * A step: `schedule()`, the worker computes, `updateFromOutput()`. A second step may be scheduled before the first one's
 * output is in; outputs come in the order of their steps, one for each. Requests may be added and ended at any time.
 */
export declare class Scheduler {
    #private;
    readonly kvCacheManager: KVCacheManager;
    /** Longest request, prompt and output: `maxModelLen`, or one more than the tokens that the whole KV cache holds. */
    readonly maxTotalTokens: number;
    /** @throws ConfigError, ResourceError if the options cannot work */
    constructor(options: SchedulerOptions);
    /**
     * Takes a request in; it waits until there is room.
     *
     * @throws RequestError if the prompt can never be computed here, or a request with this id has not ended
     */
    addRequest(request: Request): void;
    /** Ends requests because their callers gave up. Unknown ids, and requests that have ended, are passed over. */
    abortRequests(requestIds: Iterable<string>): void;
    /** Ends requests for a reason found outside, such as a stop string. Results still to come for them are dropped. */
    finishRequests(requestIds: Iterable<string>, finishReason: FinishReason, stopReason?: StopReason): void;
    /** Whether any request waits or runs. */
    hasUnfinishedRequests(): boolean;
    /** Whether the worker has still to be told of ended or preempted requests; the next step does, an empty one too. */
    hasNews(): boolean;
    /** Forgets all cached prefixes. @returns false, and does nothing, while any request holds blocks */
    resetPrefixCache(): boolean;
    stats(): SchedulerStats;
    /** Plans the next step. It may be empty: no requests, or all of them wait for a result. */
    schedule(): SchedulerOutput;
    /**
     * Takes in what the worker computed: appends sampled tokens, ends requests, frees their blocks. Results for requests
     * that ended meanwhile are dropped; a preempted request keeps its result.
     *
     * @param scheduled the very object that `schedule()` returned
     * @returns one entry per request to which something happened, in the order of scheduling, failed ones first
     */
    updateFromOutput(scheduled: SchedulerOutput, result: ModelRunnerOutput): RequestStepOutput[];
}
