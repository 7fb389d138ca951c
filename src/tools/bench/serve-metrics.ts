/** What the requests of a run add up to. Definitions are those of `vllm bench serve`. */
import { summarize } from "./statistics.js";
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

export const LATENCY_METRICS = ["ttft", "tpot", "itl", "e2el"] as const;
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
export function timePerOutputToken(record: RequestRecord): number | undefined {
  return record.outputTokens > 1 ? (record.e2elMs - record.ttftMs) / (record.outputTokens - 1) : undefined;
}

/**
 * @param durationMs from the first request's sending to the last one's end
 * @param percents   percentiles of the latencies
 */
export function serveMetrics(
  records: readonly RequestRecord[],
  durationMs: number,
  percents: readonly number[],
  goodput: Goodput = {},
): ServeMetrics {
  const good = records.filter((record) => record.isOk);
  const seconds = durationMs / 1000;
  const sum = (value: (record: RequestRecord) => number): number =>
    good.reduce((total, record) => total + value(record), 0);
  const input = sum((record) => record.promptTokens ?? 0);
  const output = sum((record) => record.outputTokens);
  const rate = (count: number): number => (seconds > 0 ? count / seconds : 0);
  const tpots = good.map(timePerOutputToken).filter((value) => value !== undefined);
  const hasLimits = Object.keys(goodput).length > 0;
  return {
    durationSeconds: seconds,
    completed: good.length,
    failed: records.length - good.length,
    totalInputTokens: input,
    totalCachedTokens: sum((record) => record.cachedTokens ?? 0),
    totalOutputTokens: output,
    requestThroughput: rate(good.length),
    requestGoodput: hasLimits ? rate(good.filter((record) => keepsLimits(record, goodput)).length) : undefined,
    outputThroughput: rate(output),
    totalThroughput: rate(input + output),
    peakOutputThroughput: peakOutputs(good),
    peakConcurrentRequests: peakConcurrency(good),
    numCountedRequests: good.filter((record) => !record.isCountTold).length,
    latencies: {
      ttft: summarize(
        good.map((record) => record.ttftMs),
        percents,
      ),
      tpot: summarize(tpots, percents),
      itl: summarize(
        good.flatMap((record) => record.itlMs),
        percents,
      ),
      e2el: summarize(
        good.map((record) => record.e2elMs),
        percents,
      ),
    },
  };
}

/** A request with one output token has no TPOT, and keeps its limit. */
function keepsLimits(record: RequestRecord, limits: Goodput): boolean {
  const values = { ttft: record.ttftMs, tpot: timePerOutputToken(record) ?? 0, e2el: record.e2elMs };
  return (Object.keys(limits) as GoodputMetric[]).every((metric) => values[metric] <= limits[metric]!);
}

/** Outputs in the fullest of the seconds since the first request was sent. */
function peakOutputs(records: readonly RequestRecord[]): number {
  const first = records.reduce((least, record) => Math.min(least, record.startMs), Infinity);
  const seconds = new Map<number, number>();
  for (const { startMs, ttftMs, itlMs } of records) {
    let at = startMs + ttftMs - first;
    for (let i = -1; i < itlMs.length; i++) {
      if (i >= 0) at += itlMs[i]!;
      const second = Math.floor(at / 1000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
  }
  return [...seconds.values()].reduce((most, count) => Math.max(most, count), 0);
}

/** A request that ends when another one starts is not open together with it. */
function peakConcurrency(records: readonly RequestRecord[]): number {
  const events = records.flatMap(({ startMs, e2elMs }) => [
    { at: startMs, change: 1 },
    { at: startMs + e2elMs, change: -1 },
  ]);
  events.sort((a, b) => a.at - b.at || a.change - b.change);
  let open = 0;
  let most = 0;
  for (const { change } of events) {
    open += change;
    most = Math.max(most, open);
  }
  return most;
}
