/** A streamed answer of /v1/chat/completions: wire types and rendering. */
import type { ChatDelta, ChatPart, ChatStep } from "../chat/chat-events.js";
import { logprobsOf } from "./chat-answer.js";
import type { ChatHead, ChatStyle } from "./chat-answer.js";
import type { ChatLogprobs } from "./token-logprobs.js";
import { UsageCounter, usageSoFar } from "./usage.js";
import type { StreamUsage, Usage } from "./usage.js";

/** A piece of a tool call: id, type and name in the first one, then arguments alone. */
export interface WireToolCallDelta {
  index: number;
  id?: string;
  type?: "function";
  function: { name?: string; arguments: string };
}

export interface WireChatDelta {
  role?: string;
  content?: string;
  reasoning?: string;
  tool_calls?: WireToolCallDelta[];
}

export interface ChatChunkChoice {
  index: number;
  delta: WireChatDelta;
  logprobs: ChatLogprobs | null;
  finish_reason: string | null;
  stop_reason?: number | string | null;
  token_ids?: readonly number[];
}

export interface ChatChunk {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: ChatChunkChoice[];
  usage?: Usage | null;
  /** In the first chunk, with `return_token_ids`. */
  prompt_token_ids?: readonly number[];
  /** In the first chunk, with `return_prompt_text`. */
  prompt_text?: string;
}

/** A stream's chunks; those of one engine step come as one list. */
export async function* chatChunks(
  head: ChatHead,
  steps: AsyncIterable<ChatStep>,
  style: ChatStyle,
  wantsUsage: StreamUsage,
): AsyncGenerator<ChatChunk[], void, undefined> {
  const { id, created, model } = head;
  const usage = new UsageCounter(style);
  const chunk = (step: ChatStep, choice: ChatChunkChoice, numTokens: number, numReasoning: number): ChatChunk => {
    const whole: ChatChunk = { id, object: "chat.completion.chunk", created, model, choices: [choice] };
    if (wantsUsage === "end") whole.usage = null;
    else if (wantsUsage === "always") {
      const cached = style.reportsCached ? step.numCachedTokens : null;
      const reasoning = style.countsReasoning ? numReasoning : undefined;
      whole.usage = usageSoFar(step.promptTokenIds.length, numTokens, cached, reasoning);
    }
    return whole;
  };
  let isFirst = true;
  for await (const step of steps) {
    usage.prompt(0, step.promptTokenIds.length, step.numCachedTokens);
    const list: ChatChunk[] = [];
    if (isFirst) {
      isFirst = false;
      for (const choice of firstChoices(style)) list.push(chunk(step, choice, 0, 0));
      for (const first of list) {
        if (style.returnTokenIds) first.prompt_token_ids = step.promptTokenIds;
        if (style.promptText !== undefined) first.prompt_text = style.promptText;
      }
    }
    for (const delta of step.deltas) {
      usage.output(delta.index, delta.numTokens, delta.numReasoningTokens);
      const choice = chunkChoice(delta, style);
      if (choice !== undefined) list.push(chunk(step, choice, delta.numTokens, delta.numReasoningTokens));
    }
    yield list;
  }
  if (wantsUsage !== "none") {
    yield [{ id, object: "chat.completion.chunk", created, model, choices: [], usage: usage.total }];
  }
}

/** The role of each answer, and what it echoes. */
function firstChoices(style: ChatStyle): ChatChunkChoice[] {
  return Array.from({ length: style.n }, (_, index) => ({
    index,
    delta: { role: style.role, content: style.echo },
    logprobs: null,
    finish_reason: null,
  }));
}

/** Undefined for a step that has nothing to tell. */
function chunkChoice(delta: ChatDelta, style: ChatStyle): ChatChunkChoice | undefined {
  const { index, parts, tokenIds, finishReason } = delta;
  const hasTokens = tokenIds.length > 0;
  if (finishReason === null && isSilent(parts)) {
    // Text may wait for the rest of a character or marker; its token counts at once where tokens are asked for.
    if (!hasTokens) return undefined;
    if (style.isParsed && style.logprobs === null && !style.returnTokenIds) return undefined;
  }
  const choice: ChatChunkChoice = {
    index,
    delta: wireDelta(parts),
    logprobs: hasTokens ? logprobsOf(tokenIds, delta.logprobs, style) : null,
    finish_reason: finishReason,
  };
  if (finishReason !== null) choice.stop_reason = delta.stopReason;
  if (style.returnTokenIds) choice.token_ids = tokenIds;
  return choice;
}

function isSilent(parts: readonly ChatPart[]): boolean {
  const [first] = parts;
  return first === undefined || (parts.length === 1 && first.kind === "text" && first.text === "");
}

function wireDelta(parts: readonly ChatPart[]): WireChatDelta {
  const delta: WireChatDelta = {};
  for (const part of parts) {
    if (part.kind === "text") delta.content = (delta.content ?? "") + part.text;
    else if (part.kind === "reasoning") delta.reasoning = (delta.reasoning ?? "") + part.text;
    else addCall((delta.tool_calls ??= []), part);
  }
  return delta;
}

function addCall(calls: WireToolCallDelta[], part: Extract<ChatPart, { readonly call: number }>): void {
  if (part.kind === "call") {
    calls.push({ index: part.call, id: part.id, type: "function", function: { name: part.name, arguments: "" } });
    return;
  }
  const last = calls.at(-1);
  if (last?.index === part.call) last.function.arguments += part.json;
  else calls.push({ index: part.call, function: { arguments: part.json } });
}
