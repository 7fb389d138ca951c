/** ResponseWriter: a chat run's steps become output items and events. A whole answer is the same without its events. */
import { randomUUID } from "node:crypto";
import type { ChatDelta, ChatPart, ChatStep } from "../chat/chat-events.js";
import { chatLogprobs } from "../openai/token-logprobs.js";
import type { TokenStyle } from "../openai/token-logprobs.js";
import type {
  FunctionCallItem,
  MessageItem,
  OutputItem,
  OutputTextPart,
  ReasoningItem,
  ResponseLogprob,
  ResponseObject,
} from "./response-types.js";

/** An event of the stream. */
export interface ResponseEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly [field: string]: unknown;
}

export interface ResponseStyle extends TokenStyle {
  /** Alternatives per token; null: no log-probabilities. */
  readonly logprobs: number | null;
  readonly reportsCached: boolean;
  /** Tokens of the output as text, for `enable_response_messages`; undefined: not asked for. */
  readonly rawText: ((tokenIds: readonly number[]) => string) | undefined;
  /** The prompt's text. */
  readonly promptText: string;
}

/** For one response, whose object it changes. */
export class ResponseWriter {
  readonly response: ResponseObject;
  readonly #style: ResponseStyle;
  #events: ResponseEvent[] = [];
  #sequence = 0;
  #open: OutputItem | undefined;
  readonly #tokenIds: number[] = [];
  #promptTokenIds: readonly number[] = [];
  #last: ChatDelta | undefined;
  #numCached = 0;

  constructor(response: ResponseObject, style: ResponseStyle) {
    this.response = response;
    this.#style = style;
  }

  /** The first events. */
  begin(): ResponseEvent[] {
    this.response.status = "in_progress";
    this.#emit("response.created", { response: this.#snapshot() });
    this.#emit("response.in_progress", { response: this.#snapshot() });
    return this.#take();
  }

