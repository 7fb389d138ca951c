/**
 * Decode steps of a mixture of experts with random weights, against the bytes that each step really needs: the router's choices are
 * read after every step, and the experts that were chosen are counted once.
 *
 *   npx tsx bench/moe.ts [--model bench/moe/qwen3-30b-a3b] [--layers 4] [--batch-size 1,16] [--steps 16] [--rounds 3] [--quantization int8]
 *
 * Per batch size: the median of the rounds' median step (native programs alone, and the whole call), what it reads, and the share of
 * what plain reads of memory gave just before and after each round.
 */
import { parseArgs } from "node:util";
import { parseEngineConfig } from "../src/config/engine-config.js";
import { programCosts, touchedExperts } from "../src/ops/cost.js";
import type { CompiledProgram, Platform } from "../src/platform/platform.js";
import { normalizeSamplingParams } from "../src/request/sampling-params.js";
import type { Tensor } from "../src/tensor/tensor.js";
import { createWorker } from "../src/worker/create-worker.js";
import { emptyStep } from "../test/support/worker-driver.js";

const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: "bench/moe/qwen3-30b-a3b" },
    layers: { type: "string", default: "4" },
    "batch-size": { type: "string", default: "1,16" },
    steps: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string" },
    quantization: { type: "string" },
  },
});
const promptLength = 16;
const numSteps = Number(options.steps);
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

let platform: Platform | undefined;
/** The programs of the last step. */
let programs: readonly CompiledProgram[] = [];

