/** A whole answer of /v1/chat/completions: wire types and rendering. */
import type { PositionLogprobs } from "../../engine/request-output.js";
import type { ChatAnswer, ChatToolCall } from "../chat/chat-events.js";
import type { WholeChat } from "../chat/run-chat.js";
import { chatLogprobs, promptLogprobsJson } from "./token-logprobs.js";
import type { ChatLogprobs, PromptLogprobsJson, TokenStyle } from "./token-logprobs.js";
import { UsageCounter } from "./usage.js";
import type { Usage } from "./usage.js";

/** A tool call on the wire. */
export interface WireToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface WireChatMessage {
  role: string;
  /** Null where reasoning or calls are all there is. */
  content: string | null;
  refusal: null;
  annotations: null;
  audio: null;
  function_call: null;
  /** Only where there are any. */
  tool_calls?: WireToolCall[];
  reasoning: string | null;
}

export interface ChatChoice {
  index: number;
  message: WireChatMessage;
  logprobs: ChatLogprobs | null;
  finish_reason: string | null;
  stop_reason: number | string | null;
  /** Generated ids, with `return_token_ids`. */
  token_ids: readonly number[] | null;
}

export interface ChatResponse {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: ChatChoice[];
  service_tier: null;
  system_fingerprint: string | null;
  usage: Usage;
  prompt_logprobs: PromptLogprobsJson | null;
  /** With `return_token_ids`. */
  prompt_token_ids: readonly number[] | null;
  /** What the template wrote, with `return_prompt_text`. */
  prompt_text: string | null;
  kv_transfer_params: null;
}

/** How a request wants its answers written. */
export interface ChatStyle extends TokenStyle {
  readonly role: string;
  /** Text that precedes each answer. */
  readonly echo: string;
  readonly logprobs: number | null;
  readonly returnTokenIds: boolean;
  /** The prompt's text, where it is asked for. */
  readonly promptText: string | undefined;
  /** Outputs per prompt. */
  readonly n: number;
  /** Reasoning and calls are taken out of the text, so that nothing may be left of it. */
  readonly isParsed: boolean;
  /** The request demands calls. */
  readonly isForced: boolean;
  readonly countsReasoning: boolean;
  /** Whether usage tells of the prefix cache. */
  readonly reportsCached: boolean;
}

/** Fields that all answers and chunks of a request share. */
export interface ChatHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export function chatResponse(head: ChatHead, chat: WholeChat, style: ChatStyle): ChatResponse {
  const usage = new UsageCounter(style);
  usage.prompt(0, chat.promptTokenIds.length, chat.numCachedTokens);
  const choices = chat.answers.map((answer): ChatChoice => {
    usage.completion(answer.tokenIds.length, answer.numReasoningTokens);
    return {
      index: answer.index,
      message: message(answer, style),
      logprobs: logprobsOf(answer.tokenIds, answer.logprobs, style),
      finish_reason: answer.finishReason,
      stop_reason: answer.stopReason,
      token_ids: style.returnTokenIds ? answer.tokenIds : null,
    };
  });
  return {
    id: head.id,
    object: "chat.completion",
    created: head.created,
    model: head.model,
    choices,
    service_tier: null,
    system_fingerprint: null,
    usage: usage.total,
    prompt_logprobs: promptLogprobsJson(chat.promptLogprobs),
    prompt_token_ids: style.returnTokenIds ? chat.promptTokenIds : null,
    prompt_text: style.promptText ?? null,
    kv_transfer_params: null,
  };
}

function message(answer: ChatAnswer, style: ChatStyle): WireChatMessage {
  const content = style.echo + answer.text;
  return {
    role: style.role,
    content: content === "" && style.isParsed && !style.isForced ? null : content,
    refusal: null,
    annotations: null,
    audio: null,
    function_call: null,
    ...(answer.calls.length > 0 ? { tool_calls: answer.calls.map(wireToolCall) } : {}),
    reasoning: answer.reasoning === "" ? null : answer.reasoning,
  };
}

function wireToolCall(call: ChatToolCall): WireToolCall {
  return { id: call.id, type: "function", function: { name: call.name, arguments: call.arguments } };
}

/** Null where none were asked for. */
export function logprobsOf(
  tokenIds: readonly number[],
  positions: readonly PositionLogprobs[] | undefined,
  style: ChatStyle,
): ChatLogprobs | null {
  return style.logprobs === null ? null : chatLogprobs(tokenIds, positions ?? [], style.logprobs, style);
}
