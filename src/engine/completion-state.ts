/** CompletionState: one of a request's outputs while it grows: tokens, text, log-probabilities, why it ended. */
import type { FinishReason, StopReason } from "../request/finish-reason.js";
import type { SamplingParams } from "../request/sampling-params.js";
import { OutputText } from "../tokenizer/output-text.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { LogprobDecoder, type TokenTexts } from "./logprob-decoder.js";
import { OutputTimes } from "./output-times.js";
import type { CompletionOutput, PositionLogprobs } from "./request-output.js";
import type { EngineCoreOutput } from "./transport.js";

export class CompletionState {
  readonly index: number;
  finishReason: FinishReason | null = null;
  stopReason: StopReason = null;
  readonly times = new OutputTimes();
  readonly #tokenIds: number[] = [];
  readonly #text: OutputText | undefined;
  readonly #logprobs: LogprobDecoder | undefined;
  /** With deltas only those that nobody took yet. */
  #positions: PositionLogprobs[] = [];
  #cumulativeLogprob = 0;
  #numTakenTokens = 0;
  #isEndTaken = false;

  constructor(
    index: number,
    promptTokenIds: readonly number[],
    params: SamplingParams,
    tokenizer: Tokenizer | undefined,
    texts: TokenTexts | undefined,
  ) {
    this.index = index;
    if (tokenizer !== undefined && params.detokenize) {
      const { skipSpecialTokens, stop, includeStopStrInOutput: includeStop, minTokens } = params;
      const detokenizer = tokenizer.createDetokenizer(promptTokenIds, { skipSpecialTokens });
      this.#text = new OutputText(detokenizer, { stop, includeStop, minTokens });
    }
    if (params.logprobs !== null) this.#logprobs = new LogprobDecoder(texts);
  }

  get numTokens(): number {
    return this.#tokenIds.length;
  }

  /**
   * Whether there is something that `take` has not given yet: so many tokens, the first, or the end.
   * @param interval tokens from which on it counts
   */
  hasNews(interval = 1): boolean {
    if (this.finishReason !== null) return !this.#isEndTaken;
    const numNew = this.#tokenIds.length - this.#numTakenTokens;
    return numNew >= interval || (numNew > 0 && this.#numTakenTokens === 0);
  }

  /** Takes in what a step gave; true if the text has now reached a stop string, which ends the output. */
  accept(output: EngineCoreOutput): boolean {
    for (const id of output.newTokenIds) this.#tokenIds.push(id);
    if (this.#logprobs !== undefined && output.logprobs !== null) {
      for (const row of output.logprobs) {
        this.#positions.push(this.#logprobs.next(row));
        this.#cumulativeLogprob += row.logprobs[0] ?? 0;
      }
    }
    const endsWithStopToken = output.finishReason === "stop";
    const stopped = this.#text?.push(output.newTokenIds, { endsWithStopToken }).stopped;
    this.finishReason = stopped === undefined ? output.finishReason : "stop";
    this.stopReason = stopped ?? output.stopReason;
    return stopped !== undefined;
  }

  /** Ends the output with reason "abort", unless it has ended. */
  abort(): void {
    this.finishReason ??= "abort";
  }

  /** The output up to now, or with `isDelta` what is new since the last call. */
  take(isDelta: boolean): CompletionOutput {
    const output: CompletionOutput = {
      index: this.index,
      text: this.#text?.take(isDelta, this.finishReason !== null) ?? "",
      tokenIds: this.#tokenIds.slice(isDelta ? this.#numTakenTokens : 0),
      ...(this.#logprobs === undefined ? {} : this.#takeLogprobs(isDelta)),
      finishReason: this.finishReason,
      stopReason: this.stopReason,
    };
    this.#numTakenTokens = this.#tokenIds.length;
    this.#isEndTaken = this.finishReason !== null;
    return output;
  }

  #takeLogprobs(isDelta: boolean): Pick<CompletionOutput, "logprobs" | "cumulativeLogprob"> {
    const logprobs = isDelta ? this.#positions : [...this.#positions];
    if (isDelta) this.#positions = [];
    return { logprobs, cumulativeLogprob: this.#cumulativeLogprob };
  }
}
