/** What the numbers in the sampler's metadata mean: columns of each row's integers and floats, statuses, logprobs modes. */
/** Columns of SamplingMetadata.ints, one row per logits row. Starts and counts are in elements of `lists` and `top*`. */
export declare const sampleInts: {
    /** Keep the k likeliest; 0 keeps all. */
    readonly topK: 0;
    /** How many top log-probabilities to report; 0: only the token's own; -1: none. */
    readonly numLogprobs: 1;
    /** A token that is given, not sampled: only its log-probabilities are wanted. -1: sample. */
    readonly forcedTokenId: 2;
    /** The request's seed, 64 bits. */
    readonly seedLow: 3;
    readonly seedHigh: 4;
    /** How many tokens the request drew before this one. */
    readonly drawIndex: 5;
    /** Token ids; count -1 allows all. */
    readonly allowedStart: 6;
    readonly allowedCount: 7;
    /** Token ids. */
    readonly bannedStart: 8;
    readonly bannedCount: 9;
    /** Pairs: token id, bits of an f32 that is added. */
    readonly biasStart: 10;
    readonly biasCount: 11;
    /** Pairs: a token id that occurred in prompt or output, how often in the output. Each id once. */
    readonly penaltyStart: 12;
    readonly penaltyCount: 13;
    /** Where this row's numLogprobs entries go in topTokenIds and topLogprobs. */
    readonly topStart: 14;
};
export declare const numSampleInts = 16;
/** Columns of SamplingMetadata.floats. */
export declare const sampleFloats: {
    /** 0: the likeliest token, the lowest id among equals. */
    readonly temperature: 0;
    readonly topP: 1;
    readonly minP: 2;
    readonly repetitionPenalty: 3;
    readonly frequencyPenalty: 4;
    readonly presencePenalty: 5;
};
export declare const numSampleFloats = 8;
/** What became of a row. With another status than `ok` the row's other results mean nothing (the token is 0). */
export declare const sampleStatus: {
    readonly ok: 0;
    /** A logit is NaN or +infinity. */
    readonly notFinite: 1;
    /** Every token is forbidden: all logits are -infinity. */
    readonly nothingLeft: 2;
};
/**
 * What "log-probabilities" are: of the logits as they come from the model, or after everything that shapes the draw
 * (forbidden and dropped tokens are -infinity); log-softmax, or the logits themselves. Given tokens always get raw ones.
 */
export declare const logprobsModes: readonly ["raw_logprobs", "processed_logprobs", "raw_logits", "processed_logits"];
export type LogprobsMode = (typeof logprobsModes)[number];
