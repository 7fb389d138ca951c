import { describe, expect, it } from "vitest";
import { ConfigError } from "../util/errors.js";
import { checkSchedulerLimits, checkWholePrompts, type SchedulerOptions } from "./scheduler-options.js";

/** Checks options for requests of at most 4096 tokens. */
function check(options: Partial<SchedulerOptions>): void {
  const sound = { numBlocks: 1000, blockSize: 16, maxNumBatchedTokens: 8192, maxNumSeqs: 16, maxModelLen: 4096 };
  checkSchedulerLimits({ ...sound, ...options });
  checkWholePrompts({ ...sound, ...options }, 4096);
}

describe("scheduler options", () => {
  it.each([
    [{ maxNumSeqs: 0 }, "--max-num-seqs"],
    [{ maxNumBatchedTokens: 0.5 }, "--max-num-batched-tokens"],
    [{ maxModelLen: Number.NaN }, "--max-model-len"],
    [{ blockSize: -1 }, "--block-size"],
    [{ watermark: 1 }, "--watermark"],
    [{ watermark: Number.NaN }, "--watermark"],
    [{ longPrefillTokenThreshold: -1 }, "--long-prefill-token-threshold"],
  ])("refuses %o and names %s", (options, flag) => {
    expect(() => check(options)).toThrow(ConfigError);
    expect(() => check(options)).toThrow(flag);
  });

  it("without chunked prefill, wants a budget for the most that a request may need at once", () => {
    const unchunked = { enableChunkedPrefill: false, maxNumBatchedTokens: 100 };
    expect(() => check(unchunked)).toThrow("--max-num-batched-tokens (100)");
    expect(() => check({ ...unchunked, longPrefillTokenThreshold: 101 })).toThrow(ConfigError);
    expect(() => check({ ...unchunked, longPrefillTokenThreshold: 100 })).not.toThrow();
    expect(() => check({ ...unchunked, maxNumBatchedTokens: 4095 })).not.toThrow();
    expect(() => check({ ...unchunked, enableChunkedPrefill: true })).not.toThrow();
  });
});
