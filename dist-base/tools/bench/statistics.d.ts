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
export declare function percentile(sorted: readonly number[], percent: number): number;
/** Middle of the values, in any order; NaN without values. */
export declare function median(values: readonly number[]): number;
/** Summary of values in any order; undefined without values. */
export declare function summarize(values: readonly number[], percents: readonly number[]): Summary | undefined;
