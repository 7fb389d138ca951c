import type { RandomSource } from "./random-source.js";
import type { BenchPrompt } from "./random-prompts.js";
export interface PromptFileOptions {
    readonly path: string;
    readonly format: "sharegpt" | "custom";
    /** Output tokens of every prompt, in place of what the file says. */
    readonly outputLen: number | undefined;
    /** Output tokens where neither the file nor `outputLen` says; for custom files. */
    readonly defaultOutputLen: number;
    /** Tokens of a text; without it a token is taken as four characters. */
    readonly countTokens: ((text: string) => Promise<number>) | undefined;
}
/**
 * Reads all usable prompts of the file, in the order of the file for "custom", shuffled for "sharegpt".
 *
 * @throws ConfigError if the file cannot be read, has the wrong form, or holds no usable prompt
 */
export declare function readPromptFile(options: PromptFileOptions, random: RandomSource): Promise<PromptSupply>;
/** Gives prompts out one after the other, and begins again when there are no more. */
export declare class PromptSupply {
    #private;
    /** @param prompts at least one */
    constructor(prompts: readonly BenchPrompt[]);
    get size(): number;
    take(count: number): BenchPrompt[];
}
