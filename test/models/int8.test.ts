/** `--quantization int8` on a real model: half or a quarter of the bytes, and nearly the same log-probabilities. */
import { expect, test } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { checkModelPrompt, modelPrompts } from "../support/model-golden.js";

const model = "models/stories260K";

test.each(["float32", "bfloat16"] as const)("stories260K in int8 over %s", async (dtype) => {
  const limits = { kvCacheMemoryBytes: 2 ** 24, maxNumBatchedTokens: 512, maxNumSeqs: 8 };
  const open = (quantization?: "int8") =>
    createWorker(parseEngineConfig({ model, dtype, quantization, ...limits }), {});
  const [plain, int8] = [await open(), await open("int8")];
  try {
    // The embedding, which is the head too, stays as it is; the linear layers shrink.
    expect(int8.info.weightBytes).toBeLessThan(plain.info.weightBytes * (dtype === "float32" ? 0.5 : 0.8));
    const reports = [];
    for (const prompt of modelPrompts(model)) reports.push(await checkModelPrompt(int8, prompt));
    expect(Math.max(...reports.map(({ worst }) => worst))).toBeLessThan(0.3);
    expect(reports.every(({ firstEqual, firstMargin }) => firstEqual || firstMargin < 0.3)).toBe(true);
    expect(Math.max(...reports.map(({ worst }) => worst)), "it is quantized at all").toBeGreaterThan(1e-3);
  } finally {
    plain.dispose();
    int8.dispose();
  }
});
