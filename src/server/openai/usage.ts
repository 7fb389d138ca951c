/** Token counts of an answer. */

export interface Usage {
  prompt_tokens: number;
  total_tokens: number;
  completion_tokens: number;
  /** Null unless the server reports it (--enable-prompt-tokens-details). */
  prompt_tokens_details: { cached_tokens: number } | null;
  /** Only where a reasoning parser counts. */
  completion_tokens_details?: { reasoning_tokens: number };
}

/** What an answer's usage tells besides the counts. */
export interface UsageStyle {
  readonly reportsCached: boolean;
  /** Tell how many tokens were reasoning. */
  readonly countsReasoning?: boolean;
}

/** Adds up the prompts and outputs of one HTTP request. */
export class UsageCounter {
  readonly #style: UsageStyle;
  readonly #prompts = new Map<number, { tokens: number; cached: number }>();
  readonly #outputs = new Map<number, { tokens: number; reasoning: number }>();
  #completion = 0;
  #reasoning = 0;

  constructor(style: UsageStyle) {
    this.#style = style;
  }

  /** Notes the length of the i-th prompt; counted once however often it is noted. */
  prompt(index: number, tokens: number, cached: number): void {
    this.#prompts.set(index, { tokens, cached: Math.max(0, cached) });
  }

  /** Adds new tokens of any output. */
  completion(tokens: number, reasoning = 0): void {
    this.#completion += tokens;
    this.#reasoning += reasoning;
  }

  /** Notes the length of the i-th output up to now, in place of what was noted before. */
  output(index: number, tokens: number, reasoning: number): void {
    const before = this.#outputs.get(index);
    this.completion(tokens - (before?.tokens ?? 0), reasoning - (before?.reasoning ?? 0));
    if (before === undefined) this.#outputs.set(index, { tokens, reasoning });
    else Object.assign(before, { tokens, reasoning });
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
      prompt_tokens_details: this.#style.reportsCached ? { cached_tokens: cached } : null,
      ...(this.#style.countsReasoning ? { completion_tokens_details: { reasoning_tokens: this.#reasoning } } : {}),
    };
  }
}

/** The numbers of one output in a stream, for `continuous_usage_stats`. */
export function usageSoFar(
  promptTokens: number,
  completionTokens: number,
  cached: number | null,
  reasoning?: number,
): Usage {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    prompt_tokens_details: cached === null ? null : { cached_tokens: cached },
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
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
