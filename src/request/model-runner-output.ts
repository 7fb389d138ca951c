/** ModelRunnerOutput: what the worker answers to one SchedulerOutput. Plain data, through the door. */

/** Log-probabilities at one position. */
export interface TopLogprobs {
  /** The sampled (or, in a prompt, the actual) token first, then the top-k, likeliest first. */
  readonly tokenIds: number[];
  /** Natural logarithms, one per token id. */
  readonly logprobs: number[];
  /** Rank of the first token among the whole vocabulary: the number of tokens at least as likely, so 1 is the top. */
  readonly rank: number;
}

/** Log-probabilities of consecutive prompt tokens: `rows[i]` belongs to prompt token `start + i`. `start` is at least 1. */
export interface PromptLogprobs {
  readonly start: number;
  readonly rows: TopLogprobs[];
}

/** One step's results, keyed by request id. Requests that sampled nothing in this step may be missing. */
export interface ModelRunnerOutput {
  /** New tokens in order. Several only with speculation; empty or missing while the prompt is not through. */
  readonly sampledTokenIds: Map<string, number[]>;
  /** One row per sampled token, for requests that asked for `logprobs`. */
  readonly logprobs: Map<string, TopLogprobs[]>;
  /** The rows that this step's part of the prompt gave, for requests that asked for `promptLogprobs`. */
  readonly promptLogprobs: Map<string, PromptLogprobs>;
  /** Request id to message: only that request ends, with reason `error`. */
  readonly errors?: Map<string, string>;
  /** Milliseconds inside native programs; 0 if the worker cannot tell. */
  readonly nativeMs?: number;
  /** When the last of them ended, in performance.now(). */
  readonly nativeEndMs?: number;
}
