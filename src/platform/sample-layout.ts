/** What the numbers in the sampler's metadata mean: columns of each row's integers and floats, statuses, logprobs modes. */

/** Columns of SamplingMetadata.ints, one row per logits row. Starts and counts are in elements of `lists` and `top*`. */
export const sampleInts = {
  /** Keep the k likeliest; 0 keeps all. */
  topK: 0,
  /**
   * How many top log-probabilities to report; 0: only the token's own; -1: none; -1 - n: those of n given token ids, which stand
   * in `lists` behind the penalties.
   */
  numLogprobs: 1,
  /** A token that is given, not sampled: only its log-probabilities are wanted. -1: sample. */
  forcedTokenId: 2,
  /** The request's seed, 64 bits. */
  seedLow: 3,
  seedHigh: 4,
  /** How many tokens the request drew before this one. */
  drawIndex: 5,
  /** Token ids; count -1 allows all. */
  allowedStart: 6,
  allowedCount: 7,
  /** Token ids. */
  bannedStart: 8,
  bannedCount: 9,
  /** Pairs: token id, bits of an f32 that is added. */
  biasStart: 10,
  biasCount: 11,
  /** Pairs: a token id that occurred in prompt or output, how often in the output. Each id once. */
  penaltyStart: 12,
  penaltyCount: 13,
  /** Where this row's numLogprobs entries go in topTokenIds and topLogprobs. */
  topStart: 14,
  /**
   * 1 + where the row's token mask begins: bit i % 32 of word i / 32 says whether token i may come. 0: no mask. Where `lists`
   * ends, all further tokens may come.
   */
  maskEntry: 15,
} as const;
export const numSampleInts = 16;

/** Columns of SamplingMetadata.floats. */
export const sampleFloats = {
  /** 0: the likeliest token, the lowest id among equals. */
  temperature: 0,
  topP: 1,
  minP: 2,
  repetitionPenalty: 3,
  frequencyPenalty: 4,
  presencePenalty: 5,
} as const;
export const numSampleFloats = 8;

/** What became of a row. With another status than `ok` the row's other results mean nothing (the token is 0). */
export const sampleStatus = {
  ok: 0,
  /** A logit is NaN or +infinity. */
  notFinite: 1,
  /** Every token is forbidden: all logits are -infinity. */
  nothingLeft: 2,
} as const;

/**
 * What "log-probabilities" are: of the logits as they come from the model, or after everything that shapes the draw
 * (forbidden and dropped tokens are -infinity); log-softmax, or the logits themselves. Given tokens always get raw ones.
 */
export const logprobsModes = ["raw_logprobs", "processed_logprobs", "raw_logits", "processed_logits"] as const;
export type LogprobsMode = (typeof logprobsModes)[number];