  step(step: ChatStep): ResponseEvent[] {
    this.#promptTokenIds = step.promptTokenIds;
    this.#numCached = step.numCachedTokens;
    for (const delta of step.deltas) {
      this.#last = delta;
      if (this.#style.rawText !== undefined) this.#tokenIds.push(...delta.tokenIds);
      const logprobs = this.#logprobs(delta);
      const textAt = delta.parts.findLastIndex((part) => part.kind === "text" && part.text !== "");
      delta.parts.forEach((part, i) => this.#part(part, i === textAt ? logprobs : []));
    }
    return this.#take();
  }

  /** The last events, after the last step. */
  end(): ResponseEvent[] {
    const { finishReason = null } = this.#last ?? {};
    const isCut = finishReason === "length";
    // An answer without a word is still an answer.
    if (this.response.output.length === 0 && this.#open === undefined) this.#message();
    this.#close(isCut ? "incomplete" : "completed");
    const { response } = this;
    response.status = isCut ? "incomplete" : finishReason === "abort" ? "cancelled" : "completed";
    if (isCut) response.incomplete_details = { reason: "max_output_tokens" };
    this.#fill();
    this.#emit(isCut ? "response.incomplete" : "response.completed", { response: this.#snapshot() });
    return this.#take();
  }

  /** The last events, where it failed after it had begun. */
  fail(code: string, message: string): ResponseEvent[] {
    this.#close("incomplete");
    this.response.status = "failed";
    this.response.error = { code, message };
    this.#fill();
    this.#emit("response.failed", { response: this.#snapshot() });
    return this.#take();
  }

  /** Usage, times, raw messages. */
  #fill(): void {
    const { response } = this;
    const input = this.#promptTokenIds.length;
    const output = this.#last?.numTokens ?? 0;
    response.completed_at = response.status === "completed" ? Math.floor(Date.now() / 1000) : null;
    response.usage = {
      input_tokens: input,
      input_tokens_details: { cached_tokens: this.#style.reportsCached ? this.#numCached : 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: this.#last?.numReasoningTokens ?? 0, tool_output_tokens: 0 },
      total_tokens: input + output,
    };
    const { rawText, promptText } = this.#style;
    if (rawText === undefined) return;
    const raw = (message: string, tokens: readonly number[]) => [
      { message, tokens: [...tokens], type: "raw_message_tokens" as const },
    ];
    response.input_messages = raw(promptText, this.#promptTokenIds);
    response.output_messages = raw(rawText(this.#tokenIds), this.#tokenIds);
  }

  #part(part: ChatPart, logprobs: ResponseLogprob[]): void {
    switch (part.kind) {
      case "reasoning":
        return this.#reasoningDelta(part.text);
      case "text":
        return part.text === "" ? undefined : this.#textDelta(part.text, logprobs);
      case "call":
        return this.#call(part.id, part.name);
      case "arguments":
        return this.#argumentsDelta(part.json);
    }
  }

  #reasoningDelta(text: string): void {
    if (text === "") return;
    const item = this.#open?.type === "reasoning" ? this.#open : this.#reasoning();
    item.content[0]!.text += text;
    this.#emit("response.reasoning_text.delta", { ...this.#place(item), content_index: 0, delta: text });
  }

  #reasoning(): ReasoningItem {
    const item: ReasoningItem = {
      id: itemId("rs"),
      type: "reasoning",
      summary: [],
      content: [],
      encrypted_content: null,
      status: "in_progress",
    };
    this.#begin(item);
    const part = { type: "reasoning_text" as const, text: "" };
    const event = { ...this.#place(item), content_index: 0 };
    // OpenAI's name; vLLM calls it reasoning_part, which OpenAI's own clients refuse.
    this.#emit("response.content_part.added", { ...event, part: { ...part } });
    item.content.push(part);
    return item;
  }

  #textDelta(text: string, logprobs: ResponseLogprob[]): void {
    const item = this.#open?.type === "message" ? this.#open : this.#message();
    const part = item.content[0]!;
    part.text += text;
    part.logprobs?.push(...logprobs);
    this.#emit("response.output_text.delta", { ...this.#place(item), content_index: 0, delta: text, logprobs });
  }

  #message(): MessageItem {
    const item: MessageItem = {
      id: itemId("msg"),
      type: "message",
      role: "assistant",
      status: "in_progress",
      content: [],
      phase: null,
    };
    this.#begin(item);
    const logprobs = this.#style.logprobs === null ? null : [];
    const part: OutputTextPart = { type: "output_text", text: "", annotations: [], logprobs };
    const shown = { ...part, logprobs: [] };
    this.#emit("response.content_part.added", { ...this.#place(item), content_index: 0, part: shown });
    item.content.push(part);
    return item;
  }

  #call(id: string, name: string): void {
    const item: FunctionCallItem = {
      id: itemId("fc"),
      type: "function_call",
      call_id: id,
      name,
      arguments: "",
      status: "in_progress",
    };
    this.#begin(item);
  }

  #argumentsDelta(json: string): void {
    if (this.#open?.type !== "function_call") return;
    this.#open.arguments += json;
    this.#emit("response.function_call_arguments.delta", { ...this.#place(this.#open), delta: json });
  }

  #begin(item: OutputItem): void {
    this.#close("completed");
    this.#open = item;
    this.response.output.push(item);
    this.#emit("response.output_item.added", { output_index: this.#index, item: structuredClone(item) });
  }

  get #index(): number {
    return this.response.output.length - 1;
  }

  #place(item: OutputItem): { item_id: string; output_index: number } {
    return { item_id: item.id, output_index: this.#index };
  }

  /** Ends the open item. */
  #close(status: "completed" | "incomplete"): void {
    const item = this.#open;
    this.#open = undefined;
    if (item === undefined) return;
    const place = this.#place(item);
    if (item.type === "reasoning") {
      const [part] = item.content;
      const event = { ...place, content_index: 0 };
      this.#emit("response.reasoning_text.done", { ...event, text: part!.text });
      this.#emit("response.content_part.done", { ...event, part: { ...part } });
    } else if (item.type === "message") {
      const part = item.content[0]!;
      const event = { ...place, content_index: 0 };
      this.#emit("response.output_text.done", { ...event, text: part.text, logprobs: part.logprobs ?? [] });
      this.#emit("response.content_part.done", { ...event, part: { ...part } });
    } else {
      const { name, arguments: json } = item;
      this.#emit("response.function_call_arguments.done", { ...place, name, arguments: json });
    }
    item.status = status;
    this.#emit("response.output_item.done", { output_index: place.output_index, item: structuredClone(item) });
  }

  #logprobs(delta: ChatDelta): ResponseLogprob[] {
    const { logprobs: num } = this.#style;
    if (num === null) return [];
    return chatLogprobs(delta.tokenIds, delta.logprobs ?? [], num, this.#style).content;
  }

  #snapshot(): ResponseObject {
    return structuredClone(this.response);
  }

  #emit(type: string, fields: Record<string, unknown>): void {
    this.#events.push({ type, sequence_number: this.#sequence++, ...fields });
  }

  #take(): ResponseEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function itemId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll("-", "")}`;
}
