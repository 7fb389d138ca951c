/** Request: one prompt on its way through the engine. Owned by the scheduler once added. */
import { RequestError } from "../util/errors.js";
import type { FinishReason, StopReason } from "./finish-reason.js";
import type { SamplingParams } from "./sampling-params.js";

/** Where a request stands. `preempted`: its blocks were taken, it waits to be computed again. */
export type RequestStatus = "waiting" | "running" | "preempted" | "finished";

/** What is needed to make a Request. */
export interface RequestOptions {
  /** Unique among the requests that have not ended. */
  readonly requestId: string;
  /** At least one. */
  readonly promptTokenIds: readonly number[];
  readonly params: SamplingParams;
  /**
   * The model's end-of-sequence ids. The first one ends a request without a stop reason; the others do with themselves
   * as the reason, like stop token ids.
   */
  readonly eosTokenIds?: readonly number[];
  /** Orders requests of equal priority. Milliseconds, or any number that grows. */
  readonly arrivalTime?: number;
  /** Lower goes first; heeded by the policy "priority" only. */
  readonly priority?: number;
  /** Only requests with the same salt share cached prefixes. */
  readonly cacheSalt?: string | null;
  /** Name of the LoRA adapter, which changes every key and value. */
  readonly loraName?: string | null;
}

/** A request's tokens and progress. Only the scheduler and the KV cache manager change it. */
export class Request {
  readonly requestId: string;
  readonly promptTokenIds: readonly number[];
  readonly params: SamplingParams;
  readonly eosTokenIds: readonly number[];
  readonly arrivalTime: number;
  readonly priority: number;
  readonly cacheSalt: string | null;
  readonly loraName: string | null;

  /** Sampled so far. Survives a preemption. */
  readonly outputTokenIds: number[] = [];
  status: RequestStatus = "waiting";
  finishReason: FinishReason | null = null;
  stopReason: StopReason = null;
  /** With `finishReason` "error": what went wrong. */
  errorMessage: string | null = null;
  /** Tokens whose keys and values are computed, counting those of steps under way. 0 after a preemption. */
  numComputedTokens = 0;
  /** Prompt tokens found in the prefix cache when the request was first scheduled; -1 before. */
  numCachedTokens = -1;
  numPreemptions = 0;
  /** Hash of each full block of tokens so far, in order; extended as tokens come. */
  readonly blockHashes: string[] = [];
  /** Prompt tokens whose log-probabilities went out; the first has none. A recomputed prompt does not send them again. */
  numPromptLogprobsSent = 1;
  /** Output tokens that steps under way sample: they count as tokens when a step is planned, but nobody knows them. */
  numOutputPlaceholders = 0;
  /** Steps in which it is scheduled and whose results are still to come. */
  numInFlightSteps = 0;
  /** The next so many of those results rest on keys and values that were never written: they are dropped. */
  numResultsToDrop = 0;

  /** @throws RequestError if the prompt is empty */
  constructor(options: RequestOptions) {
    if (options.promptTokenIds.length === 0) {
      throw new RequestError(`request ${options.requestId}: the prompt must have at least one token; got none`, {
        param: "prompt",
      });
    }
    this.requestId = options.requestId;
    this.promptTokenIds = options.promptTokenIds;
    this.params = options.params;
    this.eosTokenIds = options.eosTokenIds ?? [];
    this.arrivalTime = options.arrivalTime ?? 0;
    this.priority = options.priority ?? 0;
    this.cacheSalt = options.cacheSalt ?? null;
    this.loraName = options.loraName ?? null;
  }

  get numPromptTokens(): number {
    return this.promptTokenIds.length;
  }

  get numOutputTokens(): number {
    return this.outputTokenIds.length;
  }

  /** Prompt and output. */
  get numTokens(): number {
    return this.promptTokenIds.length + this.outputTokenIds.length;
  }

  /** Prompt, output, and the output tokens that steps under way sample. */
  get numExpectedTokens(): number {
    return this.numTokens + this.numOutputPlaceholders;
  }

  get isFinished(): boolean {
    return this.status === "finished";
  }

  /** Prompt log-probabilities need every prompt token computed here and now. */
  get skipReadingPrefixCache(): boolean {
    return this.params.promptLogprobs !== null;
  }

  /** The i-th token of prompt and output together; undefined beyond the end. */
  tokenAt(index: number): number | undefined {
    const numPrompt = this.promptTokenIds.length;
    return index < numPrompt ? this.promptTokenIds[index] : this.outputTokenIds[index - numPrompt];
  }
}
