/** Seconds and requests of the StatsHub. */
import { describe, expect, it } from "vitest";
import type { EngineStats } from "../../engine/engine-stats.js";
import type { EndedRequest, StepStats } from "../../engine/stats-listener.js";
import { Ring } from "./ring.js";
import { Spread } from "./spread.js";
import { StatsHub } from "./stats-hub.js";

function step(timeMs: number, tokens: number, times: Partial<StepStats> = {}): StepStats {
  return {
    timeMs,
    numPromptTokens: 0,
    numCachedTokens: 0,
    numGenerationTokens: tokens,
    timeToFirstTokenMs: [],
    interTokenMs: [],
    ...times,
  };
}

function engine(numRunning: number, queries = 0, hits = 0, numSteps = 0): EngineStats {
  const prefixCache = { queries, hits };
  return {
    numRunning,
    numWaiting: 1,
    kvCacheUsage: 0.5,
    numPreemptions: 0,
    numSteps,
    prefixCache,
  } as unknown as EngineStats;
}

const ended = (end: EndedRequest["end"], arrivalMs: number, endMs: number) =>
  ({ end, arrivalMs, endMs, requestId: `r${endMs}` }) as EndedRequest;

describe("StatsHub", () => {
  it("adds up by seconds; counters of the core become differences", () => {
    const hub = new StatsHub();
    hub.step(step(1100, 3, { timeToFirstTokenMs: [50, 30] }), engine(2, 100, 10, 1));
    hub.step(step(1900, 4, { interTokenMs: [8] }), engine(1, 150, 60, 2));
    hub.step(step(4000, 5), engine(7, 151, 60));
    expect(hub.seconds()).toMatchObject([
      {
        timeMs: 1000,
        numRunning: 2,
        numSteps: 2,
        numGenerationTokens: 7,
        prefixQueries: 150,
        prefixHits: 60,
        timeToFirstToken: { count: 2, sumMs: 80, maxMs: 50 },
        interToken: { count: 1, p50Ms: 8 },
      },
      { timeMs: 4000, numRunning: 7, numGenerationTokens: 5, prefixQueries: 1, prefixHits: 0 },
    ]);
    expect(hub.seconds(1001).map(({ timeMs }) => timeMs)).toEqual([4000]);
  });

  it("counts ends by kind, and keeps the requests", () => {
    const hub = new StatsHub();
    hub.ended(ended("finished", 500, 1500));
    hub.ended(ended("aborted", 500, 1600));
    hub.ended(ended("failed", 500, 2700));
    expect(hub.seconds()).toMatchObject([
      { numFinished: 1, numAborted: 1, numFailed: 0, endToEnd: { count: 1, maxMs: 1000 } },
      { numFinished: 0, numAborted: 0, numFailed: 1 },
    ]);
    expect(hub.requests(1600).map(({ endMs }) => endMs)).toEqual([1600, 2700]);
  });

  it("stays within its bounds", () => {
    const hub = new StatsHub();
    for (let i = 0; i < 3000; i++) {
      hub.step(step(i * 1000, 1), engine(1));
      hub.ended(ended("finished", 0, i * 1000 + 1));
    }
    expect(hub.seconds()).toHaveLength(901);
    expect(hub.requests()).toHaveLength(1000);
    expect(hub.requests().at(-1)!.endMs).toBe(2_999_001);
  });
});

describe("Ring and Spread", () => {
  it("keep the last ones in order", () => {
    const ring = new Ring<number>(3);
    expect(ring.last).toBeUndefined();
    for (let i = 0; i < 5; i++) ring.add(i);
    expect(ring.toArray()).toEqual([2, 3, 4]);
    expect([ring.last, ring.size]).toEqual([4, 3]);
  });

  it("give percentiles, of a sample when there are many", () => {
    const spread = new Spread();
    expect(spread.figures()).toEqual({ count: 0, sumMs: 0, maxMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0 });
    for (let i = 1; i <= 10_000; i++) spread.add(i);
    const { count, maxMs, p50Ms, p99Ms } = spread.figures();
    expect([count, maxMs]).toEqual([10_000, 10_000]);
    expect(p50Ms).toBeGreaterThan(3500);
    expect(p50Ms).toBeLessThan(6500);
    expect(p99Ms).toBeGreaterThan(9000);
  });
});
