/**
 * Decoding through the whole engine: `npx tsx bench/engine.ts --model DIR [--batches 1,4,16] [--prompt 128] [--tokens 64]
 * [--dtype bfloat16] [--load-format dummy] [--rounds 3]`. Batches run in turn, medians over rounds; with a read probe of
 * memory before and after, as tokens per second of a shared machine mean nothing alone.
 */
import { parseArgs } from "node:util";
import type { EngineOptions } from "../src/config/engine-config.js";
import { LLM } from "../src/index.js";
import { memoryBandwidth, threadCpuMs } from "./probe.js";

const text = (fallback?: string) =>
  ({ type: "string", ...(fallback === undefined ? {} : { default: fallback }) }) as const;
const { values } = parseArgs({
  options: {
    model: text("models/quire-demo"),
    batches: text("1,4,16"),
    prompt: text("128"),
    tokens: text("64"),
    rounds: text("3"),
    dtype: text("auto"),
    "load-format": text("auto"),
    "max-model-len": text(),
    quantization: text(),
  },
});

const median = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

const llm = new LLM({
  model: values.model,
  dtype: values.dtype,
  loadFormat: values["load-format"],
  maxModelLen: values["max-model-len"],
  quantization: values.quantization,
  skipTokenizerInit: true,
  enablePrefixCaching: false,
} as EngineOptions);
const loadStart = performance.now();
const info = await llm.ready();
console.log(
  `${info.architecture} ${info.dtype} on ${info.platform}; loaded in ${((performance.now() - loadStart) / 1000).toFixed(2)} s`,
);

const [promptLength, numTokens] = [Number(values.prompt), Number(values.tokens)];
let salt = 1;
const prompt = (): number[] => {
  salt++;
  return Array.from({ length: promptLength }, (_, i) => 3 + ((i * 7919 + salt * 104729) % (info.vocabSize - 3)));
};

/** Seconds of prefill (all prompts, one token each) and of decoding, and milliseconds of the JavaScript thread's own CPU time per step (engine, worker, streams). */
async function measure(batch: number): Promise<{ prefill: number; decode: number; jsMs: number }> {
  const params = { temperature: 0, ignoreEos: true, detokenize: false };
  const prompts = Array.from({ length: batch }, prompt);
  const start = performance.now();
  const first = new Map<string, number>();
  const before = await llm.stats();
  const cpuBefore = threadCpuMs();
  await Promise.all(
    prompts.map(async (tokenIds) => {
      for await (const output of llm.stream(tokenIds, { ...params, maxTokens: numTokens }))
        if (!first.has(output.requestId)) first.set(output.requestId, performance.now());
    }),
  );
  const end = performance.now();
  const cpu = threadCpuMs() - cpuBefore;
  const after = await llm.stats();
  const lastFirst = Math.max(...first.values());
  const steps = after.numSteps - before.numSteps;
  return {
    prefill: (lastFirst - start) / 1000,
    decode: (end - lastFirst) / 1000,
    jsMs: cpu / steps,
  };
}

const batches = values.batches!.split(",").map(Number);
await measure(batches[0]!);
const results = new Map(batches.map((batch) => [batch, [] as Awaited<ReturnType<typeof measure>>[]]));
console.log(`probe ${memoryBandwidth().toFixed(1)} GB/s (one thread, JavaScript)`);
for (let round = 0; round < Number(values.rounds); round++)
  for (const batch of batches) results.get(batch)!.push(await measure(batch));
console.log(`probe ${memoryBandwidth().toFixed(1)} GB/s`);

const rates = batches.map((batch) =>
  median(results.get(batch)!.map(({ decode }) => (batch * (numTokens - 1)) / decode)),
);
console.log("batch  decode tok/s  x first  prefill tok/s  JS ms/step");
batches.forEach((batch, i) => {
  const prefill = median(results.get(batch)!.map((r) => (batch * promptLength) / r.prefill));
  const js = median(results.get(batch)!.map((r) => r.jsMs));
  console.log(
    `${String(batch).padStart(5)}  ${rates[i]!.toFixed(1).padStart(12)}  ${(rates[i]! / rates[0]!).toFixed(2).padStart(7)}  ` +
      `${prefill.toFixed(0).padStart(13)}  ${js.toFixed(3).padStart(10)}`,
  );
});
await llm.close();
