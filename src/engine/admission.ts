/** Admission: which requests are refused because too much waits already. */
import { RequestError } from "../util/errors.js";
import type { OutputProcessor } from "./output-processor.js";
import type { ProcessedRequest } from "./input-processor.js";

export interface AdmissionLimits {
  /** Most outputs that wait or run. */
  readonly maxNumQueuedReqs?: number | undefined;
  /** Prompt tokens of requests without an output yet, from which on nothing is let in. */
  readonly maxNumQueuedTokens?: number | undefined;
}

/** Refuses a request before it is counted. Both limits hold for the whole engine, and cost nothing where they are not set. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #open: OutputProcessor;

  constructor(limits: AdmissionLimits, open: OutputProcessor) {
    this.#limits = limits;
    this.#open = open;
  }

  /**
   * @param request undefined: before it is tokenized, so that a full engine does not even do that
   * @throws RequestError 503 when the engine is full; 400 if it would never be let in
   */
  check(request?: ProcessedRequest): void {
    const { maxNumQueuedReqs, maxNumQueuedTokens } = this.#limits;
    if (maxNumQueuedReqs !== undefined) {
      const numOutputs = request?.coreRequests.length ?? 1;
      if (numOutputs > maxNumQueuedReqs) {
        throw new RequestError(
          `n: this server takes at most ${maxNumQueuedReqs} outputs at a time (--max-num-queued-reqs); got ${numOutputs}`,
          { param: "n" },
        );
      }
      if (this.#open.numOutputs + numOutputs > maxNumQueuedReqs) {
        throw full(`${this.#open.numOutputs} of ${maxNumQueuedReqs} requests wait or run (--max-num-queued-reqs)`);
      }
    }
    if (maxNumQueuedTokens === undefined) return;
    const numTokens = this.#open.countPrefillTokens();
    if (numTokens >= maxNumQueuedTokens) {
      throw full(`${numTokens} prompt tokens wait, the limit is ${maxNumQueuedTokens} (--max-num-queued-tokens)`);
    }
  }
}

function full(why: string): RequestError {
  return new RequestError(`the server is full: ${why}; try again later`, { status: 503, code: "QUEUE_FULL" });
}
