import type { EnginePrompt } from "./input-processor.js";
/** Text, token ids, or an object that says which. Special tokens are put around text, never around token ids. */
export type PromptInput = string | readonly number[] | {
    readonly prompt: string;
} | {
    readonly promptTokenIds: readonly number[];
};
/** Several prompts. An empty list is a batch of none. */
export type PromptBatch = readonly (string | readonly number[] | Exclude<PromptInput, string | readonly number[]>)[];
/** Whether the value is a list of prompts rather than one prompt: a list of numbers is one. */
export declare function isBatch(prompts: PromptInput | PromptBatch): prompts is PromptBatch;
/** @throws RequestError if the value is no prompt */
export declare function enginePrompt(input: PromptInput): EnginePrompt;
