/** Models whose layers keep different things, through scheduler and worker: the bits of each request are those it gives alone. */
import { describe, expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import type { EngineOptions } from "../../src/config/engine-config.js";
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
const [full, chunks, state] = [{ kind: "full" }, { kind: "chunked", chunkSize: 20 }, { kind: "state" }];

/** Dummy weights. */
function mixed(kinds: string[], options: Partial<EngineOptions> = {}): Partial<EngineOptions> {
  const plugins = [fileURLToPath(new URL("../support/mixed-model.ts", import.meta.url))];
  const hfOverrides = { architectures: ["MixedForCausalLM"], layer_kinds: kinds };
  return { plugins, hfOverrides, loadFormat: "dummy", ...options };
}

const models: [name: string, golden: string, options: Partial<EngineOptions>, groups: unknown[]][] = [
  ["a window on each layer", "mistral_window", {}, [window(16)]],
  ["a window of 3", "mistral_window", { hfOverrides: { sliding_window: 3 } }, [window(3)]],
  ["1 to 1", "gemma3_text", {}, [full, window(16)]],
  ["a window of 1", "gemma3_text", { hfOverrides: { sliding_window: 1 } }, [full, window(1)]],
  ["3 to 1", "cohere2", {}, [full, window(16), window(16), window(16)]],
  ["chunks", "llama", mixed(["chunk", "chunk", "full"]), [full, chunks, chunks]],
  [
    "all kinds of attention",
    "llama",
    mixed(["window", "full", "chunk", "fewer heads"]),
    [full, window(12), window(21), chunks],
  ],
  ["states beside attention", "llama", mixed(["state", "full", "state", "window"]), [full, window(12), state, state]],
];

describe.each(models)("%s: %s", (_, name, given, groups) => {
  const golden = goldenCases().find((found) => found.name === name)!;
  const hasStates = groups.includes(state);

  test.each(platforms.map((found) => [found.label, found] as const))("%s", async (label, { options }) => {
    const model = materializeCase(golden);
    const lines: string[] = [];
    const config = parseEngineConfig({ model, skipTokenizerInit: true, ...limits, ...given, ...options });
    const worker = await createWorker(config, { log: (line) => lines.push(line) });
    try {
      expect(worker.info.kvCacheGroups).toEqual(groups);
      expect(lines.join("\n")).toContain("KV cache groups: ");
      expect(lines.some((line) => line.startsWith("prefix caching is off"))).toBe(hasStates);
      const mix = new RandomMix(worker);
      const seeds = label === "reference" ? 1 : 14;
      for (let seed = 0; seed < seeds; seed++) await mix.run(seed);
      if (label === "reference") return;
      expect(mix.statistics.preemptions).toBeGreaterThan(0);
      if (hasStates) expect(mix.statistics.prefixHits).toBe(0);
      else expect(mix.statistics.prefixHits).toBeGreaterThan(0);
    } finally {
      worker.dispose();
    }
  });
});
