/** Every golden case in the repository, on every platform and instruction set of this machine. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import type { Worker } from "../../src/worker/worker.js";
import { checkGoldenPrompt, clearMargin } from "../support/check-golden.js";
import { goldenCases, materializeCase } from "../support/golden.js";
import { platformsHere } from "../support/platforms.js";

for (const { label, options } of platformsHere())
  describe(label, () => {
    for (const golden of goldenCases())
      describe(golden.name, () => {
        let worker: Worker;
        beforeAll(async () => {
          const config = {
            model: materializeCase(golden),
            dtype: "float32",
            kvCacheMemoryBytes: 16 * 2 ** 20,
          } as const;
          worker = await createWorker(
            parseEngineConfig({ ...config, ...options, maxNumBatchedTokens: 128, maxNumSeqs: 8 }),
            {},
          );
        });
        afterAll(() => worker?.dispose());

        test.each(golden.prompts.map((prompt) => [prompt.inputIds.length, prompt] as const))(
          "%i tokens",
          async (_, prompt) => {
            const { worst, greedyEqual } = await checkGoldenPrompt(worker, prompt);
            expect(worst).toBeLessThan(1e-4);
            if (prompt.minTop2Margin > clearMargin) expect(greedyEqual).toBe(true);
          },
        );
      });
  });
