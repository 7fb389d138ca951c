import { expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createScheduler } from "../../src/engine/create-scheduler.js";
import { Engine } from "../../src/engine/engine.js";
import { InProcessTransport } from "../../src/engine/in-process-transport.js";
import { checkBlockPool } from "../../src/kv-cache/integrity.js";
import type { Scheduler } from "../../src/scheduler/scheduler.js";
import { AbortError, RequestError } from "../../src/util/errors.js";
import { FakeTokenizer } from "./fake-tokenizer.js";
import { expectedTokens, FakeWorker, mix } from "./fake-worker.js";
import { settled, WHOLE } from "./support.js";

/** An engine with a tiny KV cache, whose block pool is checked before every step. */
function smallEngine(seed: number) {
  const config = parseEngineConfig(
    {
      model: "fake",
      maxNumBatchedTokens: 64 + (seed % 3) * 50,
      maxNumSeqs: 16,
      schedulingPolicy: seed % 2 === 0 ? "fcfs" : "priority",
      longPrefillTokenThreshold: seed % 3 === 0 ? 40 : 0,
    },
    {},
  );
  let scheduler: Scheduler;
  const check = () => checkBlockPool(scheduler.kvCacheManager.pool, scheduler.kvCacheManager.tables());
  const worker = new FakeWorker({
    info: { numBlocks: 14, maxModelLen: 128 },
    beforeStep: check,
    errorOf: (id, tokens) => (id.startsWith("bad") && tokens.length > 30 ? "bad luck" : undefined),
  });
  scheduler = createScheduler(config, worker.info);
  const transport = new InProcessTransport(worker, scheduler);
  return { engine: new Engine(config, transport, new FakeTokenizer(), undefined), worker, scheduler, check };
}

it.each([0, 1, 2, 3, 4])("a flood of 1000 requests ends right, and with a whole block pool (seed %i)", async (seed) => {
  const { engine, worker, scheduler, check } = smallEngine(seed);
  const random = (i: number, salt: number, below: number) => mix(seed * 1000 + salt, i) % below;
  const counts = { right: 0, aborted: 0, failed: 0 };
  const run = async (i: number) => {
    for (let wait = random(i, 1, 60); wait > 0; wait--) await new Promise((resolve) => setImmediate(resolve));
    // A few common beginnings, so that prefixes are found.
    const family = random(i, 2, 4);
    const shared = Array.from({ length: 16 * family }, (_, k) => k + family);
    const prompt = [...shared, ...Array.from({ length: 1 + random(i, 3, 20) }, (_, k) => random(i, 10 + k, 256))];
    const maxTokens = 1 + random(i, 4, 30);
    const isBad = random(i, 5, 20) === 0;
    const signal = random(i, 6, 8) === 0 ? new AbortController() : undefined;
    const options = {
      requestId: `${isBad ? "bad" : "good"}-${i}`,
      priority: random(i, 7, 3),
      outputKind: "final" as const,
    };
    const params = { temperature: 0, maxTokens, ...(random(i, 8, 10) === 0 ? { promptLogprobs: 1, logprobs: 2 } : {}) };
    const outputs = engine.generate({ tokenIds: prompt }, params, { ...options, signal: signal?.signal });
    if (signal !== undefined) setTimeout(() => signal.abort(), random(i, 9, 30));
    try {
      for await (const output of outputs) {
        expect(output.outputs[0]!.tokenIds).toEqual(expectedTokens(prompt, maxTokens));
        if (output.promptLogprobs !== undefined) {
          expect(output.promptLogprobs.map((position) => position && [...position.keys()][0])).toEqual([
            null,
            ...prompt.slice(1),
          ]);
        }
        counts.right++;
      }
    } catch (error) {
      if (error instanceof AbortError && signal?.signal.aborted === true) counts.aborted++;
      else if (error instanceof RequestError && isBad) counts.failed++;
      else throw error;
    }
  };
  await Promise.all(Array.from({ length: 1000 }, (_, i) => run(i)));
  expect(counts.right + counts.aborted + counts.failed).toBe(1000);
  expect(Math.min(counts.aborted, counts.failed)).toBeGreaterThan(5);
  expect(await settled(engine)).toEqual(WHOLE);
  check();
  expect([...scheduler.kvCacheManager.tables()]).toEqual([]);
  expect(scheduler.kvCacheManager.numFreeBlocks).toBe(13);
  expect(engine.stats().numPreemptions).toBeGreaterThan(10);
  expect(engine.stats().prefixCache.hits).toBeGreaterThan(100);
  expect(await engine.resetPrefixCache()).toBe(true);
  await engine.close();
  expect(worker.isDisposed).toBe(true);
});
