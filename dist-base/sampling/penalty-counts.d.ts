/** How often each token occurred: what repetition, frequency and presence penalty need, kept up as tokens come. */
import type { SamplingParams } from "../request/sampling-params.js";
/** Tokens that occurred, each with its count in the output. Grows by the new tokens of a step alone. */
export declare class PenaltyCounts {
    private pairs;
    private numPairs;
    private numCounted;
    private readonly indexOf;
    private readonly promptTokenIds;
    /** @param promptTokenIds tokens that count as seen (0 times in the output); empty when only the output matters */
    constructor(promptTokenIds: readonly number[]);
    /** Counts output tokens that came since the last call; starts anew when there are fewer than then. */
    update(outputTokenIds: readonly number[]): void;
    /** Pairs (token id, count in the output), each id once. Valid until the next update. */
    get entries(): Int32Array;
    private find;
}
/** Counts for a request, or null when its parameters have no penalty. Prompt tokens matter to the repetition penalty alone. */
export declare function createPenaltyCounts(params: SamplingParams, promptTokenIds: readonly number[]): PenaltyCounts | null;
