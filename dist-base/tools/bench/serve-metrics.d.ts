import type { Summary } from "./statistics.js";
/** One request as the client saw it. Times in milliseconds of one clock. */
export interface RequestRecord {
    /** Whether at least one output came and the stream ended well. */
    readonly isOk: boolean;
    /** Why not. */
    readonly error?: string;
    /** When it was sent, from the start of the run. */
    readonly startMs: number;
    /** From sending to the first output. */
    readonly ttftMs: number;
    /** From sending to the last output. */
    readonly e2elMs: number;
    /** Gaps between outputs. */
    readonly itlMs: readonly number[];
    /** Told by the server, else counted by the client; undefined where neither knows. */
    readonly promptTokens: number | undefined;
    /** Prompt tokens that the server took from its cache, where it tells. */
    readonly cachedTokens: number | undefined;
    /** Told by the server, else the number of outputs. */
    readonly outputTokens: number;
    /** Whether `outputTokens` is the server's figure. */
    readonly isCountTold: boolean;
}
/** Limits in milliseconds that a request must keep to be a good one. */
export type Goodput = Partial<Record<GoodputMetric, number>>;
export type GoodputMetric = "ttft" | "tpot" | "e2el";
export declare const LATENCY_METRICS: readonly ["ttft", "tpot", "itl", "e2el"];
export type LatencyMetric = (typeof LATENCY_METRICS)[number];
export interface ServeMetrics {
    readonly durationSeconds: number;
    readonly completed: number;
    readonly failed: number;
    readonly totalInputTokens: number;
    readonly totalCachedTokens: number;
    readonly totalOutputTokens: number;
    /** Completed requests a second. */
    readonly requestThroughput: number;
    /** Requests a second that kept all limits; undefined without limits. */
    readonly requestGoodput: number | undefined;
    /** Output tokens a second, over the whole run. */
    readonly outputThroughput: number;
    /** Prompt and output tokens a second. */
    readonly totalThroughput: number;
    /** Most outputs in any second, counted from the first request on. */
    readonly peakOutputThroughput: number;
    /** Most requests open at the same time. */
    readonly peakConcurrentRequests: number;
    /** Requests whose output tokens the server did not tell: their outputs were counted. */
    readonly numCountedRequests: number;
    /** In milliseconds; undefined without a value. */
    readonly latencies: Readonly<Record<LatencyMetric, Summary | undefined>>;
}
/** (e2e - TTFT) / (output tokens - 1); undefined for a single token. */
export declare function timePerOutputToken(record: RequestRecord): number | undefined;
/**
 * @param durationMs from the first request's sending to the last one's end
 * @param percents   percentiles of the latencies
 */
export declare function serveMetrics(records: readonly RequestRecord[], durationMs: number, percents: readonly number[], goodput?: Goodput): ServeMetrics;
