/** StepPlan: a step while it is being made; becomes a SchedulerOutput. */
import type { Request } from "../request/request.js";
import type { CachedRequestData, NewRequestData, SchedulerOutput } from "../request/scheduler-output.js";
import { reachesLastToken } from "../request/scheduler-output.js";

/** Collects who gets how many tokens, and keeps the budget. */
export class StepPlan {
  /** Tokens still to be handed out. */
  budget: number;
  /** In the order of scheduling; the same order as the output's `numScheduledTokens`. */
  readonly requests: Request[] = [];
  /** Those of them that sample a token; known after commit(). */
  readonly sampling = new Set<Request>();
  readonly #numScheduledTokens = new Map<string, number>();
  readonly #newRequests: NewRequestData[] = [];
  #cachedRequests: CachedRequestData[] = [];
  readonly #totalBudget: number;

  constructor(budget: number) {
    this.budget = budget;
    this.#totalBudget = budget;
  }

  /** A request that the worker knows goes on. */
  addCached(request: Request, numTokens: number, newBlockIds: readonly (readonly number[])[]): void {
    const { requestId, numComputedTokens } = request;
    this.#cachedRequests.push({ requestId, newBlockIds, numComputedTokens });
    this.#add(request, numTokens);
  }

  /** A request that the worker does not know, or no longer. `request.numComputedTokens` counts the prefix hit already. */
  addNew(request: Request, numTokens: number, blockIds: number[][]): void {
    const { requestId, promptTokenIds, params, eosTokenIds, numComputedTokens } = request;
    const outputTokenIds = request.outputTokenIds.slice();
    this.#newRequests.push({
      requestId,
      promptTokenIds,
      outputTokenIds,
      params,
      eosTokenIds,
      blockIds,
      numComputedTokens,
    });
    this.#add(request, numTokens);
  }

  /** Takes a request out again that this step gave tokens to, if it did; they return to the budget. */
  remove(request: Request): void {
    const numTokens = this.#numScheduledTokens.get(request.requestId);
    if (numTokens === undefined) return;
    this.budget += numTokens;
    this.#numScheduledTokens.delete(request.requestId);
    this.#cachedRequests = this.#cachedRequests.filter((data) => data.requestId !== request.requestId);
    this.requests.splice(this.requests.indexOf(request), 1);
  }

  /**
   * The finished plan. Every request's `numComputedTokens` moves on to the end of this step; one whose last token is
   * reached will have another.
   */
  commit(finishedRequestIds: string[], preemptedRequestIds: string[]): SchedulerOutput {
    for (const request of this.requests) {
      const numScheduled = this.#numScheduledTokens.get(request.requestId)!;
      if (reachesLastToken(request.numComputedTokens, numScheduled, request.numExpectedTokens)) {
        request.numOutputPlaceholders++;
        this.sampling.add(request);
      }
      request.numComputedTokens += numScheduled;
      request.numInFlightSteps++;
    }
    return {
      scheduledNewRequests: this.#newRequests,
      scheduledCachedRequests: this.#cachedRequests,
      numScheduledTokens: this.#numScheduledTokens,
      totalNumScheduledTokens: this.#totalBudget - this.budget,
      finishedRequestIds,
      preemptedRequestIds,
    };
  }

  #add(request: Request, numTokens: number): void {
    this.requests.push(request);
    this.#numScheduledTokens.set(request.requestId, numTokens);
    this.budget -= numTokens;
  }
}
