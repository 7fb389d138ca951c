/** Slopes of ALiBi's linear biases. */

/**
 * One slope a head: for n = 2^k heads the powers 1 .. n of 2^(-8 / n); for other counts those of the largest 2^k below, then every
 * other one of 2^(k + 1) heads. Source: Press et al. 2022 and its published code; HF build_alibi_tensor.
 *
 * @param numHeads of the whole model
 * @returns [numHeads] f32
 */
export function alibiSlopes(numHeads: number): Float32Array {
  const whole = 2 ** Math.floor(Math.log2(numHeads));
  const base = (heads: number): number => Math.fround(2 ** -(2 ** -(Math.log2(heads) - 3)));
  return Float32Array.from({ length: numHeads }, (_, i) =>
    i < whole ? base(whole) ** (i + 1) : base(2 * whole) ** (2 * (i - whole) + 1),
  );
}
