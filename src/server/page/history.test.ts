/** What the dashboard makes of the server's answers. */
import { describe, expect, it } from "vitest";
import type { DashboardData, RequestRecord, Second, Spread } from "./dashboard-data.js";
import { History, percentile, percentileOf, sum } from "./history.js";

const none: Spread = { count: 0, sumMs: 0, maxMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0 };

function second(timeMs: number, part: Partial<Second> = {}): Second {
  return {
    ...{ timeMs, numRunning: 0, numWaiting: 0, kvCacheUsage: 0, numPromptTokens: 0, numGenerationTokens: 0 },
    ...{ prefixQueries: 0, prefixHits: 0, numFinished: 0, numAborted: 0, numFailed: 0 },
    ...{ timeToFirstToken: none, interToken: none, endToEnd: none },
    ...part,
  };
}

function answer(
  nowMs: number,
  seconds: Second[],
  requests: Partial<RequestRecord>[] = [],
  numRunning = 0,
): DashboardData {
  const now = {
    numRunning,
    numWaiting: 0,
    kvCacheUsage: numRunning / 10,
    numOpenRequests: 0,
    requests: {},
    numPreemptions: 0,
  };
  return {
    version: "",
    nowMs,
    isResponding: true,
    model: { names: [] },
    now,
    seconds,
    requests: requests as RequestRecord[],
  };
}

describe("History", () => {
  it("puts answers together; a second that is sent again counts once", () => {
    const history = new History();
    history.add(answer(2500, [second(1000, { numGenerationTokens: 5 }), second(2000, { numGenerationTokens: 1 })]));
    history.add(answer(3500, [second(2000, { numGenerationTokens: 4, numRunning: 2, kvCacheUsage: 0.5 })], [], 3));
    const buckets = history.buckets(4000, 1000);
    expect(buckets.map(({ startMs }) => startMs)).toEqual([0, 1000, 2000, 3000]);
    expect(buckets.map(({ seconds }) => sum(seconds, (one) => one.numGenerationTokens))).toEqual([0, 5, 4, 0]);
    // Nothing was told of the last second, but this page saw three running.
    expect(buckets.map(({ numRunning }) => numRunning)).toEqual([0, 0, 2, 3]);
    expect(buckets.map(({ kvCacheUsage }) => kvCacheUsage)).toEqual([0, 0, 0.5, 0.3]);
    expect(history.buckets(4000, 2000).map(({ numRunning }) => numRunning)).toEqual([0, 3]);
  });

  it("keeps ended requests once, open ones as they are now, newest first", () => {
    const history = new History();
    history.add(
      answer(
        1000,
        [],
        [
          { id: "a", arrivalMs: 1, endMs: null },
          { id: "b", arrivalMs: 2, endMs: null },
        ],
      ),
    );
    history.add(
      answer(
        2000,
        [],
        [
          { id: "a", arrivalMs: 1, endMs: 1500 },
          { id: "b", arrivalMs: 2, endMs: null },
        ],
      ),
    );
    expect(history.requests(60_000).map(({ id }) => id)).toEqual(["b", "a"]);
    history.add(answer(100_000, [], []));
    expect(history.requests(60_000)).toEqual([]);
  });

  it("forgets after 15 minutes, and all when the server began anew", () => {
    const history = new History();
    history.add(answer(1000, [second(0)], [{ id: "a", arrivalMs: 1, endMs: 2 }]));
    history.add(answer(1_000_000, [second(999_000)]));
    expect(history.seconds(10_000_000).map(({ timeMs }) => timeMs)).toEqual([999_000]);
    expect(history.requests(10_000_000)).toEqual([]);
    history.add(answer(500, [second(0)]));
    expect(history.seconds(10_000_000).map(({ timeMs }) => timeMs)).toEqual([0]);
  });
});

it("percentiles", () => {
  expect(percentile([], 0.5)).toBeUndefined();
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([3, 1, 2], 0.99)).toBe(3);
  expect(percentileOf([none], 0.5)).toBeUndefined();
  const fast = { count: 90, sumMs: 0, p50Ms: 10, p90Ms: 12, p99Ms: 13, maxMs: 14 };
  const slow = { count: 10, sumMs: 0, p50Ms: 100, p90Ms: 120, p99Ms: 130, maxMs: 140 };
  expect(percentileOf([fast], 0.5)).toBe(10);
  expect(percentileOf([slow, fast], 0.5)).toBe(12);
  expect(percentileOf([slow, fast], 0.99)).toBe(120);
});
