/** `quire bench serve`: sends requests to an OpenAI-compatible server and measures what comes back. */
import { setMaxListeners } from "node:events";
import { ResourceError } from "../../util/errors.js";
import { arrivalTimes } from "./arrivals.js";
import { HttpTarget } from "./http-target.js";
import type { Backend, TargetOptions } from "./http-target.js";
import type { BenchPrompt } from "./random-prompts.js";
import { RandomSource } from "./random-source.js";
import { serveMetrics } from "./serve-metrics.js";
import type { Goodput, RequestRecord, ServeMetrics } from "./serve-metrics.js";
import { streamRequest } from "./stream-request.js";

export interface ServeOptions {
  readonly target: TargetOptions;
  readonly backend: Backend;
  /** Undefined: the first that the server lists. */
  readonly model: string | undefined;
  /** Prompts of one run; called once for each run, and first for the warm-up requests. */
  readonly prompts: (count: number) => Promise<readonly BenchPrompt[]>;
  readonly numPrompts: number;
  readonly numWarmups: number;
  /** Requests a second; Infinity: all at once. */
  readonly requestRate: number;
  readonly burstiness: number;
  /** Requests open at once, one run for each; Infinity: no limit. */
  readonly maxConcurrency: readonly number[];
  readonly ignoreEos: boolean;
  readonly temperature: number;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  readonly seed: number;
  readonly goodput: Goodput;
  /** Percentiles of the latencies. */
  readonly percentiles: readonly number[];
  /** Ends the run under way; what there is by then is the result. */
  readonly signal: AbortSignal;
  readonly onProgress?: (run: { maxConcurrency: number; finished: number; total: number }) => void;
  /** Called with each run's result when it is there. */
  readonly onRun?: (run: ServeRun) => void;
}

/** One run: all prompts with one limit of concurrency. */
export interface ServeRun {
  readonly maxConcurrency: number;
  readonly requestRate: number;
  readonly metrics: ServeMetrics;
  /** The first failed request's error. */
  readonly firstError: string | undefined;
  /** CPU time of the client, in seconds: what it took away from a server on the same cores. */
  readonly clientCpuSeconds: number;
  readonly isInterrupted: boolean;
  readonly requests: readonly RequestRecord[];
}

export interface ServeResult {
  readonly model: string;
  readonly runs: readonly ServeRun[];
}

/**
 * Runs the warm-up, then one run after the other.
 *
 * @throws ResourceError if the server cannot be reached or refuses the first warm-up request; ConfigError for a wrong address
 */
export async function benchServe(options: ServeOptions): Promise<ServeResult> {
  const target = new HttpTarget(options.target);
  setMaxListeners(0, options.signal); // every open request listens
  try {
    const model = options.model ?? (await target.firstModel(options.signal));
    await warmUp(options, target, model);
    const runs: ServeRun[] = [];
    for (const [i, maxConcurrency] of options.maxConcurrency.entries()) {
      if (options.signal.aborted) break;
      const prompts = await options.prompts(options.numPrompts);
      const run = await runOnce(options, target, model, prompts, maxConcurrency, new RandomSource(options.seed, i));
      runs.push(run);
      options.onRun?.(run);
    }
    return { model, runs };
  } finally {
    target.close();
  }
}

async function warmUp(options: ServeOptions, target: HttpTarget, model: string): Promise<void> {
  for (const prompt of await options.prompts(options.numWarmups)) {
    const { isOk, error } = await send(options, target, body(options, model, prompt), prompt, performance.now());
    if (!isOk && !options.signal.aborted)
      throw new ResourceError(`${target.url}: the warm-up request failed: ${error}`);
  }
}

async function runOnce(
  options: ServeOptions,
  target: HttpTarget,
  model: string,
  prompts: readonly BenchPrompt[],
  maxConcurrency: number,
  random: RandomSource,
): Promise<ServeRun> {
  const { signal, requestRate } = options;
  // Everything that can be made before is made before: the client shares its cores with the server.
  const bodies = prompts.map((prompt) => body(options, model, prompt));
  const due = arrivalTimes(prompts.length, requestRate, options.burstiness, random);
  const requests: RequestRecord[] = [];
  const open = new Set<Promise<void>>();
  const cpuBefore = process.cpuUsage();
  const origin = performance.now();
  for (const [i, prompt] of prompts.entries()) {
    const wait = origin + due[i]! - performance.now();
    if (wait > 0) await pause(wait, signal);
    while (open.size >= maxConcurrency) await Promise.race(open);
    if (signal.aborted) break;
    const sent: Promise<void> = send(options, target, bodies[i]!, prompt, origin).then((record) => {
      open.delete(sent);
      // What Ctrl-C cut off says nothing about the server.
      if (record.isOk || !signal.aborted) requests.push(record);
      options.onProgress?.({ maxConcurrency, finished: requests.length, total: prompts.length });
    });
    open.add(sent);
  }
  await Promise.all(open);
  const durationMs = performance.now() - origin;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    maxConcurrency,
    requestRate,
    metrics: serveMetrics(requests, durationMs, options.percentiles, options.goodput),
    firstError: requests.find((record) => !record.isOk)?.error,
    clientCpuSeconds: (user + system) / 1e6,
    isInterrupted: signal.aborted,
    requests,
  };
}

function send(
  options: ServeOptions,
  target: HttpTarget,
  content: Buffer,
  { promptTokens }: BenchPrompt,
  originMs: number,
): Promise<RequestRecord> {
  const { timeoutMs, signal } = options;
  return streamRequest({ target, body: content, promptTokens, originMs, timeoutMs, signal });
}

function body(options: ServeOptions, model: string, { prompt, outputTokens }: BenchPrompt): Buffer {
  const asked =
    options.backend === "openai"
      ? { prompt, max_tokens: outputTokens }
      : { messages: [{ role: "user", content: prompt }], max_completion_tokens: outputTokens };
  const request = {
    model,
    ...asked,
    temperature: options.temperature,
    stream: true,
    stream_options: { include_usage: true },
    ...(options.ignoreEos ? { ignore_eos: true } : {}),
  };
  return Buffer.from(JSON.stringify(request));
}

/** Ends early when the signal comes. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
