/** Mean, median, deviation and percentiles of measured values. */

/** A summary; every figure has the unit of the values. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  /** Standard deviation of the values themselves (divided by their count). */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** By percent: `{ "99": 12.5 }`. */
  readonly percentiles: Readonly<Record<string, number>>;
}

/**
 * The value below which `percent` of the values lie, with straight lines between the two nearest ones, as numpy's
 * `percentile` does.
 *
 * @param sorted  ascending, not empty
 * @param percent 0 to 100
 */
export function percentile(sorted: readonly number[], percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const low = Math.floor(place);
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return a + (b - a) * (place - low);
}

/** Middle of the values, in any order; NaN without values. */
export function median(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : percentile(ascending(values), 50);
}

/** Summary of values in any order; undefined without values. */
export function summarize(values: readonly number[], percents: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = ascending(values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return {
    count: values.length,
    mean,
    median: percentile(sorted, 50),
    std: Math.sqrt(variance),
    min: sorted[0]!,
    max: sorted.at(-1)!,
    percentiles: Object.fromEntries(percents.map((percent) => [String(percent), percentile(sorted, percent)])),
  };
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
