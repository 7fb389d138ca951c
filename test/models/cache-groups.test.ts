/** Models whose layers keep different things, through scheduler and worker: the bits of each request are those it gives alone. */
import { describe, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { platformsHere } from "../support/platforms.js";
import { RandomMix } from "../support/random-mix.js";

const here = platformsHere();
const best = here.find(({ label }) => label.startsWith("cpu"));
const platforms = here.filter((found) => ["reference", best?.label, "cpu portable"].includes(found.label));
const limits = { maxNumBatchedTokens: 128, maxNumSeqs: 8, kvCacheMemoryBytes: 32 * 2 ** 20, cpuThreads: 1 };
const window = (slidingWindow: number) => ({ kind: "slidingWindow", slidingWindow });
const full = { kind: "full" };

const models: [string, Record<string, unknown>, unknown[]][] = [
  ["mistral_window", {}, [window(16)]],
  ["mistral_window", { sliding_window: 3 }, [window(3)]],
  ["gemma3_text", {}, [full, window(16)]],
  ["gemma3_text", { sliding_window: 1 }, [full, window(1)]],
  ["cohere2", {}, [full, window(16), window(16), window(16)]],
];

describe.each(models)("%s %j", (name, hfOverrides, groups) => {
  const golden = goldenCases().find((found) => found.name === name)!;

  test.each(platforms.map((found) => [found.label, found] as const))("%s", async (label, { options }) => {
    const model = materializeCase(golden);
    const config = parseEngineConfig({ model, hfOverrides, skipTokenizerInit: true, ...limits, ...options });
    const worker = await createWorker(config, {});
    try {
      expect(worker.info.kvCacheGroups).toEqual(groups);
      const mix = new RandomMix(worker);
      const seeds = label === "reference" ? 1 : 14;
      for (let seed = 0; seed < seeds; seed++) await mix.run(seed);
      if (label === "reference") return;
      expect(mix.statistics.preemptions).toBeGreaterThan(0);
      expect(mix.statistics.prefixHits).toBeGreaterThan(0);
    } finally {
      worker.dispose();
    }
  });
});
