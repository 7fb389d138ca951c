/** `quire bench latency`: one fixed batch after the other, timed from prompts to last tokens. */
import type { LLM } from "../../engine/llm.js";
import { AbortError, ConfigError } from "../../util/errors.js";
import type { ModelInfo } from "../../worker/worker.js";
import type { StepProfile } from "../../request/step-profile.js";
import { openBenchEngine } from "./bench-engine.js";
import type { EngineBenchOptions } from "./bench-engine.js";
import type { Breakdown } from "./breakdown.js";
import { breakdown, decodeSteps, prefillSteps } from "./breakdown.js";
import { engineTokenPool } from "./engine-token-pool.js";
import { memoryBandwidth } from "./memory-probe.js";
import { randomTokenIds } from "./random-prompts.js";
import { RandomSource } from "./random-source.js";
import { threadCpuMs } from "./thread-cpu.js";

/** Iterations of each batch size whose steps are measured op by op. */
const BREAKDOWN_ITERS = 5;

/** Prefix caching is off where it is not chosen. */
export interface LatencyOptions extends EngineBenchOptions {
  /** Tokens of each prompt and of each output. */
  readonly inputLen: number;
  readonly outputLen: number;
  /** Prompts at once. With several sizes each iteration runs all of them in turn. */
  readonly batchSizes: readonly number[];
  readonly numItersWarmup: number;
  readonly numIters: number;
  readonly seed: number;
  /** Measure memory bandwidth before and after. */
  readonly probe: boolean;
  /** After the iterations, measure a few more of each batch size op by op. */
  readonly breakdown: boolean;
  /** Ends the benchmark; what there is by then is the result. */
  readonly signal?: AbortSignal;
  readonly onIteration?: (done: number, total: number) => void;
}

/** One batch. */
export interface LatencyIteration {
  /** From handing in the prompts to the last token, in milliseconds. */
  readonly latencyMs: number;
  /** From handing in the prompts to the first token of each prompt. */
  readonly ttftMs: readonly number[];
  /** Prompt tokens a second, until every prompt has its first token. */
  readonly prefillTokensPerSecond: number;
  /** Output tokens a second after that; undefined for a single token. */
  readonly decodeTokensPerSecond: number | undefined;
  readonly outputTokens: number;
  /** Steps of the engine. */
  readonly numSteps: number;
  /** CPU time of the JavaScript thread (engine, worker, streams), in milliseconds a step. */
  readonly jsCpuMsPerStep: number;
  /** Wall time of a step less the time inside its native programs, in milliseconds: median of the last 256 steps at most. */
  readonly outsideMsPerStep: number;
}

export interface LatencyBatch {
  readonly batchSize: number;
  readonly iterations: readonly LatencyIteration[];
}

/** Where the steps of one batch size spend their time. */
export interface BatchBreakdown {
  readonly batchSize: number;
  /** Undefined when there were no such steps: prompts of one token, outputs of one token. */
  readonly decode: Breakdown | undefined;
  readonly prefill: Breakdown | undefined;
}

export interface LatencyResult {
  readonly model: ModelInfo;
  readonly loadSeconds: number;
  readonly batches: readonly LatencyBatch[];
  /** GB/s that one thread reads, before and after, with `probe`. */
  readonly memoryBandwidth: readonly number[];
  /** With `breakdown`; of batch sizes that were measured to the end. */
  readonly breakdowns: readonly BatchBreakdown[];
  readonly isInterrupted: boolean;
}

/**
 * Loads the model, warms up, and measures.
 *
 * @throws ConfigError if prompt and output do not fit the model; what loading throws
 */
export async function benchLatency(options: LatencyOptions): Promise<LatencyResult> {
  const { llm, model, loadSeconds } = await openBenchEngine(options, { enablePrefixCaching: false });
  try {
    checkLengths(options, model);
    const probe = (): number[] => (options.probe ? [memoryBandwidth()] : []);
    const before = probe();
    const batches = options.batchSizes.map((batchSize) => ({ batchSize, iterations: [] as LatencyIteration[] }));
    const breakdowns: BatchBreakdown[] = [];
    try {
      const nextPrompts = await promptMaker(llm, options);
      await measure(llm, options, nextPrompts, batches);
      if (options.breakdown) await measureOps(llm, options, nextPrompts, breakdowns);
    } catch (error) {
      if (!(error instanceof AbortError) || options.signal?.aborted !== true) throw error;
    }
    const isInterrupted = options.signal?.aborted === true;
    return { model, loadSeconds, batches, memoryBandwidth: [...before, ...probe()], breakdowns, isInterrupted };
  } finally {
    await llm.close();
  }
}

