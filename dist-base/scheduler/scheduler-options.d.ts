/** SchedulerOptions: limits and policy of the scheduler, and how they are checked. */
import type { KVCacheOptions } from "../kv-cache/kv-cache-manager.js";
import type { SchedulingPolicy } from "./request-queue.js";
/** Everything that the scheduler is told. */
export interface SchedulerOptions extends KVCacheOptions {
    /** Token budget of a step, over all requests. */
    readonly maxNumBatchedTokens: number;
    /** Requests that run at once. */
    readonly maxNumSeqs: number;
    /** Prompt and output of one request together. */
    readonly maxModelLen: number;
    /** Compute a prompt in parts when it exceeds the budget. Default true. */
    readonly enableChunkedPrefill?: boolean;
    /** Most tokens that one request gets in a step; 0 (default): the whole budget. */
    readonly longPrefillTokenThreshold?: number;
    /** Default `fcfs`. */
    readonly policy?: SchedulingPolicy;
}
/** @throws ConfigError that names the flag */
export declare function checkSchedulerLimits(options: SchedulerOptions): void;
/**
 * @param maxTotalTokens longest request: `maxModelLen`, or less where the KV cache is smaller
 * @throws ConfigError if a prompt that must not be cut does not fit a step
 */
export declare function checkWholePrompts(options: SchedulerOptions, maxTotalTokens: number): void;
