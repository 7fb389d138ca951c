/** `quire bench throughput`: many prompts handed to `LLM.generate` at once. */
import { ConfigError } from "../../util/errors.js";
import type { ModelInfo } from "../../worker/worker.js";
import { openBenchEngine } from "./bench-engine.js";
import type { EngineBenchOptions } from "./bench-engine.js";
import { engineTokenPool } from "./engine-token-pool.js";
import { openPromptSource } from "./prompt-source.js";
import type { DatasetOptions } from "./prompt-source.js";
import type { BenchPrompt } from "./random-prompts.js";

/** Prefix caching is as the engine's default where it is not chosen. */
export interface ThroughputOptions extends EngineBenchOptions {
  readonly dataset: DatasetOptions;
  readonly numPrompts: number;
  /** Ends the benchmark with an AbortError. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (finished: number, total: number) => void;
}

export interface ThroughputResult {
  readonly model: ModelInfo;
  readonly loadSeconds: number;
  /** From handing in the prompts to the last output. */
  readonly durationSeconds: number;
  readonly numPrompts: number;
  readonly promptTokens: number;
  /** Prompt tokens that were found in the prefix cache. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  readonly totalTokensPerSecond: number;
  readonly outputTokensPerSecond: number;
  /** Steps of the engine. */
  readonly numSteps: number;
  readonly requests: readonly { readonly promptTokens: number; readonly outputTokens: readonly number[] }[];
}

/** Prompt tokens of the warm-up, which compiles the programs of a first step. */
const WARM_UP_TOKENS = { inputLen: 8, outputLen: 2 };

/**
 * Loads the model, warms up with one short prompt, and measures.
 *
 * @throws ConfigError if the file of prompts is wrong or a prompt does not fit the model; AbortError; what loading throws
 */
export async function benchThroughput(options: ThroughputOptions): Promise<ThroughputResult> {
  const opened = await openBenchEngine(options);
  await using llm = opened.llm;
  const { model, loadSeconds } = opened;
  const { dataset, n, temperature, detokenize, signal } = options;
  if (dataset.name !== "random" && llm.tokenizer === undefined)
    throw new ConfigError(`--dataset-name ${dataset.name} holds text, and the model has no tokenizer; use random`);
  const form = { kind: "ids", pool: await engineTokenPool(llm), tokenizer: llm.tokenizer } as const;
  const source = await openPromptSource(dataset, form);
  const prompts = await source(options.numPrompts);
  checkLengths(prompts, model);
  const warmUp = await openPromptSource(
    { ...dataset, ...WARM_UP_TOKENS, name: "random", seed: dataset.seed + 1 },
    form,
  );
  const params = { n, temperature, detokenize, ignoreEos: true };
  await llm.generate((await warmUp(1)).map(ids), { ...params, maxTokens: WARM_UP_TOKENS.outputLen });
  const stepsBefore = llm.stats().numSteps;
  const began = performance.now();
  const outputs = await llm.generate(
    prompts.map(ids),
    prompts.map(({ outputTokens }) => ({ ...params, maxTokens: outputTokens })),
    {
      ...(signal ? { signal } : {}),
      onProgress: ({ finished, total }) => options.onProgress?.(finished, total),
    },
  );
  const durationSeconds = (performance.now() - began) / 1000;
  const requests = outputs.map((output) => ({
    promptTokens: output.promptTokenIds.length,
    outputTokens: output.outputs.map(({ tokenIds }) => tokenIds.length),
  }));
  const promptTokens = sum(requests.map((request) => request.promptTokens));
  const outputTokens = sum(requests.map((request) => sum(request.outputTokens)));
  return {
    ...{ model, loadSeconds, durationSeconds, numPrompts: prompts.length, promptTokens, outputTokens },
    cachedTokens: sum(outputs.map((output) => output.numCachedTokens)),
    requestsPerSecond: prompts.length / durationSeconds,
    totalTokensPerSecond: (promptTokens + outputTokens) / durationSeconds,
    outputTokensPerSecond: outputTokens / durationSeconds,
    numSteps: llm.stats().numSteps - stepsBefore,
    requests,
  };
}

function ids({ prompt }: BenchPrompt): string | { promptTokenIds: readonly number[] } {
  return typeof prompt === "string" ? prompt : { promptTokenIds: prompt };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function checkLengths(prompts: readonly BenchPrompt[], { maxModelLen }: ModelInfo): void {
  const long = prompts.find(({ promptTokens = 0, outputTokens }) => promptTokens + outputTokens > maxModelLen);
  if (long === undefined) return;
  const { promptTokens = 0, outputTokens } = long;
  throw new ConfigError(
    `a prompt of ${promptTokens} tokens and an output of ${outputTokens} are ${promptTokens + outputTokens}; the model takes ${maxModelLen} (--max-model-len)`,
  );
}

/** The result as text. */
export function throughputText(result: ThroughputResult): string {
  const cached = result.cachedTokens > 0 ? `, ${result.cachedTokens} of them from the prefix cache` : "";
  return [
    `requests       ${result.numPrompts} in ${result.durationSeconds.toFixed(2)} s, ${result.numSteps} steps`,
    `prompt tokens  ${result.promptTokens}${cached}`,
    `output tokens  ${result.outputTokens}`,
    `throughput     ${result.requestsPerSecond.toFixed(2)} req/s, ${result.totalTokensPerSecond.toFixed(1)} total tok/s, ` +
      `${result.outputTokensPerSecond.toFixed(1)} output tok/s`,
    "",
  ].join("\n");
}
