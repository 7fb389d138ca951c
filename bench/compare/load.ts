/** One load on one server, by the client of `quire bench serve`. */
import { setMaxListeners } from "node:events";
import { benchServe } from "../../src/tools/bench/serve.js";

export interface Load {
  readonly requests: number;
  /** Requests at once. */
  readonly concurrency: number;
  readonly promptTokens: number;
  readonly newTokens: number;
  /** Prompts of other salts differ. */
  readonly salt: number;
}

export interface LoadResult {
  /** Prompt and output tokens per second, from the first request sent to the last answer's end. */
  readonly rate: number;
  /** Medians: milliseconds to the first token, and between consecutive outputs of a request. */
  readonly ttft: number;
  readonly itl: number;
}

const REQUEST_MS = 600_000;

/** Sends all requests to `${url}/v1/completions`. @throws Error if an answer fails or is not as long as was asked for */
export async function runLoad(url: string, model: string, load: Load): Promise<LoadResult> {
  const { requests, concurrency, promptTokens, newTokens } = load;
  const prompt = (_: unknown, index: number) => ({
    prompt: Array.from({ length: promptTokens }, (_, i) => 300 + ((i * 7919 + (load.salt + index) * 104729) % 40000)),
    promptTokens,
    outputTokens: newTokens,
  });
  const { signal } = new AbortController();
  setMaxListeners(0, signal); // one of each request
  const { runs } = await benchServe({
    ...{
      target: { baseUrl: url, endpoint: "/v1/completions", headers: {}, apiKey: undefined },
      backend: "openai",
      model,
    },
    ...{ numPrompts: requests, numWarmups: 0, maxConcurrency: [concurrency], requestRate: Infinity, burstiness: 1 },
    prompts: async (count) => Array.from({ length: count }, prompt),
    ...{ ignoreEos: true, temperature: 0, timeoutMs: REQUEST_MS, seed: 0, goodput: {}, percentiles: [50] },
    signal,
  });
  const { metrics, firstError } = runs[0]!;
  const { ttft, itl } = metrics.latencies;
  if (metrics.completed < requests || ttft === undefined || itl === undefined) {
    throw new Error(
      `${url}: ${metrics.completed} of ${requests} requests were answered; the first error: ${firstError}`,
    );
  }
  if (metrics.totalOutputTokens !== requests * newTokens) {
    throw new Error(`${url}: asked for ${requests * newTokens} tokens in all, got ${metrics.totalOutputTokens}`);
  }
  return { rate: metrics.totalThroughput, ttft: ttft.median, itl: itl.median };
}
