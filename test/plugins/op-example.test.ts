/** examples/plugin-op: a model with an op of its own gives what Transformers gives, on every platform. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import type { Worker } from "../../src/worker/worker.js";
import { checkGoldenPrompt, clearMargin } from "../support/check-golden.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { platformsHere } from "../support/platforms.js";

const source = fileURLToPath(new URL("../../examples/plugin-op", import.meta.url));
const golden = goldenCases(fileURLToPath(new URL("../golden/plugins", import.meta.url))).find(
  ({ name }) => name === "apertus",
)!;

for (const { label, options } of platformsHere())
  describe(label, () => {
    let worker: Worker;
    const lines: string[] = [];
    beforeAll(async () => {
      const config = { model: materializeCase(golden), dtype: "float32", kvCacheMemoryBytes: 16 * 2 ** 20 } as const;
      const plugins = [join(source, "src/plugin.ts")];
      const parsed = parseEngineConfig({ ...config, ...options, plugins, maxNumBatchedTokens: 128, maxNumSeqs: 8 });
      worker = await createWorker(parsed, { log: (line) => lines.push(line) });
    });
    afterAll(() => worker?.dispose());

    test.each(golden.prompts.map((prompt) => [prompt.inputIds.length, prompt] as const))(
      "%i tokens",
      async (_, prompt) => {
        for (const chunk of [undefined, 3]) {
          const { worst, greedyEqual } = await checkGoldenPrompt(worker, prompt, chunk);
          expect(worst).toBeLessThan(1e-4);
          if (prompt.minTop2Margin > clearMargin) expect(greedyEqual).toBe(true);
        }
      },
    );

    test("its slowness is told once", () => {
      const told = lines.filter((line) => line.includes("op quirelm-apertus/xielu has no native code"));
      expect(told).toHaveLength(options.platform === "cpu" ? 1 : 0);
    });
  });
