/** A sample of the random mixes; `npx tsx test/soak/random-mix.ts` runs thousands. */
import { describe, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { platformsHere } from "../support/platforms.js";
import { RandomMix } from "../support/random-mix.js";

const model = "models/stories260K";

const native = platformsHere().filter(({ label }) => label !== "reference");

describe.skipIf(native.length === 0)("any mix of requests gives the bits that each gives alone", () => {
  test("native platforms are here", () => expect(native.length).toBeGreaterThan(0));

  // The reference platform is covered by its golden cases; it is slow, and its arithmetic knows no batches.
  test.each(
    native.flatMap((here) => (["float32", "bfloat16"] as const).map((dtype) => [here.label, dtype, here] as const)),
  )("%s %s", async (_, dtype, { options }) => {
    const limits = { maxNumBatchedTokens: 128, maxNumSeqs: 8, kvCacheMemoryBytes: 32 * 2 ** 20, cpuThreads: 1 };
    const worker = await createWorker(parseEngineConfig({ model, dtype, ...limits, ...options }), {});
    try {
      const mix = new RandomMix(worker);
      for (let seed = 0; seed < 6; seed++) await mix.run(seed);
      expect(mix.statistics.planned).toBeGreaterThan(100);
      expect(mix.statistics.preemptions).toBeGreaterThan(0);
      expect(mix.statistics.prefixHits).toBeGreaterThan(0);
    } finally {
      worker.dispose();
    }
  });
});
