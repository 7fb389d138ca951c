/** OutputProcessor: brings what the core gives to the requests that wait for it. */
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { AbortError, RequestError } from "../util/errors.js";
import type { RequestCounts } from "./engine-stats.js";
import type { ProcessedRequest } from "./input-processor.js";
import { TokenTexts } from "./logprob-decoder.js";
import { RequestState } from "./request-state.js";
import type { OpenRequest, RequestEnd } from "./stats-listener.js";
import { openRequest, StatsRecorder } from "./stats-recorder.js";
import type { StepMarks } from "./step-marks.js";
import type { EngineCoreOutput } from "./transport.js";

/** Holds all open requests, by the caller's id and by the core's ids. */
export class OutputProcessor {
  readonly #tokenizer: Tokenizer | undefined;
  readonly #recorder: StatsRecorder;
  readonly #texts: TokenTexts | undefined;
  readonly #requests = new Map<string, RequestState>();
  readonly #counts: RequestCounts = { accepted: 0, finished: 0, aborted: 0, failed: 0 };
  readonly #byCoreId = new Map<string, { readonly state: RequestState; readonly index: number }>();

  constructor(tokenizer: Tokenizer | undefined, recorder: StatsRecorder) {
    this.#tokenizer = tokenizer;
    this.#recorder = recorder;
    this.#texts = tokenizer && new TokenTexts(tokenizer);
  }

  /** What became of all requests so far. */
  get counts(): RequestCounts {
    return { ...this.#counts };
  }

  /** Requests that have not ended. */
  get numRequests(): number {
    return this.#requests.size;
  }

  /** Requests that have not ended, in the order of coming. */
  openRequests(): OpenRequest[] {
    return [...this.#requests.values()].map(openRequest);
  }

  /** Outputs that have not ended: a request with n 3 has three. */
  get numOutputs(): number {
    return this.#byCoreId.size;
  }

  /** Prompt tokens of requests that have no output yet. Looks at all open requests. */
  countPrefillTokens(): number {
    let sum = 0;
    for (const { completions, request } of this.#requests.values()) {
      if (completions.every(({ numTokens }) => numTokens === 0)) sum += request.promptTokenIds.length;
    }
    return sum;
  }

  /**
   * Opens a request; to be done before the core gets it.
   * @throws RequestError if an open request has the same id
   */
  add(request: ProcessedRequest): RequestState {
    if (this.#requests.has(request.requestId)) {
      throw new RequestError(`request id ${request.requestId}: an open request has this id already; choose another`, {
        param: "request_id",
      });
    }
    const state = new RequestState(request, this.#tokenizer, this.#texts);
    this.#requests.set(request.requestId, state);
    this.#counts.accepted++;
    request.coreRequests.forEach(({ requestId }, index) => this.#byCoreId.set(requestId, { state, index }));
    return state;
  }

  /** Takes in one step's outputs. Returns the core's ids of requests that ended here but go on in the core. */
  process(outputs: readonly EngineCoreOutput[], marks: StepMarks): string[] {
    const toAbort: string[] = [];
    const touched = new Set<RequestState>();
    const recorder = this.#recorder.isActive ? this.#recorder : undefined;
    recorder?.begin();
    for (const [requestId, queuedMs, scheduledMs] of marks.starts) {
      const entry = this.#byCoreId.get(requestId);
      if (entry !== undefined) recorder?.start(entry.state.completions[entry.index]!.times, queuedMs, scheduledMs);
    }
    for (const output of outputs) {
      const entry = this.#byCoreId.get(output.requestId);
      if (entry === undefined) continue;
      const { state, index } = entry;
      if (output.finishReason === "error") {
        this.#byCoreId.delete(output.requestId);
        toAbort.push(...this.#close(state));
        this.#count(state, "failed");
        state.fail(failure(state, output));
        continue;
      }
      const isStopped = state.accept(index, output);
      if (output.newTokenIds.length > 0) recorder?.tokens(state, index, output, marks.endMs);
      if (isStopped && output.finishReason === null) toAbort.push(output.requestId);
      if (isStopped || output.finishReason !== null) this.#byCoreId.delete(output.requestId);
      if (state.isFinished && this.#requests.delete(state.request.requestId)) this.#count(state, "finished");
      touched.add(state);
    }
    for (const state of touched) state.notify();
    recorder?.end();
    return toAbort;
  }

  /** Ids of open requests: all, or those that are one of the given, or begin with one and a dash. */
  matching(requestIds?: readonly string[]): string[] {
    const open = [...this.#requests.keys()];
    if (requestIds === undefined) return open;
    return open.filter((id) => requestIds.some((given) => id === given || id.startsWith(`${given}-`)));
  }

  /** Ends a request with reason "abort". Returns the core's ids that are still open; none for an unknown id. */
  abort(requestId: string): string[] {
    const state = this.#requests.get(requestId);
    if (state === undefined) return [];
    const open = this.#close(state);
    state.abort();
    this.#count(state, "aborted");
    return open;
  }

  /** Ends a request with an error for its reader. Returns the core's ids that are still open; none if it had ended. */
  fail(state: RequestState, error: Error): string[] {
    if (this.#requests.get(state.request.requestId) !== state) return [];
    const open = this.#close(state);
    this.#count(state, error instanceof AbortError ? "aborted" : "failed");
    state.fail(error);
    return open;
  }

  /** Ends every request with the error. */
  failAll(error: Error): void {
    const states = [...this.#requests.values()];
    this.#requests.clear();
    this.#byCoreId.clear();
    for (const state of states) {
      this.#count(state, "failed");
      state.fail(error);
    }
  }

  #count(state: RequestState, end: RequestEnd): void {
    this.#counts[end]++;
    this.#recorder.ended(state, end);
  }

  /** Forgets the request; returns those of its core ids that had not ended. */
  #close(state: RequestState): string[] {
    this.#requests.delete(state.request.requestId);
    const ids = state.request.coreRequests.map((request) => request.requestId);
    return ids.filter((id) => this.#byCoreId.delete(id));
  }
}

function failure(state: RequestState, output: EngineCoreOutput): RequestError {
  return new RequestError(`request ${state.request.requestId}: ${output.errorMessage ?? "failed in the engine"}`, {
    status: 500,
    code: "REQUEST_FAILED",
  });
}
