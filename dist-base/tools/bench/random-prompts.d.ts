/** Random prompts: token ids, or texts of a wanted number of tokens. */
import type { Tokenizer } from "../../tokenizer/tokenizer.js";
import type { RandomSource } from "./random-source.js";
/** One prompt and the length of its output. */
export interface BenchPrompt {
    readonly prompt: string | readonly number[];
    /** Tokens of the prompt; undefined where nobody counted. */
    readonly promptTokens: number | undefined;
    /** Output tokens to ask for. */
    readonly outputTokens: number;
}
export interface RandomPromptOptions {
    readonly numPrompts: number;
    /** Tokens of a prompt, without the prefix. */
    readonly inputLen: number;
    readonly outputLen: number;
    /** Lengths are drawn from [floor(length x (1 - ratio)), ceil(length x (1 + ratio))]. In [0, 1). */
    readonly rangeRatio: number;
    /** Tokens that all prompts begin with. */
    readonly prefixLen: number;
}
/** Where random token ids come from. */
export interface TokenIdPool {
    draw(random: RandomSource): number;
}
/** Ids of a vocabulary of which nothing is known but its size: from 1,000 up, from a quarter up where it is small. */
export declare function poolOfSize(vocabSize: number, excluded?: readonly number[]): TokenIdPool;
/** Ids of a tokenizer that are not special, below `vocabSize` (the model's, which may be larger or smaller). */
export declare function poolOfTokenizer(tokenizer: Tokenizer, vocabSize?: number): TokenIdPool;
/** `count` ids of the pool. */
export declare function randomTokenIds(random: RandomSource, count: number, pool: TokenIdPool): number[];
/** Prompts of token ids; the same for the same state of `random`. */
export declare function randomPrompts(random: RandomSource, options: RandomPromptOptions, pool: TokenIdPool): BenchPrompt[];
/** Prompts of text that the tokenizer turns into the wanted number of tokens, special ones around it included. */
export declare function randomTextPrompts(random: RandomSource, options: RandomPromptOptions, tokenizer: Tokenizer): Promise<BenchPrompt[]>;
/** Prompts of plain words, about one token each; for chats with a server whose tokenizer is not at hand. */
export declare function randomWordPrompts(random: RandomSource, options: RandomPromptOptions): BenchPrompt[];
