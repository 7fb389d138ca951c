import type { Backend, TargetOptions } from "./http-target.js";
import type { BenchPrompt } from "./random-prompts.js";
import type { Goodput, RequestRecord, ServeMetrics } from "./serve-metrics.js";
export interface ServeOptions {
    readonly target: TargetOptions;
    readonly backend: Backend;
    /** Undefined: the first that the server lists. */
    readonly model: string | undefined;
    /** Prompts of one run; called once for each run, and first for the warm-up requests. */
    readonly prompts: (count: number) => Promise<readonly BenchPrompt[]>;
    readonly numPrompts: number;
    readonly numWarmups: number;
    /** Requests a second; Infinity: all at once. */
    readonly requestRate: number;
    readonly burstiness: number;
    /** Requests open at once, one run for each; Infinity: no limit. */
    readonly maxConcurrency: readonly number[];
    readonly ignoreEos: boolean;
    readonly temperature: number;
    /** Milliseconds for one request. */
    readonly timeoutMs: number;
    readonly seed: number;
    readonly goodput: Goodput;
    /** Percentiles of the latencies. */
    readonly percentiles: readonly number[];
    /** Ends the run under way; what there is by then is the result. */
    readonly signal: AbortSignal;
    readonly onProgress?: (run: {
        maxConcurrency: number;
        finished: number;
        total: number;
    }) => void;
    /** Called with each run's result when it is there. */
    readonly onRun?: (run: ServeRun) => void;
}
/** One run: all prompts with one limit of concurrency. */
export interface ServeRun {
    readonly maxConcurrency: number;
    readonly requestRate: number;
    readonly metrics: ServeMetrics;
    /** The first failed request's error. */
    readonly firstError: string | undefined;
    /** CPU time of the client, in seconds: what it took away from a server on the same cores. */
    readonly clientCpuSeconds: number;
    readonly isInterrupted: boolean;
    readonly requests: readonly RequestRecord[];
}
export interface ServeResult {
    readonly model: string;
    readonly runs: readonly ServeRun[];
}
/**
 * Runs the warm-up, then one run after the other.
 *
 * @throws ResourceError if the server cannot be reached or refuses the first warm-up request; ConfigError for a wrong address
 */
export declare function benchServe(options: ServeOptions): Promise<ServeResult>;
