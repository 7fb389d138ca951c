/** Engines over fake workers, for tests. */
import type { EngineOptions } from "../../src/config/engine-config.js";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { createAsyncLLM } from "../../src/engine/async-llm.js";
import { LLM } from "../../src/engine/llm.js";
import type { RequestOutput } from "../../src/engine/request-output.js";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.js";
import { FakeTokenizer } from "./fake-tokenizer.js";
import { fakeWorkers, type FakeWorker, type FakeWorkerOptions } from "./fake-worker.js";

export interface FakeOptions extends FakeWorkerOptions {
  config?: Partial<EngineOptions>;
  tokenizer?: Tokenizer | undefined;
}

function parts(options: FakeOptions) {
  const made: FakeWorker[] = [];
  const tokenizer = "tokenizer" in options ? options.tokenizer : new FakeTokenizer();
  const hooks = { createWorker: fakeWorkers(options, made), loadTokenizer: async () => tokenizer };
  return { made, hooks, config: { model: "fake", ...options.config } };
}

/** An LLM over a fake worker, loaded. */
export async function fakeLLM(options: FakeOptions = {}): Promise<{ llm: LLM; worker: FakeWorker }> {
  const { made, hooks, config } = parts(options);
  const llm = new LLM(config, hooks);
  await llm.ready();
  return { llm, worker: made[0]! };
}

/** An AsyncLLM over a fake worker. */
export async function fakeAsyncLLM(options: FakeOptions = {}): Promise<{ llm: AsyncLLM; worker: FakeWorker }> {
  const { made, hooks, config } = parts(options);
  const llm = await createAsyncLLM(parseEngineConfig(config, {}), hooks.createWorker, hooks);
  return { llm, worker: made[0]! };
}

/** All outputs of a stream. */
export async function collect(outputs: AsyncIterable<RequestOutput>): Promise<RequestOutput[]> {
  const all: RequestOutput[] = [];
  for await (const output of outputs) all.push(output);
  return all;
}

/** Waits until the core is idle and says what it holds. */
export async function settled(llm: Pick<AsyncLLM, "stats">) {
  for (let i = 0; i < 1000; i++) {
    const { numRunning, numWaiting } = llm.stats();
    if (numRunning + numWaiting === 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { numRunning, numWaiting, kvCacheUsage, numOpenRequests } = llm.stats();
  return { numRunning, numWaiting, kvCacheUsage, numOpenRequests };
}

export const WHOLE = { numRunning: 0, numWaiting: 0, kvCacheUsage: 0, numOpenRequests: 0 };
