/** Philox4x32-10: random words as a function of a counter and a key (Salmon et al. 2011). Nothing is kept between calls. */
/** Four random words of a 128-bit counter and a 64-bit key, each given as unsigned 32-bit words. */
export declare function philox(counter: readonly [number, number, number, number], key: readonly [number, number]): [number, number, number, number];
/**
 * An exponential variate with mean 1, of a seed, a draw and a token id alone.
 *
 * Tokens go in blocks of 64: word (id / 16) % 4 of the counter id / 64 * 16 + id % 16, so that 16 lanes make 64 neighbours.
 * Two such words (third counter word 0 and 1) give 52 bits: u = (word0 * 2^20 + (word1 >> 12) + 1/2) / 2^52, and the
 * variate is -ln(1 - u). Always finite and above 0.
 */
export declare function exponential(seed: readonly [low: number, high: number], drawIndex: number, tokenId: number): number;
