import type { ModelInfo } from "../../worker/worker.js";
import type { EngineBenchOptions } from "./bench-engine.js";
import type { Breakdown } from "./breakdown.js";
/** Prefix caching is off where it is not chosen. */
export interface LatencyOptions extends EngineBenchOptions {
    /** Tokens of each prompt and of each output. */
    readonly inputLen: number;
    readonly outputLen: number;
    /** Prompts at once. With several sizes each iteration runs all of them in turn. */
    readonly batchSizes: readonly number[];
    readonly numItersWarmup: number;
    readonly numIters: number;
    readonly seed: number;
    /** Measure memory bandwidth before and after. */
    readonly probe: boolean;
    /** After the iterations, measure a few more of each batch size op by op. */
    readonly breakdown: boolean;
    /** Ends the benchmark; what there is by then is the result. */
    readonly signal?: AbortSignal;
    readonly onIteration?: (done: number, total: number) => void;
}
/** One batch. */
export interface LatencyIteration {
    /** From handing in the prompts to the last token, in milliseconds. */
    readonly latencyMs: number;
    /** From handing in the prompts to the first token of each prompt. */
    readonly ttftMs: readonly number[];
    /** Prompt tokens a second, until every prompt has its first token. */
    readonly prefillTokensPerSecond: number;
    /** Output tokens a second after that; undefined for a single token. */
    readonly decodeTokensPerSecond: number | undefined;
    readonly outputTokens: number;
    /** Steps of the engine. */
    readonly numSteps: number;
    /** CPU time of the JavaScript thread (engine, worker, streams), in milliseconds a step. */
    readonly jsCpuMsPerStep: number;
    /** Wall time of a step less the time inside its native programs, in milliseconds: median of the last 256 steps at most. */
    readonly outsideMsPerStep: number;
}
export interface LatencyBatch {
    readonly batchSize: number;
    readonly iterations: readonly LatencyIteration[];
}
/** Where the steps of one batch size spend their time. */
export interface BatchBreakdown {
    readonly batchSize: number;
    /** Undefined when there were no such steps: prompts of one token, outputs of one token. */
    readonly decode: Breakdown | undefined;
    readonly prefill: Breakdown | undefined;
}
export interface LatencyResult {
    readonly model: ModelInfo;
    readonly loadSeconds: number;
    readonly batches: readonly LatencyBatch[];
    /** GB/s that one thread reads, before and after, with `probe`. */
    readonly memoryBandwidth: readonly number[];
    /** With `breakdown`; of batch sizes that were measured to the end. */
    readonly breakdowns: readonly BatchBreakdown[];
    readonly isInterrupted: boolean;
}
/**
 * Loads the model, warms up, and measures.
 *
 * @throws ConfigError if prompt and output do not fit the model; what loading throws
 */
export declare function benchLatency(options: LatencyOptions): Promise<LatencyResult>;
