import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { EngineOptions } from "../../config/engine-config.js";
import { ConfigError } from "../../util/errors.js";
import { latencyTables } from "./latency-table.js";
import { benchLatency } from "./latency.js";
import type { LatencyOptions } from "./latency.js";
import { runStartupChild } from "./startup-child.js";
import { benchThroughput, throughputText } from "./throughput.js";

const model = fileURLToPath(new URL("../../../models/stories260K", import.meta.url));
const engine: EngineOptions = { model, kvCacheMemoryBytes: "64M", maxModelLen: 256 };
const work: LatencyOptions = {
  ...{ engine, inputLen: 9, outputLen: 4, batchSizes: [1, 3], n: 1, numItersWarmup: 1, numIters: 2 },
  ...{ temperature: 0, detokenize: true, seed: 0, probe: false, breakdown: false },
};

describe("bench latency", () => {
  it("times every batch and counts its tokens and steps", async () => {
    let done = 0;
    const result = await benchLatency({ ...work, onIteration: () => done++ });
    expect(done).toBe(6);
    expect(result.batches.map(({ batchSize, iterations }) => [batchSize, iterations.length])).toEqual([
      [1, 2],
      [3, 2],
    ]);
    for (const { batchSize, iterations } of result.batches)
      for (const iteration of iterations) {
        expect(iteration.outputTokens).toBe(4 * batchSize);
        expect(iteration.ttftMs).toHaveLength(batchSize);
        expect(iteration.numSteps).toBeGreaterThanOrEqual(4);
        expect(Math.max(...iteration.ttftMs)).toBeLessThanOrEqual(iteration.latencyMs);
        expect(Math.min(...iteration.ttftMs)).toBeGreaterThan(0);
        expect(iteration.decodeTokensPerSecond).toBeGreaterThan(0);
      }
    const text = latencyTables(result);
    expect(text).toMatch(/^batch +latency ms: mean +p10 +p25 +p50 +p75 +p90 +p99\n1 /);
    expect(text).not.toMatch(/NaN|undefined/);
  });

  it("breaks steps down, decode and prefill of each batch size", async () => {
    const result = await benchLatency({ ...work, numItersWarmup: 0, numIters: 1, breakdown: true });
    expect(result.breakdowns.map(({ batchSize, decode }) => [batchSize, decode!.numTokens])).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(result.breakdowns[1]!.prefill).toMatchObject({ numTokens: 27, numRequests: 3 });
    expect(result.breakdowns[0]!.decode!.opsShare).toBeGreaterThan(0);
    for (const { iterations } of result.batches) expect(iterations[0]!.outsideMsPerStep).toBeGreaterThan(0);
    const text = latencyTables(result);
    expect(text).toMatch(/^decode, batch 3: 3 tokens of 3 requests; mean of the middle half of \d+ steps\n/m);
    expect(text).toMatch(/^prefill, batch 1: 9 tokens of 1 request; /m);
    expect(text).not.toMatch(/NaN|undefined/);
  });

  it("works with random weights and no tokenizer, several outputs, single tokens", async () => {
    const dummy: EngineOptions = { ...engine, loadFormat: "dummy", skipTokenizerInit: true };
    const result = await benchLatency({
      ...work,
      engine: dummy,
      n: 2,
      temperature: 1,
      outputLen: 1,
      batchSizes: [2],
      numItersWarmup: 0,
    });
    expect(result.batches[0]!.iterations[0]).toMatchObject({ outputTokens: 4 });
    expect(latencyTables(result)).not.toMatch(/NaN|undefined/);
  });

  it("ends early with what it has", async () => {
    const stop = new AbortController();
    const onIteration = (done: number) => done === 3 && stop.abort();
    const result = await benchLatency({ ...work, signal: stop.signal, onIteration });
    expect(result.isInterrupted).toBe(true);
    expect(result.batches.map(({ iterations }) => iterations.length)).toEqual([1, 0]);
    expect(latencyTables(result)).not.toMatch(/NaN|undefined/);
  });

  it("refuses what does not fit the model", async () => {
    const running = benchLatency({ ...work, inputLen: 255, outputLen: 2 });
    await expect(running).rejects.toThrow(ConfigError);
    await expect(running).rejects.toThrow("--input-len 255 and --output-len 2 are 257 tokens; the model takes 256");
  });
});

describe("bench throughput", () => {
  it("runs all prompts and adds up their tokens", async () => {
    const dataset = { name: "random", path: undefined, inputLen: 10, outputLen: 5, defaultOutputLen: 1 } as const;
    const result = await benchThroughput({
      ...{ engine, numPrompts: 7, n: 2, temperature: 0.5, detokenize: true },
      dataset: { ...dataset, rangeRatio: 0.5, prefixLen: 0, seed: 3 },
    });
    const outputs = result.requests.flatMap(({ outputTokens }) => outputTokens);
    expect(outputs).toHaveLength(14);
    expect(outputs.every((length) => length >= 2 && length <= 8)).toBe(true);
    expect(result.outputTokens).toBe(outputs.reduce((sum, length) => sum + length, 0));
    expect(result.promptTokens).toBe(result.requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0));
    expect(result.outputTokensPerSecond * result.durationSeconds).toBeCloseTo(result.outputTokens, 6);
    expect(throughputText(result)).toContain(`output tokens  ${result.outputTokens}\n`);
  });
});

describe("the child of bench startup", () => {
  it("says when it is ready and has a token, with phases in order", async () => {
    const events: string[] = [];
    await runStartupChild(engine, { inputLen: 4, outputLen: 2 }, (event) => {
      events.push(event.event);
      if (event.event !== "ready") return;
      expect(event.phases.map(({ name }) => name).slice(0, 3)).toEqual([
        "node and command line",
        "engine's modules",
        "loading",
      ]);
      for (const { startMs, endMs } of event.phases) expect(endMs).toBeGreaterThanOrEqual(startMs);
    });
    expect(events).toEqual(["ready", "first token"]);
  });
});
