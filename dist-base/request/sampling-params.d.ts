import type { LogitsFunction } from "./logits-processor.js";
/** When a request's outputs are handed out: everything so far, only what is new, or only the end. */
export type OutputKind = "cumulative" | "delta" | "final";
/** Ends a request whose output's tail is one pattern, `minCount` times in a row. */
export interface RepetitionDetection {
    /** Shortest pattern looked for, in tokens; 0 means 1. */
    readonly minPatternSize: number;
    /** Longest pattern looked for, in tokens; 0 turns the detection off. */
    readonly maxPatternSize: number;
    /** How often the pattern must occur in a row; at least 2. */
    readonly minCount: number;
}
/** Checked and complete parameters of one request. Made by `normalizeSamplingParams`; frozen. */
export interface SamplingParams {
    /** Number of outputs for one prompt; the engine turns it into n requests, seed of the i-th = seed + i. */
    readonly n: number;
    /** 0 is greedy; else logits are divided by it. 0..2; values between 0 and 0.01 are raised to 0.01. */
    readonly temperature: number;
    /** Keep the smallest set of likeliest tokens whose probability reaches this. (0, 1]. */
    readonly topP: number;
    /** Keep the k likeliest tokens; 0 keeps all. */
    readonly topK: number;
    /** Drop tokens less likely than this share of the likeliest. [0, 1]. */
    readonly minP: number;
    /** Subtracted from the logit of every token that occurred in the output. [-2, 2]. */
    readonly presencePenalty: number;
    /** Subtracted once per occurrence in the output. [-2, 2]. */
    readonly frequencyPenalty: number;
    /** Divides positive and multiplies negative logits of tokens in prompt or output. Above 0; 1 is off. */
    readonly repetitionPenalty: number;
    /** Added to the logits of these token ids, each within [-100, 100]. */
    readonly logitBias: Readonly<Record<number, number>> | null;
    /** Words that must not be generated. */
    readonly badWords: readonly string[];
    /** `badWords` as token ids, filled in by the engine, which has the tokenizer. */
    readonly badWordsTokenIds: readonly (readonly number[])[];
    /** Only these token ids may be sampled; null allows all. */
    readonly allowedTokenIds: readonly number[] | null;
    /** Strings that end the request; looked for where text is made. */
    readonly stop: readonly string[];
    /** Token ids that end the request. */
    readonly stopTokenIds: readonly number[];
    /** Whether the text keeps the stop string or stop token. */
    readonly includeStopStrInOutput: boolean;
    /** Nothing stops the request before this many output tokens. */
    readonly minTokens: number;
    /** Longest output, in tokens; null means up to the model's length. */
    readonly maxTokens: number | null;
    /** Go on after the end-of-sequence id. */
    readonly ignoreEos: boolean;
    /** Makes the request's draws reproducible in any batch; null draws from the engine's generator. */
    readonly seed: number | null;
    /** Number of top log-probabilities per output token besides the sampled token's; -1: all; null: none. */
    readonly logprobs: number | null;
    /** The same for each prompt token but the first. Such requests do not read the prefix cache. */
    readonly promptLogprobs: number | null;
    /** Leave special tokens out of the text. */
    readonly skipSpecialTokens: boolean;
    /** Put spaces between special tokens in the text. */
    readonly spacesBetweenSpecialTokens: boolean;
    /** Make text at all; token ids alone otherwise. */
    readonly detokenize: boolean;
    readonly outputKind: OutputKind;
    /** Null: off. */
    readonly repetitionDetection: RepetitionDetection | null;
    /** Names of registered logits processors, and functions that change this request's logits (in the engine's process only). */
    readonly logitsProcessors: readonly (string | LogitsFunction)[];
    /** Whatever a logits processor wants to know. */
    readonly extraArgs: Readonly<Record<string, unknown>> | null;
}
/** What a caller may leave out or write shorter: a null means the default, or "none" where that is a value. */
export type SamplingParamsInput = {
    readonly [K in keyof Omit<SamplingParams, "stop" | "repetitionDetection">]?: SamplingParams[K] | null;
} & {
    readonly stop?: string | readonly string[] | null;
    readonly repetitionDetection?: Partial<RepetitionDetection> | null;
};
/** The values of fields that nobody gave. */
export declare const DEFAULT_SAMPLING_PARAMS: SamplingParams;
/**
 * Every id that ends a request under these parameters, the end-of-sequence ids included. The sampler forbids all of
 * them while fewer than `minTokens` tokens are out, with `ignoreEos` too.
 *
 * @param eosTokenIds the model's end-of-sequence ids
 */
export declare function allStopTokenIds(params: SamplingParams, eosTokenIds: readonly number[]): Set<number>;
/**
 * Completes `partial` from `defaults` and the built-in defaults, and checks every field.
 *
 * @param partial  the caller's fields, in camelCase; undefined means not given; null means not given too, or "none" where
 *                 the field may be null (`maxTokens`, `seed`, `logprobs`, ...)
 * @param defaults the server's or model's values for fields that `partial` leaves out
 * @returns        frozen parameters; `stop` always a list; duplicates in `stopTokenIds` and `badWords` removed; with
 *                 greedy sampling `topP` 1, `topK` 0, `minP` 0
 * @throws RequestError with `param` = the field in snake_case, for an unknown field or a value out of range
 */
export declare function normalizeSamplingParams(partial?: SamplingParamsInput, defaults?: SamplingParamsInput): SamplingParams;
/** Whether the likeliest token is always taken. */
export declare function isGreedy(params: {
    readonly temperature: number;
}): boolean;
/**
 * Checks parameters against the model that is to run them.
 *
 * @param limits.vocabSize   token ids must lie in [0, vocabSize)
 * @param limits.maxLogprobs highest `logprobs` and `promptLogprobs`; -1 allows the whole vocabulary
 * @throws RequestError with `param` = the field in snake_case
 */
export declare function checkSamplingParamsForModel(params: SamplingParams, limits: {
    readonly vocabSize: number;
    readonly maxLogprobs: number;
}): void;
