/** The results of `quire bench serve` as text. */
import type { LatencyMetric } from "./serve-metrics.js";
import type { ServeRun } from "./serve.js";
/** One run: counts and rates, then a line for each latency. */
export declare function serveRunTable(run: ServeRun, shown: readonly LatencyMetric[], percents: readonly number[]): string;
/** A line for each run of a sweep. */
export declare function sweepTable(runs: readonly ServeRun[]): string;
export declare function concurrencyLabel(maxConcurrency: number): string;