/** Gives routers' ids places of their own, and notes which programs run. */
function instrument(inner: Platform): Platform {
  platform = inner;
  const own: Partial<Platform> = {
    compile(program) {
      for (const { op, outputs } of program.records)
        if (op === "topkRouting") outputs[0]!.storage.address ??= inner.allocate(outputs[0]!.bytes, "chosen experts");
      return inner.compile(program);
    },
    run(list) {
      programs = list;
      return inner.run(list);
    },
  };
  return new Proxy(inner, {
    get: (target, key) => {
      const value: unknown = Reflect.get(own, key) ?? Reflect.get(target, key);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}

function distinct(ids: Tensor): number {
  const values = new Int32Array(ids.numElements);
  platform!.read(ids.storage.address!, new Uint8Array(values.buffer));
  return new Set(values).size;
}

/** Bytes that the last step had to read and write, and how many experts a layer touched on average. */
function lastStep(batchSize: number, seqLen: number): { bytes: number; touched: number } {
  const sequences = Array.from({ length: batchSize }, () => ({ numTokens: 1, seqLen }));
  const counts: number[] = [];
  let bytes = 0;
  for (const { ops } of programs) {
    for (const cost of programCosts(ops, sequences)) bytes += cost.bytesRead + cost.bytesWritten;
    for (const record of ops.filter(({ helps }) => !helps).flatMap(({ records }) => records)) {
      if (!record.op.startsWith("expertLinear")) continue;
      const [, weight, ids, ...perExpert] = record.inputs as [Tensor, Tensor, Tensor, ...Tensor[]];
      const all = [weight, ...perExpert].reduce((sum, tensor) => sum + tensor.bytes, 0);
      counts.push(distinct(ids));
      bytes += ((counts.at(-1)! - touchedExperts(weight.size(0), ids.size(1), ids.size(0))) / weight.size(0)) * all;
    }
  }
  return { bytes, touched: counts.reduce((sum, count) => sum + count, 0) / counts.length };
}

const config = parseEngineConfig({
  model: options.model,
  loadFormat: "dummy",
  hfOverrides: { num_hidden_layers: Number(options.layers) },
  maxModelLen: 1024,
  maxNumSeqs: 64,
  kvCacheMemoryBytes: 2 ** 28,
  ...(options.threads ? { cpuThreads: Number(options.threads) } : {}),
  ...(options.quantization ? { quantization: options.quantization as "int8" } : {}),
});
const started = performance.now();
const worker = await createWorker(config, { instruments: { platform: instrument } });
const seconds = (performance.now() - started) / 1e3;
console.log(
  `${worker.info.platform}, ${(worker.info.weightBytes / 1e9).toFixed(2)} GB of weights in ${seconds.toFixed(1)} s`,
);

let seed = 1;
const randomToken = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % worker.info.vocabSize;

interface Round {
  readonly nativeMs: number;
  readonly wallMs: number;
  readonly bytes: number;
  readonly touched: number;
}

/** Prompts in one step, then decode steps. */
async function run(batchSize: number, round: number): Promise<Round> {
  const ids = Array.from({ length: batchSize }, (_, i) => `${batchSize}-${round}-${i}`);
  const blocks = Math.ceil((promptLength + numSteps + 1) / worker.info.blockSize);
  const params = normalizeSamplingParams({ temperature: 1, maxTokens: null, ignoreEos: true });
  await worker.execute({
    ...emptyStep(),
    scheduledNewRequests: ids.map((requestId, i) => ({
      requestId,
      promptTokenIds: Array.from({ length: promptLength }, randomToken),
      outputTokenIds: [],
      params,
      eosTokenIds: [],
      blockIds: [Array.from({ length: blocks }, (_, b) => 1 + i * blocks + b)],
      numComputedTokens: 0,
    })),
    numScheduledTokens: new Map(ids.map((id) => [id, promptLength])),
    totalNumScheduledTokens: batchSize * promptLength,
  });
  const steps: Round[] = [];
  for (let step = 0; step < numSteps; step++) {
    const numComputedTokens = promptLength + step;
    const start = performance.now();
    const { nativeMs = 0 } = await worker.execute({
      ...emptyStep(),
      scheduledCachedRequests: ids.map((requestId) => ({ requestId, newBlockIds: [[]], numComputedTokens })),
      numScheduledTokens: new Map(ids.map((id) => [id, 1])),
      totalNumScheduledTokens: batchSize,
    });
    const wallMs = performance.now() - start;
    steps.push({ nativeMs, wallMs, ...lastStep(batchSize, numComputedTokens + 1) });
  }
  await worker.execute({ ...emptyStep(), finishedRequestIds: ids });
  const of = (key: keyof Round): number => median(steps.slice(2).map((step) => step[key]));
  return { nativeMs: of("nativeMs"), wallMs: of("wallMs"), bytes: of("bytes"), touched: of("touched") };
}

const readRate = (): number => Math.max(...Array.from({ length: 3 }, () => platform!.probe!("read"))) / 1e9;

const batchSizes = options["batch-size"].split(",").map(Number);
const rounds = new Map(batchSizes.map((size) => [size, [] as (Round & { rate: number })[]]));
for (let round = 0; round < Number(options.rounds); round++)
  for (const size of batchSizes) {
    const before = readRate();
    const result = await run(size, round);
    rounds.get(size)!.push({ ...result, rate: (before + readRate()) / 2 });
  }
for (const [size, list] of rounds) {
  const of = (key: keyof Round | "rate"): number => median(list.map((round) => round[key]));
  const share = (key: "nativeMs" | "wallMs"): string =>
    (100 * median(list.map((round) => round.bytes / round[key] / 1e6 / round.rate))).toFixed(0);
  console.log(
    `batch ${String(size).padStart(3)}: ${of("nativeMs").toFixed(2).padStart(7)} ms native, ${of("wallMs").toFixed(2).padStart(7)} ms step, ` +
      `${of("touched").toFixed(1).padStart(5)} experts a layer, ${(of("bytes") / 1e6).toFixed(0).padStart(5)} MB: ` +
      `${(of("bytes") / of("nativeMs") / 1e6).toFixed(1)} GB/s, ${share("nativeMs")} % (whole step ${share("wallMs")} %) of ${of("rate").toFixed(1)} GB/s`,
  );
}
worker.dispose();
