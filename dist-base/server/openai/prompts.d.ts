import type { ClientPrompt, EngineClient } from "../engine-client.js";
export interface PromptOptions {
    readonly addSpecialTokens: boolean;
    /** Keep this many tokens; -1: the model's length; undefined: all. */
    readonly truncate: number | undefined;
    /** Which side is cut off; left keeps the end. */
    readonly truncationSide: "left" | "right";
}
/**
 * @throws RequestError with param "prompt" for anything else, for too many or too long prompts, and for text without a tokenizer
 */
export declare function readPrompts(value: unknown, engine: EngineClient, options: PromptOptions): Promise<ClientPrompt[]>;
