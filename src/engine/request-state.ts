/** RequestState: one caller's request while it is open: its outputs so far, and who waits for them. */
import type { PromptLogprobs } from "../request/model-runner-output.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { CompletionState } from "./completion-state.js";
import type { ProcessedRequest } from "./input-processor.js";
import { LogprobDecoder, type TokenTexts } from "./logprob-decoder.js";
import type { PositionLogprobs, RequestOutput } from "./request-output.js";
import type { EngineCoreOutput } from "./transport.js";

/**
 * Keeps everything that came, and makes an output only when it is asked for one: to a slow reader several steps are one
 * output, so what nobody reads takes no more memory than the request's own result.
 */
export class RequestState {
  readonly request: ProcessedRequest;
  readonly completions: readonly CompletionState[];
  readonly #promptDecoder: LogprobDecoder;
  #promptLogprobs: (PositionLogprobs | null)[] | undefined;
  #numCachedTokens = 0;
  #numOpen: number;
  #error: Error | undefined;
  #isTaken = false;
  #wake: (() => void) | undefined;

  /** @param texts for log-probabilities; undefined without a tokenizer */
  constructor(request: ProcessedRequest, tokenizer: Tokenizer | undefined, texts: TokenTexts | undefined) {
    this.request = request;
    this.completions = request.coreRequests.map(
      (_, index) => new CompletionState(index, request.promptTokenIds, request.params, tokenizer, texts),
    );
    this.#numOpen = this.completions.length;
    this.#promptDecoder = new LogprobDecoder(texts);
    if (request.params.promptLogprobs !== null) this.#promptLogprobs = [null];
  }

  /** Prompt tokens that the prefix cache held. */
  get numCachedTokens(): number {
    return this.#numCachedTokens;
  }

  /** Whether all outputs have ended, or the request failed. */
  get isFinished(): boolean {
    return this.#error !== undefined || this.#numOpen === 0;
  }

  /** Takes in what a step gave output `index`; true if its text has now reached a stop string. */
  accept(index: number, output: EngineCoreOutput): boolean {
    if (index === 0) this.#numCachedTokens = Math.max(0, output.numCachedTokens);
    if (output.promptLogprobs !== null) this.#addPromptLogprobs(output.promptLogprobs);
    const completion = this.completions[index]!;
    const isStopped = completion.accept(output);
    if (completion.finishReason !== null) this.#numOpen--;
    return isStopped;
  }

  /** Ends all outputs that still go on with reason "abort". */
  abort(): void {
    for (const completion of this.completions) completion.abort();
    this.#numOpen = 0;
    this.notify();
  }

  /** Ends the request with an error for its reader. */
  fail(error: Error): void {
    this.#error ??= error;
    this.notify();
  }

  /** Wakes the reader, if there is something for it. */
  notify(): void {
    if (this.#wake === undefined || !this.#isReady()) return;
    const wake = this.#wake;
    this.#wake = undefined;
    wake();
  }

  /**
   * The next output; undefined after the last. For one reader.
   * @throws the error that ended the request (as a rejection)
   */
  async next(): Promise<RequestOutput | undefined> {
    while (!this.#isReady()) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#error !== undefined) throw this.#error;
    return this.#isTaken ? undefined : this.#take();
  }

  #isReady(): boolean {
    if (this.isFinished) return true;
    const { outputKind, streamInterval } = this.request.params;
    return outputKind !== "final" && this.completions.some((completion) => completion.hasNews(streamInterval));
  }

  #take(): RequestOutput {
    const { requestId, prompt, promptTokenIds, params } = this.request;
    const isDelta = params.outputKind === "delta";
    const finished = this.isFinished;
    this.#isTaken = finished;
    const chosen = this.completions.filter(
      (completion) => !isDelta || completion.hasNews(finished ? 1 : params.streamInterval),
    );
    const promptLogprobs = this.#promptLogprobs;
    if (isDelta) this.#promptLogprobs = undefined;
    return {
      requestId,
      ...(prompt === undefined ? {} : { prompt }),
      promptTokenIds,
      ...(promptLogprobs === undefined ? {} : { promptLogprobs: isDelta ? promptLogprobs : [...promptLogprobs] }),
      outputs: chosen.map((completion) => completion.take(isDelta)),
      finished,
      numCachedTokens: this.#numCachedTokens,
    };
  }

  /** Rows come in order, once each. */
  #addPromptLogprobs({ start, rows }: PromptLogprobs): void {
    const list = this.#promptLogprobs;
    if (list === undefined) return;
    for (let i = 0; i < rows.length; i++) {
      if (start + i === list.length) list.push(this.#promptDecoder.next(rows[i]!));
    }
  }
}
