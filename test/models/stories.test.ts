/** stories260K, a real model, against Transformers in float32. `npx tsx test/soak/model-golden.ts` does so for any model. */
import { describe, expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { clearMargin } from "../support/check-golden.js";
import { checkModelPrompt, modelPrompts } from "../support/model-golden.js";
import { platformsHere } from "../support/platforms.js";

const model = "models/stories260K";

describe.each(platformsHere().map((here) => [here.label, here.options] as const))(
  "stories260K on %s",
  (label, options) => {
    test("log-probabilities within tolerance, greedy tokens equal", async () => {
      const limits = { kvCacheMemoryBytes: 32 * 2 ** 20, maxNumBatchedTokens: 512, maxNumSeqs: 8 };
      const one = label === "reference" ? {} : { cpuThreads: 1 };
      const worker = await createWorker(
        parseEngineConfig({ model, dtype: "float32", ...limits, ...options, ...one }),
        {},
      );
      try {
        // The reference platform is slow: fewer prompts and tokens.
        const prompts = modelPrompts(model).slice(0, label === "reference" ? 2 : undefined);
        for (const prompt of prompts) {
          const report = await checkModelPrompt(worker, prompt, label === "reference" ? 12 : undefined);
          expect(report.worst, prompt.name).toBeLessThan(1e-4);
          if (prompt.min_top2_margin > clearMargin) expect(report.numEqual, prompt.name).toBe(report.numCompared);
        }
      } finally {
        worker.dispose();
      }
    });
  },
);
