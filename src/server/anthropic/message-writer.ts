/** MessageWriter: a chat run's steps become Anthropic's content blocks and events. A whole message is the same without its events. */
import { randomUUID } from "node:crypto";
import type { ChatDelta, ChatPart, ChatStep } from "../chat/chat-events.js";

export interface TextBlock {
  type: "text";
  text: string;
}

export interface ThinkingBlock {
  type: "thinking";
  thinking: string;
  /** Not checked when it comes back. */
  signature: string;
}

export interface ToolUseBlock {
  type: "tool_use";
  id: string;
  name: string;
  input: Record<string, unknown>;
}

export type ContentBlock = TextBlock | ThinkingBlock | ToolUseBlock;
export type MessageStopReason = "end_turn" | "max_tokens" | "stop_sequence" | "tool_use";

export interface MessageUsage {
  /** Those that the prefix cache had are not among them, where it is told about. */
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens?: number;
  cache_read_input_tokens?: number;
}

/** The answer of /v1/messages. */
export interface MessageObject {
  id: string;
  type: "message";
  role: "assistant";
  model: string;
  content: ContentBlock[];
  stop_reason: MessageStopReason | null;
  stop_sequence: string | null;
  usage: MessageUsage;
}

export interface MessageEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** For one message. */
export class MessageWriter {
  readonly message: MessageObject;
  readonly #reportsCached: boolean;
  #events: MessageEvent[] = [];
  #isBegun = false;
  #open: ContentBlock | undefined;
  /** Arguments of the open call, JSON. */
  #json = "";
  #last: ChatDelta | undefined;

  constructor(model: string, options: { readonly reportsCached: boolean }) {
    this.#reportsCached = options.reportsCached;
    this.message = {
      id: `msg_${randomUUID().replaceAll("-", "")}`,
      type: "message",
      role: "assistant",
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    };
  }

  step(step: ChatStep): MessageEvent[] {
    this.message.usage = this.#usage(step);
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#events.push({ type: "message_start", message: structuredClone(this.message) }, { type: "ping" });
    }
    for (const delta of step.deltas) {
      this.#last = delta;
      for (const part of delta.parts) this.#part(part);
    }
    this.message.usage.output_tokens = this.#last?.numTokens ?? 0;
    return this.#take();
  }

  end(): MessageEvent[] {
    this.#close();
    const { message } = this;
    const { finishReason = null, stopReason = null } = this.#last ?? {};
    const isSequence = finishReason === "stop" && typeof stopReason === "string";
    message.stop_sequence = isSequence ? stopReason : null;
    message.stop_reason = isSequence ? "stop_sequence" : reasonOf(message, finishReason);
    const { stop_reason, stop_sequence, usage } = message;
    this.#events.push({ type: "message_delta", delta: { stop_reason, stop_sequence }, usage: { ...usage } });
    this.#events.push({ type: "message_stop" });
    return this.#take();
  }

  #usage({ promptTokenIds, numCachedTokens }: ChatStep): MessageUsage {
    const { output_tokens } = this.message.usage;
    if (!this.#reportsCached) return { input_tokens: promptTokenIds.length, output_tokens };
    const cached = Math.min(Math.max(0, numCachedTokens), promptTokenIds.length);
    return {
      input_tokens: promptTokenIds.length - cached,
      output_tokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: cached,
    };
  }

  #part(part: ChatPart): void {
    if (part.kind === "call") return this.#begin({ type: "tool_use", id: part.id, name: part.name, input: {} });
    if (part.kind === "arguments") {
      if (this.#open?.type !== "tool_use") return;
      this.#json += part.json;
      return this.#delta({ type: "input_json_delta", partial_json: part.json });
    }
    if (part.text === "") return;
    if (part.kind === "reasoning") {
      if (this.#open?.type !== "thinking") this.#begin({ type: "thinking", thinking: "", signature: "" });
      (this.#open as ThinkingBlock).thinking += part.text;
      return this.#delta({ type: "thinking_delta", thinking: part.text });
    }
    if (this.#open?.type !== "text") this.#begin({ type: "text", text: "" });
    (this.#open as TextBlock).text += part.text;
    this.#delta({ type: "text_delta", text: part.text });
  }

  get #index(): number {
    return this.message.content.length - 1;
  }

  #begin(block: ContentBlock): void {
    this.#close();
    this.message.content.push(block);
    this.#open = block;
    this.#json = "";
    this.#events.push({ type: "content_block_start", index: this.#index, content_block: { ...block } });
  }

  #delta(delta: object): void {
    this.#events.push({ type: "content_block_delta", index: this.#index, delta });
  }

  #close(): void {
    const block = this.#open;
    this.#open = undefined;
    if (block === undefined) return;
    if (block.type === "tool_use") block.input = readInput(this.#json);
    if (block.type === "thinking") {
      block.signature = randomUUID().replaceAll("-", "");
      this.#delta({ type: "signature_delta", signature: block.signature });
    }
    this.#events.push({ type: "content_block_stop", index: this.#index });
  }

  #take(): MessageEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function reasonOf(message: MessageObject, finishReason: ChatDelta["finishReason"]): MessageStopReason | null {
  if (finishReason === "length") return "max_tokens";
  if (finishReason === null || finishReason === "abort" || finishReason === "error") return null;
  // A call that the request named ends its answer as other text does.
  return message.content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
}

/** What the model wrote; {} where that is no object. */
function readInput(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json === "" ? "{}" : json);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
