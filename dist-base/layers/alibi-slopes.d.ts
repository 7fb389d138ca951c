/** Slopes of ALiBi's linear biases. */
/**
 * One slope a head: for n = 2^k heads the powers 1 .. n of 2^(-8 / n); for other counts those of the largest 2^k below, then every
 * other one of 2^(k + 1) heads. Source: Press et al. 2022 and its published code; HF build_alibi_tensor.
 *
 * @param numHeads of the whole model
 * @returns [numHeads] f32
 */
export declare function alibiSlopes(numHeads: number): Float32Array;
