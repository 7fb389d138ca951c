/** RequestOutput: what a caller gets for one prompt. */
import type { FinishReason, StopReason } from "../request/finish-reason.js";
/** Log-probability of one token at one position. */
export interface Logprob {
    /** Natural logarithm of the token's probability. */
    readonly logprob: number;
    /** 1 for the likeliest token of the vocabulary. */
    readonly rank: number;
    /** The token as text; empty where it ends inside a character. Absent without a tokenizer. */
    readonly decodedToken?: string;
    /** The token's own bytes. Absent without a tokenizer. */
    readonly bytes?: readonly number[];
}
/** Log-probabilities at one position: the sampled (in a prompt: the actual) token first, then the likeliest. */
export type PositionLogprobs = Map<number, Logprob>;
/** One of the `n` outputs of a prompt. With `outputKind: "delta"` text, token ids and logprobs are only the new ones. */
export interface CompletionOutput {
    /** 0 to n - 1. */
    readonly index: number;
    /** Empty without a tokenizer or with `detokenize: false`. */
    readonly text: string;
    readonly tokenIds: number[];
    /** One map per token of `tokenIds`, for requests with `logprobs`. */
    readonly logprobs?: PositionLogprobs[];
    /** Sum of the sampled tokens' log-probabilities so far, for requests with `logprobs`. */
    readonly cumulativeLogprob?: number;
    /** Null while the output goes on. */
    readonly finishReason: FinishReason | null;
    /** The stop string or stop token id that ended the output; null for the end-of-sequence id and for other reasons. */
    readonly stopReason: StopReason;
}
/** The outputs of one prompt, up to now. */
export interface RequestOutput {
    readonly requestId: string;
    /** The prompt as text, where it was given as text. */
    readonly prompt?: string;
    readonly promptTokenIds: number[];
    /**
     * One entry per prompt token, null for the first, for requests with `promptLogprobs`. With `outputKind: "delta"` only in
     * the first output.
     */
    readonly promptLogprobs?: (PositionLogprobs | null)[];
    /** Ordered by index. With `outputKind: "delta"` only those that have something new. */
    readonly outputs: CompletionOutput[];
    /** Whether all of the `n` outputs have ended. */
    readonly finished: boolean;
    /** Prompt tokens whose keys and values were found in the prefix cache. */
    readonly numCachedTokens: number;
}
