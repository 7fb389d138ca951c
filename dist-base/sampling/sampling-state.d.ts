/** What the sampler keeps for one request from its first step to its last. */
import type { SamplingParams } from "../request/sampling-params.js";
import type { PenaltyCounts } from "./penalty-counts.js";
export interface SamplingStateOptions {
    readonly params: SamplingParams;
    readonly promptTokenIds: readonly number[];
    /** The model's end-of-sequence ids, forbidden until `params.minTokens` are out. */
    readonly eosTokenIds: readonly number[];
    /** 64 bits; default `params.seed`, or random bits. */
    readonly seed?: number | bigint;
}
/** A request's constant lists, ready to be copied, and its token counts. */
export declare class SamplingState {
    readonly params: SamplingParams;
    /** The seed as two signed 32-bit words. */
    readonly seedLow: number;
    readonly seedHigh: number;
    readonly allowedTokenIds: Int32Array | null;
    /** Pairs (token id, bits of the f32 bias). */
    readonly bias: Int32Array;
    /** Forbidden while fewer than `params.minTokens` are out. */
    readonly stopTokenIds: Int32Array;
    readonly penaltyCounts: PenaltyCounts | null;
    constructor(options: SamplingStateOptions);
}
/** Random 64 bits, for requests without a seed. */
export declare function randomSeed(): bigint;
