/** Chat templates: a conversation in, the model's prompt text out. */
import { Template } from "@huggingface/jinja";
import { RequestError } from "../util/errors.js";
import { messageOf } from "../util/text.js";
import { prepareMessages } from "./chat-messages.js";
import type { ChatMessage } from "./chat-messages.js";
import { detectContentFormat } from "./content-format.js";
import type { ContentFormat } from "./content-format.js";

export interface ChatTemplateOptions {
  /** End with the opening of the assistant's answer; default true, and false with `continueFinalMessage`. */
  addGenerationPrompt?: boolean;
  /** Leave the last message open, so that the model goes on with it; default false. */
  continueFinalMessage?: boolean;
  tools?: readonly unknown[] | null;
  documents?: readonly unknown[] | null;
  /** A template to use instead of the model's: its text, or the name of one of the model's. */
  template?: string;
  /** `auto` (default) reads the template's syntax. */
  contentFormat?: ContentFormat | "auto";
  /** More variables for the template (`chat_template_kwargs`); they win over special tokens. */
  variables?: Readonly<Record<string, unknown>>;
}

interface ParsedTemplate {
  template: Template;
  contentFormat: ContentFormat;
}

/** Parsed templates kept; a model has one or two, requests may bring their own. */
const CACHE_SIZE = 32;

/** Marks the place where the last message ends. The space tells whether the template trims. */
const END_MARK = "QUIRE_END_OF_FINAL_MESSAGE ";

/** The chat templates of one model. */
export class ChatRenderer {
  readonly #own: string | Readonly<Record<string, string>> | undefined;
  readonly #specialTokens: Readonly<Record<string, string>>;
  readonly #cache = new Map<string, ParsedTemplate>();

  /** @param model  a tokenizer, or the two fields of one */
  constructor(model: {
    readonly chatTemplate: string | Readonly<Record<string, string>> | undefined;
    readonly specialTokens: Readonly<Record<string, string>>;
  }) {
    this.#own = model.chatTemplate;
    this.#specialTokens = model.specialTokens;
  }

  /**
   * The text of a conversation, to be encoded without adding special tokens.
   * @throws RequestError (400) with the template's own message if it refuses, if there is no template, or if a message
   *   is not what the template can take
   */
  render(messages: readonly ChatMessage[], options: ChatTemplateOptions = {}): string {
    const { continueFinalMessage = false, tools = null, documents = null } = options;
    const addGenerationPrompt = options.addGenerationPrompt ?? !continueFinalMessage;
    if (continueFinalMessage && addGenerationPrompt) {
      throw new RequestError("continue_final_message and add_generation_prompt cannot both be set", {
        param: "continue_final_message",
      });
    }
    const { template, contentFormat } = this.#parse(this.#choose(options));
    const format = options.contentFormat ?? "auto";
    const prepared = prepareMessages(messages, format === "auto" ? contentFormat : format);
    if (continueFinalMessage) markEnd(prepared);
    let text: string;
    try {
      text = template.render({
        ...this.#specialTokens,
        tools: tools === null || tools.length === 0 ? null : tools,
        documents,
        add_generation_prompt: addGenerationPrompt,
        ...options.variables,
        messages: prepared,
      });
    } catch (cause) {
      throw new RequestError(`chat template: ${messageOf(cause)}`, { param: "messages", cause });
    }
    return continueFinalMessage ? cutAtMark(text) : text;
  }

  /** How the template takes contents. @throws RequestError if there is no such template */
  contentFormat(options: Pick<ChatTemplateOptions, "template" | "tools"> = {}): ContentFormat {
    return this.#parse(this.#choose(options)).contentFormat;
  }

  /** The template's text: the request's own, the model's by name, `tool_use` for tools, or `default`. */
  #choose({ template, tools }: Pick<ChatTemplateOptions, "template" | "tools">): string {
    const own = this.#own;
    const named = typeof own === "string" || own === undefined ? {} : own;
    if (template !== undefined) return Object.hasOwn(named, template) ? named[template]! : template;
    if (typeof own === "string") return own;
    const text = (tools?.length ? named.tool_use : undefined) ?? named.default;
    if (text !== undefined) return text;
    const names = Object.keys(named);
    throw new RequestError(
      names.length === 0
        ? "this model has no chat template; send a prompt instead of messages, or give a chat template"
        : `this model has several chat templates and none is the default; name one: ${names.join(", ")}`,
      { param: "chat_template" },
    );
  }

  #parse(source: string): ParsedTemplate {
    const cached = this.#cache.get(source);
    if (cached !== undefined) {
      // Back to the end: the first of the map is the one to go.
      this.#cache.delete(source);
      this.#cache.set(source, cached);
      return cached;
    }
    let parsed: ParsedTemplate;
    try {
      const template = new Template(source.replace(/\r\n?/g, "\n"));
      parsed = { template, contentFormat: detectContentFormat(template.parsed) };
    } catch (cause) {
      throw new RequestError(`the chat template cannot be parsed: ${messageOf(cause)}`, {
        param: "chat_template",
        cause,
      });
    }
    this.#cache.set(source, parsed);
    if (this.#cache.size > CACHE_SIZE) this.#cache.delete(this.#cache.keys().next().value!);
    return parsed;
  }
}

/** Puts the mark at the end of the last message's text. */
function markEnd(messages: Record<string, unknown>[]): void {
  const last = messages.at(-1);
  if (last === undefined) {
    throw new RequestError("continue_final_message needs a message to continue", { param: "messages" });
  }
  if (typeof last.content === "string") {
    last.content += END_MARK;
    return;
  }
  const parts = last.content as { text: string }[];
  if (parts.length === 0) parts.push({ type: "text", text: "" } as { text: string });
  const part = parts.at(-1)!;
  part.text += END_MARK;
}

/** The text up to the mark; where the template trimmed the message, without the space before the mark too. */
function cutAtMark(text: string): string {
  const at = text.lastIndexOf(END_MARK.trimEnd());
  if (at < 0) {
    throw new RequestError(
      "continue_final_message: the chat template leaves the last message out, so it cannot be continued",
      { param: "continue_final_message" },
    );
  }
  const isTrimmed = !text.startsWith(END_MARK, at);
  return isTrimmed ? text.slice(0, at).trimEnd() : text.slice(0, at);
}
