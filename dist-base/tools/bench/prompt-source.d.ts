/** Where a benchmark's prompts come from: drawn at random, or read from a file. */
import type { Tokenizer } from "../../tokenizer/tokenizer.js";
import type { BenchPrompt, TokenIdPool } from "./random-prompts.js";
export declare const DATASET_NAMES: readonly ["random", "sharegpt", "custom"];
export type DatasetName = (typeof DATASET_NAMES)[number];
export interface DatasetOptions {
    readonly name: DatasetName;
    /** File of "sharegpt" and "custom". */
    readonly path: string | undefined;
    /** Tokens of a random prompt. */
    readonly inputLen: number;
    /** Output tokens of every prompt; undefined: what the file says, else `defaultOutputLen`. */
    readonly outputLen: number | undefined;
    readonly defaultOutputLen: number;
    readonly rangeRatio: number;
    readonly prefixLen: number;
    readonly seed: number;
}
/** How prompts are given: as ids of a pool, as text made with a tokenizer, or as plain words of unknown length. */
export type PromptForm = {
    readonly kind: "ids";
    readonly pool: TokenIdPool;
    readonly tokenizer?: Tokenizer | undefined;
} | {
    readonly kind: "text";
    readonly tokenizer: Tokenizer;
} | {
    readonly kind: "words";
};
/** Gives the next `count` prompts; never the same random ones twice, and a file's from its beginning again when it ends. */
export type PromptSource = (count: number) => Promise<BenchPrompt[]>;
/** @throws ConfigError if the file is missing or wrong */
export declare function openPromptSource(options: DatasetOptions, form: PromptForm): Promise<PromptSource>;
