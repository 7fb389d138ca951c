/** How far two lists of numbers are apart, and where. */

/** Standard deviation over all elements. */
export function deviation(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

/**
 * The largest |got - wanted| / (std + |wanted|), std of `wanted`: the share of a value that is wrong, where small values count as
 * if they were as large as usual. Infinity if anything is not a number, or lengths differ.
 */
export function distance(got: Float32Array, wanted: Float32Array): number {
  if (got.length !== wanted.length) return Infinity;
  const std = Math.max(deviation(wanted), 1e-20);
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const share = Math.abs(got[i]! - wanted[i]!) / (std + Math.abs(wanted[i]!));
    if (!(share <= worst)) worst = Number.isNaN(share) ? Infinity : share;
  }
  return worst;
}

/** Where two [numTokens, features] lists differ. */
export interface Whereabouts {
  /** Largest difference in units of the reference's standard deviation. */
  readonly inStds: number;
  readonly token: number;
  readonly feature: number;
  /** The first token with a difference, and how many have one. */
  readonly firstToken: number;
  readonly numTokens: number;
  readonly wrongTokens: number;
  /** Features with a difference at any token. */
  readonly wrongFeatures: readonly number[];
  readonly features: number;
}

export function whereabouts(
  got: Float32Array,
  wanted: Float32Array,
  numTokens: number,
  tolerance: number,
): Whereabouts {
  const std = Math.max(deviation(wanted), 1e-20);
  const features = wanted.length / numTokens;
  const tokens = new Set<number>();
  const columns = new Set<number>();
  let [worst, at] = [-1, 0];
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(got[i]! - wanted[i]!);
    if (difference > worst || Number.isNaN(difference))
      [worst, at] = [Number.isNaN(difference) ? Infinity : difference, i];
    if (difference / (std + Math.abs(wanted[i]!)) <= tolerance) continue;
    tokens.add(Math.floor(i / features));
    columns.add(i % features);
  }
  return {
    inStds: worst / std,
    token: Math.floor(at / features),
    feature: at % features,
    firstToken: Math.min(...tokens),
    numTokens,
    wrongTokens: tokens.size,
    wrongFeatures: [...columns].sort((a, b) => a - b),
    features,
  };
}
