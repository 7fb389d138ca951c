/** One answer: sends the request, and adds what streams in to the turn. */
import { ApiError, callServer } from "./api-client.js";
import type { AnswerFigures, Conversation, ToolCall, Turn } from "./conversation.js";
import { turnsBefore } from "./conversation.js";
import { eventData } from "./event-stream.js";
import { requestBody } from "./request-body.js";

/** What the page reads of a chunk of either endpoint. */
interface Chunk {
  readonly model?: string;
  readonly choices?: readonly {
    /** Of /v1/completions. */
    readonly text?: string;
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning?: string | null;
      readonly reasoning_content?: string | null;
      readonly tool_calls?: readonly {
        readonly index?: number;
        readonly id?: string | null;
        readonly function?: { readonly name?: string | null; readonly arguments?: string | null };
      }[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  } | null;
  readonly error?: { readonly message?: string };
}

/**
 * Fills an assistant turn; text that it has already is gone on with. Errors become the turn's `error`.
 *
 * @param changed called after every piece that came
 */
export async function streamAnswer(
  conversation: Conversation,
  turn: Turn,
  signal: AbortSignal,
  changed: () => void,
): Promise<void> {
  const partial = turn.content;
  const path = conversation.mode === "chat" ? "v1/chat/completions" : "v1/completions";
  const began = performance.now();
  let first = 0;
  const figures: AnswerFigures = (turn.figures = {});
  delete turn.error;
  delete turn.finishReason;
  try {
    const body = requestBody(conversation, turnsBefore(conversation, turn), partial);
    const response = await callServer(path, { body, signal });
    for await (const data of eventData(response.body!)) {
      if (data === "[DONE]") break;
      const chunk = JSON.parse(data) as Chunk;
      if (chunk.error !== undefined) throw new ApiError(chunk.error.message ?? "The answer failed", response.status);
      if (addChunk(turn, chunk) && first === 0) figures.firstTokenMs = (first = performance.now()) - began;
      changed();
    }
    turn.finishReason ??= "ended early";
  } catch (error) {
    if (signal.aborted) turn.finishReason = "stopped";
    else turn.error = error instanceof ApiError ? error.message : `The answer broke off: ${(error as Error).message}`;
  }
  if (first !== 0) figures.decodeMs = performance.now() - first;
  changed();
}

/** Whether the chunk brought something of the answer. */
function addChunk(turn: Turn, chunk: Chunk): boolean {
  if (chunk.model !== undefined) turn.model = chunk.model;
  const { usage } = chunk;
  if (usage) {
    const figures = (turn.figures ??= {});
    if (usage.prompt_tokens !== undefined) figures.promptTokens = usage.prompt_tokens;
    if (usage.completion_tokens !== undefined) figures.completionTokens = usage.completion_tokens;
    if (usage.prompt_tokens_details?.cached_tokens !== undefined) {
      figures.cachedTokens = usage.prompt_tokens_details.cached_tokens;
    }
  }
  const choice = chunk.choices?.[0];
  if (choice === undefined) return false;
  const { delta, finish_reason: reason } = choice;
  const text = delta?.content ?? choice.text ?? "";
  const thought = delta?.reasoning ?? delta?.reasoning_content ?? "";
  turn.content += text;
  if (thought !== "") turn.reasoning = (turn.reasoning ?? "") + thought;
  for (const call of delta?.tool_calls ?? []) addToolCall((turn.toolCalls ??= []), call);
  if (reason) turn.finishReason = reason;
  return text !== "" || thought !== "" || (delta?.tool_calls?.length ?? 0) > 0;
}

type ToolCallDelta = NonNullable<NonNullable<NonNullable<Chunk["choices"]>[number]["delta"]>["tool_calls"]>[number];

function addToolCall(calls: ToolCall[], delta: ToolCallDelta): void {
  const index = Math.min(delta.index ?? calls.length, calls.length);
  const call = (calls[index] ??= { id: "", name: "", arguments: "" });
  if (delta.id) call.id = delta.id;
  call.name += delta.function?.name ?? "";
  call.arguments += delta.function?.arguments ?? "";
}
