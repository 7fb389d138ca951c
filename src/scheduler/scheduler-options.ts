/** SchedulerOptions: limits and policy of the scheduler, and how they are checked. */
import type { KVCacheOptions } from "../kv-cache/kv-cache-manager.js";
import { ConfigError } from "../util/errors.js";
import type { SchedulingPolicy } from "./request-queue.js";

/** Everything that the scheduler is told. */
export interface SchedulerOptions extends KVCacheOptions {
  /** Token budget of a step, over all requests. */
  readonly maxNumBatchedTokens: number;
  /** Requests that run at once. */
  readonly maxNumSeqs: number;
  /** Prompt and output of one request together. */
  readonly maxModelLen: number;
  /** Compute a prompt in parts when it exceeds the budget. Default true. */
  readonly enableChunkedPrefill?: boolean;
  /** Most tokens that one request gets in a step; 0 (default): the whole budget. */
  readonly longPrefillTokenThreshold?: number;
  /** Plan tokens after ones that a step under way samples, and that nobody knows yet. Default false. */
  readonly asyncScheduling?: boolean;
  /** Default `fcfs`. */
  readonly policy?: SchedulingPolicy;
}

/** @throws ConfigError that names the flag */
export function checkSchedulerLimits(options: SchedulerOptions): void {
  const positive: [string, number][] = [
    ["--max-num-batched-tokens", options.maxNumBatchedTokens],
    ["--max-num-seqs", options.maxNumSeqs],
    ["--max-model-len", options.maxModelLen],
    ["--block-size", options.blockSize],
  ];
  for (const [flag, value] of positive) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new ConfigError(`${flag} must be an integer from 1; got ${value}`);
  }
  const threshold = options.longPrefillTokenThreshold ?? 0;
  if (!Number.isSafeInteger(threshold) || threshold < 0) {
    throw new ConfigError(`--long-prefill-token-threshold must be an integer from 0; got ${threshold}`);
  }
  const watermark = options.watermark ?? 0;
  if (!(watermark >= 0 && watermark < 1)) throw new ConfigError(`--watermark must be in [0, 1); got ${watermark}`);
}

/**
 * @param maxTotalTokens longest request: `maxModelLen`, or less where the KV cache is smaller
 * @throws ConfigError if a prompt that must not be cut does not fit a step
 */
export function checkWholePrompts(options: SchedulerOptions, maxTotalTokens: number): void {
  const threshold = options.longPrefillTokenThreshold ?? 0;
  const longest = Math.min(maxTotalTokens - 1, threshold > 0 ? threshold : Infinity);
  if (options.enableChunkedPrefill === false && options.maxNumBatchedTokens < longest) {
    throw new ConfigError(
      `--max-num-batched-tokens (${options.maxNumBatchedTokens}) must reach the most that a request may need at once (${longest} tokens) ` +
        "with --no-enable-chunked-prefill; raise it, lower --max-model-len, or enable chunked prefill",
    );
  }
}
