import type { ContentFormat } from "./content-format.js";
/** One part of a message's content. */
export interface ContentPart {
    type: string;
    text?: string;
    [field: string]: unknown;
}
/** A message of a conversation, with OpenAI's field names; other fields reach the template as they are. */
export interface ChatMessage {
    role: string;
    content?: string | readonly ContentPart[] | null;
    [field: string]: unknown;
}
/**
 * Copies of the messages with the content in the format that the template wants (parts of text joined by newlines for
 * "string") and tool calls' arguments parsed.
 * @throws RequestError naming the message
 */
export declare function prepareMessages(messages: readonly ChatMessage[], format: ContentFormat): Record<string, unknown>[];
