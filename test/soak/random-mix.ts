/** Thousands of random mixes: `npx tsx test/soak/random-mix.ts [--count 1000] [--seed 0] [--model DIR] [--dtype float32] [--isa avx2] [--threads 2]`. */
import { parseArgs } from "node:util";
import type { EngineOptions } from "../../src/config/engine-config.js";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { createWorker } from "../../src/worker/create-worker.js";
import { RandomMix } from "../support/random-mix.js";

const text = (fallback?: string) =>
  ({ type: "string", ...(fallback === undefined ? {} : { default: fallback }) }) as const;
const { values } = parseArgs({
  options: {
    count: text("1000"),
    seed: text("0"),
    model: text("models/stories260K"),
    dtype: text("float32"),
    isa: text(),
    threads: text(),
  },
});
const options = {
  model: values.model,
  dtype: values.dtype,
  cpuIsa: values.isa,
  cpuThreads: values.threads === undefined ? undefined : Number(values.threads),
  maxNumBatchedTokens: 128,
  maxNumSeqs: 8,
  kvCacheMemoryBytes: 64 * 2 ** 20,
} as EngineOptions;
const worker = await createWorker(parseEngineConfig(options), {});
const mix = new RandomMix(worker);
const first = Number(values.seed);
const start = Date.now();
for (let seed = first; seed < first + Number(values.count); seed++) {
  await mix.run(seed);
  if ((seed + 1) % 100 === 0) console.log(seed + 1 - first, JSON.stringify(mix.statistics), `${Date.now() - start} ms`);
}
worker.dispose();
console.log(`passed: ${values.count} mixes on ${worker.info.platform}, ${JSON.stringify(mix.statistics)}`);
