/** The line of figures: rates, the hit rate of the last requests, and silence when idle. */
import { describe, expect, it } from "vitest";
import type { EngineStats } from "../../engine/engine-stats.js";
import type { StepStats } from "../../engine/stats-listener.js";
import { StatsLine } from "./stats-line.js";

const step = (numPromptTokens: number, numGenerationTokens: number) =>
  ({ numPromptTokens, numGenerationTokens }) as StepStats;
const engine = (requests: number, queries: number, hits: number, numRunning = 0) =>
  ({ numRunning, numWaiting: 1, kvCacheUsage: 0.25, prefixCache: { requests, queries, hits } }) as EngineStats;

describe("StatsLine", () => {
  it("says what vLLM's line says, once more when the work has ended, then nothing", () => {
    const line = new StatsLine(0);
    expect(line.next(10_000)).toBeUndefined();
    line.step(step(100, 2), engine(2, 100, 50, 2));
    line.step(step(0, 3), engine(2, 100, 50, 3));
    expect(line.next(20_000)).toBe(
      "Engine 000: Avg prompt throughput: 10.0 tokens/s, Avg generation throughput: 0.5 tokens/s, " +
        "Running: 3 reqs, Waiting: 1 reqs, KV cache usage: 25.0%, Prefix cache hit rate: 50.0%",
    );
    line.step(step(0, 0), engine(2, 100, 50, 0));
    expect(line.next(30_000)).toContain("Avg generation throughput: 0.0 tokens/s, Running: 0 reqs");
    expect(line.next(40_000)).toBeUndefined();
  });

  it("tells the hit rate of the last 1000 requests", () => {
    const line = new StatsLine(0);
    for (let i = 1; i <= 500; i++) line.step(step(1, 1), engine(i, 10 * i, 0));
    line.step(step(1, 1), engine(1500, 5000 + 10_000, 10_000));
    expect(line.next(1000)).toContain("hit rate: 100.0%");
    for (let i = 1; i <= 500; i++) line.step(step(1, 1), engine(1500 + i, 15_000 + 10 * i, 10_000));
    expect(line.next(2000)).toContain("hit rate: 0.0%");
  });
});
