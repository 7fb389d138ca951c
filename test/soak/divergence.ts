/**
 * KL divergence of one dtype (or quantization) from float32, over whole vocabularies, at the prompts' positions and the first new token:
 * `npx tsx test/soak/divergence.ts --model DIR [--dtype bfloat16] [--quantization int8] [--positions 64]`.
 */
import { parseArgs } from "node:util";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { modelPrompts } from "../support/model-golden.js";
import { byTokenId, driveRequest } from "../support/worker-driver.js";

const text = (fallback?: string) =>
  ({ type: "string", ...(fallback === undefined ? {} : { default: fallback }) }) as const;
const { values } = parseArgs({
  options: { model: text("models/stories260K"), dtype: text("bfloat16"), quantization: text(), positions: text("64") },
});
const { model, quantization } = values;
const open = (more: object) =>
  createWorker(
    parseEngineConfig({ model, maxModelLen: 512, kvCacheMemoryBytes: 2 ** 28, ...more } as EngineOptions),
    {},
  );
const exact = await open({ dtype: "float32" });
const tested = await open({ dtype: values.dtype, quantization });

let sum = 0;
let count = 0;
let firstSum = 0;
let prompts = 0;
for (const { input_ids: all } of modelPrompts(model!)) {
  const tokens = all.slice(0, Number(values.positions));
  const rows = async (worker: typeof exact): Promise<Float64Array[]> => {
    const options = { numTokens: 1, params: { logprobs: -1, promptLogprobs: -1 } };
    const { promptLogprobs, logprobs } = await driveRequest(worker, tokens, options);
    return [...promptLogprobs, ...logprobs].map((row) => byTokenId(row, worker.info.vocabSize));
  };
  const [p, q] = [await rows(exact), await rows(tested)];
  const divergences = p.map((row, i) => row.reduce((kl, logp, id) => kl + Math.exp(logp) * (logp - q[i]![id]!), 0));
  sum += divergences.reduce((a, b) => a + b, 0);
  count += divergences.length;
  firstSum += divergences[divergences.length - 1]!;
  prompts++;
}
console.log(
  `${tested.info.dtype}${quantization ? ` ${quantization}` : ""} on ${tested.info.platform} against float32: mean KL ${(sum / count).toExponential(2)} over ${count} positions`,
);
console.log(`first new token: mean KL ${(firstSum / prompts).toExponential(2)} over ${prompts} prompts`);
exact.dispose();
tested.dispose();
