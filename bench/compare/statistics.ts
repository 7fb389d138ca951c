/** Medians and what belongs to them. */
import { percentile } from "../../src/tools/bench/statistics.js";

/** A list of samples in short. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The middle of the values; of an even number of them, the mean of the two in the middle.
 * @throws RangeError for an empty list
 */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The value below which a share `q` of the values lies, with linear interpolation between neighbours.
 * @throws RangeError for an empty list
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError("quantile: expected at least one value, got none");
  const sorted = values.toSorted((a, b) => a - b);
  return percentile(sorted, 100 * Math.min(1, Math.max(0, q)));
}

/** @throws RangeError for an empty list */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Rounded to four significant digits, so that a file of results stays readable. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
