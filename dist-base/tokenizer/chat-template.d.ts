import type { ChatMessage } from "./chat-messages.js";
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
/** The chat templates of one model. */
export declare class ChatRenderer {
    #private;
    /** @param model  a tokenizer, or the two fields of one */
    constructor(model: {
        readonly chatTemplate: string | Readonly<Record<string, string>> | undefined;
        readonly specialTokens: Readonly<Record<string, string>>;
    });
    /**
     * The text of a conversation, to be encoded without adding special tokens.
     * @throws RequestError (400) with the template's own message if it refuses, if there is no template, or if a message
     *   is not what the template can take
     */
    render(messages: readonly ChatMessage[], options?: ChatTemplateOptions): string;
    /** How the template takes contents. @throws RequestError if there is no such template */
    contentFormat(options?: Pick<ChatTemplateOptions, "template" | "tools">): ContentFormat;
}
