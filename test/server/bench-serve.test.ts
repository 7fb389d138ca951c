/** `quire bench serve` against Quire's own server: counts agree with what the engine did, in all forms of prompts. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { parseServerConfig } from "../../src/config/server-config.js";
import { openAsyncLLM } from "../../src/engine/async-llm.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { startServer } from "../../src/server/server.js";
import type { RunningServer } from "../../src/server/server.js";
import { openTokenizer } from "../../src/tools/bench/open-tokenizer.js";
import { openPromptSource } from "../../src/tools/bench/prompt-source.js";
import type { PromptForm } from "../../src/tools/bench/prompt-source.js";
import { poolOfSize } from "../../src/tools/bench/random-prompts.js";
import { benchServe } from "../../src/tools/bench/serve.js";
import type { Backend } from "../../src/tools/bench/http-target.js";

const folder = "models/quire-demo";
let engine: AsyncLLM;
let server: RunningServer;
beforeAll(async () => {
  const options = { model: folder, servedModelName: "demo", maxNumSeqs: 8, numBlocksOverride: 400 };
  engine = await openAsyncLLM(parseEngineConfig(options), {});
  server = await startServer(engine, parseServerConfig({ port: 0, enablePromptTokensDetails: true }, {}), {});
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

async function bench(backend: Backend, form: PromptForm) {
  const dataset = { name: "random", path: undefined, inputLen: 24, outputLen: 6, defaultOutputLen: 1 } as const;
  const endpoint = backend === "openai" ? "/v1/completions" : "/v1/chat/completions";
  return benchServe({
    target: { baseUrl: server.url, endpoint, headers: {}, apiKey: undefined },
    ...{ backend, model: undefined, numPrompts: 6, numWarmups: 1, requestRate: Infinity, burstiness: 1 },
    prompts: await openPromptSource({ ...dataset, rangeRatio: 0, prefixLen: 16, seed: 1 }, form),
    ...{ maxConcurrency: [1, 3], ignoreEos: true, temperature: 0, timeoutMs: 20_000, seed: 1 },
    ...{ goodput: { e2el: 60_000 }, percentiles: [50, 99], signal: new AbortController().signal },
  });
}

describe("bench serve on Quire", () => {
  it("with token ids: every token counted, the shared prefix found in the cache", async () => {
    const before = engine.stats().numGeneratedTokens;
    const { model, runs } = await bench("openai", { kind: "ids", pool: poolOfSize(6144) });
    expect(model).toBe("demo");
    expect(engine.stats().numGeneratedTokens - before).toBe((1 + 2 * 6) * 6);
    for (const { metrics, requests } of runs) {
      expect(metrics).toMatchObject({ completed: 6, failed: 0, numCountedRequests: 0, totalOutputTokens: 36 });
      expect(metrics.totalInputTokens).toBe(6 * 40);
      expect(metrics.requestGoodput).toBeCloseTo(metrics.requestThroughput, 9);
      for (const request of requests) expect(request.itlMs).toHaveLength(5);
    }
    expect(runs[0]!.metrics.totalCachedTokens).toBe(5 * 16);
    expect(runs.map(({ metrics }) => metrics.peakConcurrentRequests)).toEqual([1, 3]);
  });

  it("with texts of a tokenizer: as many tokens as asked for", async () => {
    const { runs } = await bench("openai", { kind: "text", tokenizer: await openTokenizer(folder) });
    for (const { metrics, requests } of runs) {
      expect(metrics).toMatchObject({ completed: 6, failed: 0, totalOutputTokens: 36 });
      for (const { promptTokens } of requests) expect(Math.abs(promptTokens! - 40)).toBeLessThanOrEqual(1);
    }
  });

  it("in a chat", async () => {
    const { runs } = await bench("openai-chat", { kind: "words" });
    for (const { metrics, requests } of runs) {
      expect(metrics).toMatchObject({ completed: 6, failed: 0, numCountedRequests: 0, totalOutputTokens: 36 });
      for (const { promptTokens, itlMs } of requests) {
        expect(promptTokens).toBeGreaterThanOrEqual(40);
        expect(itlMs).toHaveLength(5);
      }
    }
  });
});
