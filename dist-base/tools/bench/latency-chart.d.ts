/** Throughput against latency as an SVG of two panels, for light and dark pages. */
/** One run of a sweep. */
export interface ChartPoint {
    /** Stands beside the point: the concurrency. */
    readonly label: string;
    /** Output tokens a second. */
    readonly throughput: number;
    /** Medians, in milliseconds; undefined: the point is left out of that panel. */
    readonly tpotMs: number | undefined;
    readonly ttftMs: number | undefined;
}
/**
 * Both panels have output tokens a second upwards; to the right the median time per output token, and the median time to the first
 * token. Up and to the left is better. Points are joined in the order given and named by their labels.
 */
export declare function latencyChart(title: string, subtitle: string, points: readonly ChartPoint[]): string;
/** An axis from 0 to a little more than the largest value, with four to ten steps at round numbers. */
export declare function axis(largest: number): {
    end: number;
    step: number;
    ticks: number[];
};
