/** Log-probabilities as the sampler's results give them, put into the form that leaves the worker. */
import type { TopLogprobs } from "../request/model-runner-output.js";
/** `logprobs` or `promptLogprobs` as a number of entries: null is -1 (none at all), -1 is the whole vocabulary. */
export declare function resolveNumLogprobs(asked: number | null, vocabSize: number): number;
/**
 * One position's log-probabilities: the token's own first, then the top ones, likeliest first. The token comes twice when
 * it is among the top ones, so entry i (from 1 on) always has rank i.
 *
 * @param tokenId  the sampled or given token, with its logprob and rank
 * @param topTokenIds the likeliest tokens, with their logprobs
 */
export declare function toTopLogprobs(tokenId: number, logprob: number, rank: number, topTokenIds: Int32Array, topLogprobs: Float32Array): TopLogprobs;
