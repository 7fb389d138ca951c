import type { EngineConfig } from "../config/engine-config.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
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
/** Renders and encodes conversations for one engine. */
export declare class ChatPrompts {
    #private;
    /**
     * @param template    the configured template's text, which wins over the tokenizer's
     * @param maxModelLen in tokens
     * @throws ConfigError if `template` cannot be parsed
     */
    constructor(config: EngineConfig, tokenizer: Tokenizer | undefined, template: string | undefined, maxModelLen: number);
    /**
     * The prompt of a conversation, as text and as token ids.
     * @throws RequestError (as a rejection) if there is no tokenizer or template, or the template refuses the messages, or they are
     *         too long by far
     */
    render(messages: readonly ChatMessage[], options?: ChatOptions): Promise<RenderedChat>;
}
/**
 * The text of `--chat-template`, which is a file or the template itself.
 * @throws ConfigError if it is neither
 */
export declare function readChatTemplate(option: string | undefined): Promise<string | undefined>;
