/**
 * A real model against its golden.json: `npx tsx test/soak/model-golden.ts --model DIR [--dtype float32 | bfloat16]
 * [--platform reference] [--isa avx2] [--prompts 2] [--tokens 8]`. Ends with an error when a value is out of tolerance.
 */
import { parseArgs } from "node:util";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { clearMargin } from "../support/check-golden.js";
import { checkModelPrompt, modelPrompts } from "../support/model-golden.js";

const text = (fallback?: string) =>
  ({ type: "string", ...(fallback === undefined ? {} : { default: fallback }) }) as const;
const { values } = parseArgs({
  options: {
    model: text(),
    dtype: text("float32"),
    platform: text("auto"),
    isa: text(),
    prompts: text(),
    tokens: text(),
    length: text(),
  },
});
const model = values.model ?? "models/stories260K";
const isFloat32 = values.dtype === "float32";
const options = { model, dtype: values.dtype, platform: values.platform, cpuIsa: values.isa, maxModelLen: 2048 };
const worker = await createWorker(parseEngineConfig({ ...options, kvCacheMemoryBytes: 2 ** 30 } as EngineOptions), {});
console.log(worker.info.platform, worker.info.dtype);
const problems: string[] = [];
const divergences: number[] = [];
const short = modelPrompts(model).filter(({ input_ids }) => input_ids.length <= Number(values.length ?? Infinity));
for (const prompt of short.slice(0, values.prompts === undefined ? undefined : Number(values.prompts))) {
  const start = Date.now();
  const report = await checkModelPrompt(
    worker,
    prompt,
    values.tokens === undefined ? undefined : Number(values.tokens),
  );
  divergences.push(report.klTop8);
  const { worst, numEqual, numCompared, firstEqual, firstMargin, klTop8 } = report;
  console.log(
    `${prompt.name.padEnd(24)} ${String(prompt.input_ids.length).padStart(4)} tokens  worst ${worst.toExponential(1)} std  ` +
      `greedy ${numEqual}/${numCompared} (margin ${prompt.min_top2_margin.toFixed(4)})  first ${firstEqual} (${firstMargin.toFixed(3)})  ` +
      `KL ${klTop8.toExponential(1)}  ${Date.now() - start} ms`,
  );
  if (isFloat32 && worst > 5e-4) problems.push(`${prompt.name}: ${worst} standard deviations off`);
  if (isFloat32 && prompt.min_top2_margin > clearMargin && numEqual < numCompared)
    problems.push(`${prompt.name}: greedy differs`);
  if (!firstEqual && firstMargin > 0.3) problems.push(`${prompt.name}: first choice differs`);
}
const mean = divergences.reduce((a, b) => a + b, 0) / divergences.length;
console.log(`mean KL of the first step (best 8 tokens): ${mean.toExponential(2)}`);
if (mean > 5e-3) problems.push(`mean KL ${mean}`);
worker.dispose();
if (problems.length > 0) throw new Error(problems.join("\n"));
console.log("passed");
