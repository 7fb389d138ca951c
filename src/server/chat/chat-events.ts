/** What a chat run gives, in no API's words: parts of answers, why they ended, counts of tokens. */
import type { PositionLogprobs } from "../../engine/request-output.js";
import type { FinishReason, StopReason } from "../../request/finish-reason.js";

/** A piece of one answer. A call's first piece names it; pieces of its arguments follow, JSON when put together. */
export type ChatPart =
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "call"; readonly call: number; readonly id: string; readonly name: string }
  | { readonly kind: "arguments"; readonly call: number; readonly json: string };

/** "tool_calls": it stopped by itself after calls that the model chose to make (a call that the request named ends with "stop"). */
export type ChatFinishReason = FinishReason | "tool_calls";

/** What one step brought to one of the `n` answers. */
export interface ChatDelta {
  readonly index: number;
  /** In the order of the output; may be empty while a parser waits for more. */
  readonly parts: readonly ChatPart[];
  /** The tokens behind this step, those of held back or dropped text included. */
  readonly tokenIds: readonly number[];
  readonly logprobs: readonly PositionLogprobs[] | undefined;
  /** Output tokens up to now. */
  readonly numTokens: number;
  /** Of these, tokens of reasoning; 0 without a reasoning parser. */
  readonly numReasoningTokens: number;
  /** Null while the answer goes on. */
  readonly finishReason: ChatFinishReason | null;
  readonly stopReason: StopReason;
}

/** What one step of the engine brought. */
export interface ChatStep {
  readonly promptTokenIds: readonly number[];
  /** Prompt tokens that the prefix cache had. */
  readonly numCachedTokens: number;
  readonly promptLogprobs: readonly (PositionLogprobs | null)[] | undefined;
  readonly deltas: readonly ChatDelta[];
}

/** A whole tool call. */
export interface ChatToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, unless the model wrote something else. */
  arguments: string;
}

/** A whole answer. */
export interface ChatAnswer {
  readonly index: number;
  reasoning: string;
  text: string;
  readonly calls: ChatToolCall[];
  readonly tokenIds: number[];
  logprobs: PositionLogprobs[] | undefined;
  numReasoningTokens: number;
  finishReason: ChatFinishReason | null;
  stopReason: StopReason;
}
