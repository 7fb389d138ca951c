/** OutputTimes: when one of a request's outputs was scheduled, began and went on. */
import type { FinishReason } from "../request/finish-reason.js";
import type { EndedOutput } from "./stats-listener.js";

/** Core times are on the core's clock, front times on this process's `performance.now()`; a difference is never between the two. */
export class OutputTimes {
  numTokens = 0;
  /** Prompt tokens that the prefix cache held. */
  numCachedTokens = 0;
  /** Waiting in the core. */
  queuedMs: number | undefined;
  /** Front time of the news that it was scheduled. */
  scheduledMs: number | undefined;
  /** Front time. */
  firstTokenMs: number | undefined;
  #scheduledCoreMs = 0;
  #firstCoreMs = 0;
  #lastCoreMs = 0;

  /** It was scheduled for the first time. */
  start(queuedCoreMs: number, scheduledCoreMs: number, nowMs: number): void {
    this.queuedMs = scheduledCoreMs - queuedCoreMs;
    this.#scheduledCoreMs = scheduledCoreMs;
    this.scheduledMs = nowMs;
  }

  /** Tokens came. Returns the milliseconds since the last ones; undefined for the first ones. */
  tokens(count: number, coreMs: number, nowMs: number): number | undefined {
    const isFirst = this.numTokens === 0;
    this.numTokens += count;
    const since = coreMs - this.#lastCoreMs;
    this.#lastCoreMs = coreMs;
    if (!isFirst) return since;
    this.#firstCoreMs = coreMs;
    this.firstTokenMs = nowMs;
    if (this.scheduledMs !== undefined) this.scheduledMs = nowMs - (coreMs - this.#scheduledCoreMs);
    return undefined;
  }

  /** What is known when the request has ended. */
  ended(index: number, finishReason: FinishReason | null, arrivalMs: number, nowMs: number): EndedOutput {
    const { firstTokenMs, queuedMs, numTokens, numCachedTokens } = this;
    const hasToken = firstTokenMs !== undefined;
    return {
      index,
      finishReason,
      numTokens,
      numCachedTokens,
      queuedMs,
      prefillMs: hasToken && queuedMs !== undefined ? this.#firstCoreMs - this.#scheduledCoreMs : undefined,
      decodeMs: hasToken ? this.#lastCoreMs - this.#firstCoreMs : undefined,
      timeToFirstTokenMs: hasToken ? firstTokenMs - arrivalMs : undefined,
      endToEndMs: nowMs - arrivalMs,
    };
  }
}
