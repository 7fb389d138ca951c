/** Conversations to prompts, by the model's chat template. */
import { readFile } from "node:fs/promises";
import type { EngineConfig } from "../config/engine-config.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import { ChatRenderer } from "../tokenizer/chat-template.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { ConfigError, RequestError } from "../util/errors.js";

export interface ChatOptions {
  /** Let the prompt end where the assistant's answer begins; default true, unless `continueFinalMessage`. */
  readonly addGenerationPrompt?: boolean | undefined;
  /** Leave the last message open, for the model to go on with; default false. */
  readonly continueFinalMessage?: boolean | undefined;
  /** In place of the configured template or the tokenizer's: a template's text, or the name of one of the tokenizer's. */
  readonly chatTemplate?: string | undefined;
  /** More variables for the template. */
  readonly chatTemplateKwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Functions that the model may call, in the form of the OpenAI API. */
  readonly tools?: readonly unknown[] | null | undefined;
  /** Texts to draw on, for templates that know them. */
  readonly documents?: readonly unknown[] | null | undefined;
}

/** A prompt. The template writes the special tokens, so none are added around it. */
export interface RenderedChat {
  readonly text: string;
  readonly tokenIds: number[];
}

/** No vocabulary has tokens longer than this on average: a longer conversation is refused before it is tokenized. */
const MAX_CHARACTERS_PER_TOKEN = 256;

/** Renders and encodes conversations for one engine. */
export class ChatPrompts {
  readonly #tokenizer: Tokenizer | undefined;
  readonly #renderer: ChatRenderer | undefined;
  readonly #contentFormat: EngineConfig["chatTemplateContentFormat"];
  /** From `--chat-template`. */
  readonly #template: string | undefined;
  readonly #maxModelLen: number;

  /**
   * @param template    the configured template's text, which wins over the tokenizer's
   * @param maxModelLen in tokens
   * @throws ConfigError if `template` cannot be parsed
   */
  constructor(
    config: EngineConfig,
    tokenizer: Tokenizer | undefined,
    template: string | undefined,
    maxModelLen: number,
  ) {
    this.#tokenizer = tokenizer;
    this.#renderer = tokenizer === undefined ? undefined : new ChatRenderer(tokenizer);
    this.#contentFormat = config.chatTemplateContentFormat;
    this.#template = template;
    this.#maxModelLen = maxModelLen;
    if (template === undefined) return;
    try {
      this.#renderer?.contentFormat({ template });
    } catch (cause) {
      throw new ConfigError(`--chat-template: ${(cause as Error).message}`, { cause });
    }
  }

  /**
   * The prompt of a conversation, as text and as token ids.
   * @throws RequestError (as a rejection) if there is no tokenizer or template, or the template refuses the messages, or they are
   *         too long by far
   */
  async render(messages: readonly ChatMessage[], options: ChatOptions = {}): Promise<RenderedChat> {
    if (this.#tokenizer === undefined || this.#renderer === undefined) {
      throw new RequestError("messages: this engine has no tokenizer, so no chat template; send token ids", {
        param: "messages",
      });
    }
    if (!Array.isArray(messages) || messages.length === 0) {
      throw new RequestError("messages must be a list of at least one message", { param: "messages" });
    }
    const { addGenerationPrompt, continueFinalMessage, chatTemplateKwargs, tools, documents } = options;
    const template = options.chatTemplate ?? this.#template;
    const text = this.#renderer.render(messages, {
      ...(addGenerationPrompt === undefined ? {} : { addGenerationPrompt }),
      ...(continueFinalMessage === undefined ? {} : { continueFinalMessage }),
      ...(template === undefined ? {} : { template }),
      ...(chatTemplateKwargs === undefined ? {} : { variables: chatTemplateKwargs }),
      tools: tools ?? null,
      documents: documents ?? null,
      contentFormat: this.#contentFormat,
    });
    if (text.length > this.#maxModelLen * MAX_CHARACTERS_PER_TOKEN) {
      throw new RequestError(
        `messages must fit into the model's context length of ${this.#maxModelLen} tokens (--max-model-len); ` +
          `got ${text.length} characters`,
        { param: "messages" },
      );
    }
    return { text, tokenIds: await this.#tokenizer.encode(text, { addSpecialTokens: false }) };
  }
}

/**
 * The text of `--chat-template`, which is a file or the template itself.
 * @throws ConfigError if it is neither
 */
export async function readChatTemplate(option: string | undefined): Promise<string | undefined> {
  if (option === undefined) return undefined;
  try {
    return await readFile(option, "utf8");
  } catch (cause) {
    if (/[{}\n]/.test(option)) return option;
    throw new ConfigError(`--chat-template ${option}: no such file, and no template either ({{ }} or {% %} in it)`, {
      cause,
    });
  }
}
