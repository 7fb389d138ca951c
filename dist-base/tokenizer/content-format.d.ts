/** How a chat template wants a message's content: as text, or as OpenAI's list of parts. Read from its syntax tree. */
export type ContentFormat = "string" | "openai";
/**
 * "openai" if the template loops over the content of a message that it got by looping over `messages`, else "string"
 * (the rule of vLLM's detection).
 * @param root  a parsed template of @huggingface/jinja
 */
export declare function detectContentFormat(root: unknown): ContentFormat;
