/** StatsListener: what an engine tells about its steps and requests while it runs. */
import type { FinishReason } from "../request/finish-reason.js";
import type { EngineStats } from "./engine-stats.js";

/** How a caller's request ended: all outputs done, given up by its caller, or by an error. */
export type RequestEnd = "finished" | "aborted" | "failed";

/**
 * What one step gave, as seen by the front. All times are milliseconds of this process's `performance.now()`, or differences of two
 * times of the core; never a difference between the two. The object and its lists are used again: read them during the call.
 */
export interface StepStats {
  /** When the outputs came here. */
  timeMs: number;
  /** Prompt tokens of the requests whose first token came in this step; those found in the prefix cache included. */
  numPromptTokens: number;
  /** Of those, the ones that the prefix cache held. */
  numCachedTokens: number;
  numGenerationTokens: number;
  /** Arrival to first token, one per output whose first token came. */
  readonly timeToFirstTokenMs: number[];
  /** Since the output's last token, one per output that went on. */
  readonly interTokenMs: number[];
}

/** One of a request's `n` outputs, when the request has ended. Times are undefined where the output never got so far. */
export interface EndedOutput {
  readonly index: number;
  /** Null: it was still open when the request failed. */
  readonly finishReason: FinishReason | null;
  readonly numTokens: number;
  /** Prompt tokens that the prefix cache held. */
  readonly numCachedTokens: number;
  /** Waiting in the core until it was first scheduled. */
  readonly queuedMs: number | undefined;
  /** First scheduled to first token. */
  readonly prefillMs: number | undefined;
  /** First token to last token. */
  readonly decodeMs: number | undefined;
  /** Arrival to first token. */
  readonly timeToFirstTokenMs: number | undefined;
  /** Arrival to the end. */
  readonly endToEndMs: number;
}

/** A caller's request that has ended. Times are milliseconds of this process's `performance.now()`. */
export interface EndedRequest {
  /** The caller's id for it. */
  readonly requestId: string;
  /** What the caller said of it: `GenerateOptions.trace`. */
  readonly trace: RequestTrace;
  readonly end: RequestEnd;
  readonly arrivalMs: number;
  /** When it was first scheduled, reckoned from the core's durations; undefined if it never was. */
  readonly scheduledMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly endMs: number;
  readonly numPromptTokens: number;
  /** Prompt tokens that the prefix cache held. */
  readonly numCachedTokens: number;
  /** Over all outputs. */
  readonly numOutputTokens: number;
  readonly n: number;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly outputs: readonly EndedOutput[];
}

/** What a caller may say of a request, for the records. */
export interface RequestTrace {
  /** The id that its answer has: "cmpl-...". */
  readonly answerId?: string;
  /** The path that it came by: "/v1/completions". */
  readonly endpoint?: string;
  /** The model's name as the client wrote it. */
  readonly model?: string;
  /** W3C trace context of the caller. */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** A request that has not ended. */
export interface OpenRequest {
  readonly requestId: string;
  readonly trace: RequestTrace;
  readonly arrivalMs: number;
  readonly scheduledMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly numPromptTokens: number;
  readonly numOutputTokens: number;
}

/** Called in the engine's thread, between two turns: to be quick about it. One that throws is not called again. */
export interface StatsListener {
  /** Outputs of a step came; `engine` are the figures after it. Also when the engine comes to rest, with all numbers 0. */
  step?(step: StepStats, engine: EngineStats): void;
  ended?(request: EndedRequest): void;
  /** A grammar that the front had not asked for before was made, in so many milliseconds. */
  grammarMade?(ms: number): void;
}
