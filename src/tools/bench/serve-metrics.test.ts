import { describe, expect, it } from "vitest";
import { serveMetrics, timePerOutputToken } from "./serve-metrics.js";
import type { RequestRecord } from "./serve-metrics.js";

const record = (more: Partial<RequestRecord>): RequestRecord => ({
  isOk: true,
  startMs: 0,
  ttftMs: 100,
  e2elMs: 100,
  itlMs: [],
  promptTokens: 10,
  cachedTokens: undefined,
  outputTokens: 1,
  isCountTold: true,
  ...more,
});

describe("metrics of a hand-made timeline", () => {
  // a: outputs at 100, 300, 400 (three events, five tokens); b: sent at 500, outputs at 1100, 1200; c fails; d: one token.
  const a = record({ ttftMs: 100, e2elMs: 400, itlMs: [200, 100], outputTokens: 5 });
  const b = record({ startMs: 500, ttftMs: 600, e2elMs: 700, itlMs: [100], outputTokens: 2, promptTokens: 30 });
  const c = record({ isOk: false, error: "no", startMs: 0, ttftMs: 9999, e2elMs: 9999, outputTokens: 77 });
  const d = record({
    startMs: 1100,
    ttftMs: 50,
    e2elMs: 50,
    promptTokens: undefined,
    cachedTokens: 4,
    isCountTold: false,
  });

  it("counts and rates leave out what failed", () => {
    const metrics = serveMetrics([a, b, c, d], 2000, [50]);
    expect(metrics).toMatchObject({
      durationSeconds: 2,
      completed: 3,
      failed: 1,
      totalInputTokens: 40,
      totalOutputTokens: 8,
      totalCachedTokens: 4,
      requestThroughput: 1.5,
      requestGoodput: undefined,
      outputThroughput: 4,
      totalThroughput: 24,
      numCountedRequests: 1,
    });
  });

  it("TPOT is (e2e - TTFT) / (tokens - 1); ITL are the gaps of all requests; one token has no TPOT", () => {
    expect(timePerOutputToken(a)).toBe(75);
    expect(timePerOutputToken(d)).toBeUndefined();
    const { latencies } = serveMetrics([a, b, c, d], 2000, [50, 90]);
    expect(latencies.ttft).toMatchObject({ count: 3, mean: 250, median: 100, min: 50, max: 600 });
    expect(latencies.tpot).toMatchObject({ count: 2, mean: 87.5, median: 87.5, percentiles: { 90: 97.5 } });
    expect(latencies.itl).toMatchObject({ count: 3, median: 100, max: 200 });
    expect(latencies.e2el).toMatchObject({ count: 3, median: 400 });
  });

  it("the peak of outputs is the fullest second since the first sending", () => {
    // Second 0: a's three; second 1: b's two (1100, 1200) and d's one (1150).
    expect(serveMetrics([a, b, c, d], 2000, []).peakOutputThroughput).toBe(3);
    expect(serveMetrics([a, d], 2000, []).peakOutputThroughput).toBe(3);
    // From b's sending at 500 on: 1100, 1200 and 1150 lie in its first second.
    expect(serveMetrics([b, d], 2000, []).peakOutputThroughput).toBe(3);
    expect(serveMetrics([d], 2000, []).peakOutputThroughput).toBe(1);
  });

  it("the peak of concurrency counts a request's end before another's start at the same time", () => {
    expect(serveMetrics([a, b, c, d], 2000, []).peakConcurrentRequests).toBe(2);
    expect(serveMetrics([a, record({ startMs: 400 })], 2000, []).peakConcurrentRequests).toBe(1);
    expect(serveMetrics([a, record({ startMs: 399 })], 2000, []).peakConcurrentRequests).toBe(2);
  });

  it("goodput counts who keeps every limit; a limit is kept at its value", () => {
    const goodput = (limits: object) => serveMetrics([a, b, c, d], 1000, [], limits).requestGoodput;
    expect(goodput({ ttft: 100 })).toBe(2);
    expect(goodput({ ttft: 99 })).toBe(1);
    expect(goodput({ ttft: 1000, tpot: 75 })).toBe(2);
    expect(goodput({ tpot: 0 })).toBe(1);
    expect(goodput({ e2el: 700, tpot: 100, ttft: 600 })).toBe(3);
    expect(goodput({ e2el: 10 })).toBe(0);
  });

  it("of a run in which all failed are zeros without latencies", () => {
    const metrics = serveMetrics([c], 0, [99]);
    expect(metrics).toMatchObject({ completed: 0, failed: 1, requestThroughput: 0, peakConcurrentRequests: 0 });
    expect(metrics.latencies).toEqual({ ttft: undefined, tpot: undefined, itl: undefined, e2el: undefined });
  });
});
