/** Token counts of an answer. */

export interface Usage {
  prompt_tokens: number;
  total_tokens: number;
  completion_tokens: number;
  /** Null unless the server reports it (--enable-prompt-tokens-details). */
  prompt_tokens_details: { cached_tokens: number } | null;
}

/** Adds up the prompts and outputs of one HTTP request. */
export class UsageCounter {
  readonly #reportsCached: boolean;
  readonly #prompts = new Map<number, { tokens: number; cached: number }>();
  #completion = 0;

  constructor(options: { reportsCached: boolean }) {
    this.#reportsCached = options.reportsCached;
  }

  /** Notes the length of the i-th prompt; counted once however often it is noted. */
  prompt(index: number, tokens: number, cached: number): void {
    this.#prompts.set(index, { tokens, cached: Math.max(0, cached) });
  }

  completion(tokens: number): void {
    this.#completion += tokens;
  }

  get total(): Usage {
    let promptTokens = 0;
    let cached = 0;
    for (const prompt of this.#prompts.values()) {
      promptTokens += prompt.tokens;
      cached += prompt.cached;
    }
    return {
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + this.#completion,
      completion_tokens: this.#completion,
      prompt_tokens_details: this.#reportsCached ? { cached_tokens: cached } : null,
    };
  }
}

/** The numbers of one output in a stream, for `continuous_usage_stats`. */
export function usageSoFar(promptTokens: number, completionTokens: number, cached: number | null): Usage {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    prompt_tokens_details: cached === null ? null : { cached_tokens: cached },
  };
}

/** What a stream says about usage: nothing, at the end, or with every chunk. */
export type StreamUsage = "none" | "end" | "always";

export function streamUsage(
  options: { include_usage?: boolean | null; continuous_usage_stats?: boolean | null } | null | undefined,
  isForced: boolean,
): StreamUsage {
  if (options?.include_usage !== true && !isForced) return "none";
  return options?.continuous_usage_stats === true || isForced ? "always" : "end";
}