/** Makes new random prompts at each call. */
type NextPrompts = (batchSize: number) => number[][];

async function promptMaker(llm: LLM, { seed, inputLen }: LatencyOptions): Promise<NextPrompts> {
  const pool = await engineTokenPool(llm);
  const random = new RandomSource(seed);
  return (batchSize) => Array.from({ length: batchSize }, () => randomTokenIds(random, inputLen, pool));
}

async function measure(
  llm: LLM,
  options: LatencyOptions,
  nextPrompts: NextPrompts,
  batches: readonly { batchSize: number; iterations: LatencyIteration[] }[],
): Promise<void> {
  const { numItersWarmup, numIters } = options;
  const total = (numItersWarmup + numIters) * batches.length;
  let done = 0;
  for (let i = -numItersWarmup; i < numIters; i++) {
    for (const { batchSize, iterations } of batches) {
      const iteration = await runBatch(llm, options, nextPrompts(batchSize));
      if (i >= 0) iterations.push(iteration);
      options.onIteration?.(++done, total);
    }
  }
}

/** Measured steps come after the others: measuring takes time between them. */
async function measureOps(
  llm: LLM,
  options: LatencyOptions,
  nextPrompts: NextPrompts,
  breakdowns: BatchBreakdown[],
): Promise<void> {
  for (const batchSize of options.batchSizes) {
    const steps: StepProfile[] = [];
    const stop = llm.profileSteps((step) => steps.push(step));
    try {
      for (let i = 0; i < BREAKDOWN_ITERS; i++) await runBatch(llm, options, nextPrompts(batchSize));
    } finally {
      stop();
    }
    const speed = await llm.probe();
    const [decode, prefill] = [decodeSteps(steps), prefillSteps(steps)].map((kind) => breakdown(kind, speed));
    breakdowns.push({ batchSize, decode, prefill });
  }
}

/** All prompts at once, each with a stream of its own. */
async function runBatch(
  llm: LLM,
  options: LatencyOptions,
  prompts: readonly (readonly number[])[],
): Promise<LatencyIteration> {
  const { n, outputLen: maxTokens, temperature, detokenize, signal, inputLen } = options;
  const params = { n, maxTokens, temperature, detokenize, ignoreEos: true };
  const ttftMs = new Array<number>(prompts.length).fill(0);
  let outputTokens = 0;
  let tokensBefore = 0;
  const before = llm.stats().numSteps;
  const cpuBefore = threadCpuMs();
  const start = performance.now();
  await Promise.all(
    prompts.map(async (tokenIds, i) => {
      let isFirst = true;
      for await (const { outputs } of llm.stream(tokenIds, params, signal ? { signal } : {})) {
        for (const output of outputs) outputTokens += output.tokenIds.length;
        if (!isFirst) continue;
        isFirst = false;
        ttftMs[i] = performance.now() - start;
        tokensBefore = outputTokens;
      }
    }),
  );
  const latencyMs = performance.now() - start;
  const numSteps = llm.stats().numSteps - before;
  const prefillMs = Math.max(...ttftMs);
  const decoded = outputTokens - tokensBefore;
  return {
    latencyMs,
    ttftMs,
    prefillTokensPerSecond: (prompts.length * inputLen) / (prefillMs / 1000),
    decodeTokensPerSecond: decoded > 0 ? decoded / ((latencyMs - prefillMs) / 1000) : undefined,
    outputTokens,
    numSteps,
    jsCpuMsPerStep: (threadCpuMs() - cpuBefore) / numSteps,
    outsideMsPerStep: llm.stats(numSteps).recentSteps.outsideMs,
  };
}

function checkLengths({ inputLen, outputLen }: LatencyOptions, { maxModelLen }: ModelInfo): void {
  if (inputLen + outputLen <= maxModelLen) return;
  throw new ConfigError(
    `--input-len ${inputLen} and --output-len ${outputLen} are ${inputLen + outputLen} tokens; the model takes ${maxModelLen} (--max-model-len)`,
  );
}
