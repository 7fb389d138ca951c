/** The models of examples/plugin-model and plugin-op give what Transformers gives, on every platform, whole and in chunks. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { packageRoot } from "../../src/util/package-root.js";
import { createWorker } from "../../src/worker/create-worker.js";
import type { Worker } from "../../src/worker/worker.js";
import { checkGoldenPrompt, clearMargin } from "../support/check-golden.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { platformsHere } from "../support/platforms.js";

const goldens = goldenCases(fileURLToPath(new URL("../golden/plugins", import.meta.url)));
const pluginOf = (name: string): string =>
  join(packageRoot, "examples", name === "apertus" ? "plugin-op" : "plugin-model", "src/plugin.ts");

for (const { label, options } of platformsHere())
  describe.each(goldens.map((golden) => [golden.name, golden] as const))(`${label}, %s`, (name, golden) => {
    let worker: Worker;
    const lines: string[] = [];
    beforeAll(async () => {
      const config = { model: materializeCase(golden), dtype: "float32", kvCacheMemoryBytes: 16 * 2 ** 20 } as const;
      const sizes = { plugins: [pluginOf(name)], maxNumBatchedTokens: 128, maxNumSeqs: 8 };
      worker = await createWorker(parseEngineConfig({ ...config, ...options, ...sizes }), {
        log: (line) => lines.push(line),
      });
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

    test("the slowness of an op without native code is told once", () => {
      const told = lines.filter((line) => line.includes("has no native code"));
      expect(told).toHaveLength(options.platform === "cpu" && name === "apertus" ? 1 : 0);
    });
  });
