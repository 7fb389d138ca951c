/** Metric: a definition, and the values that a scrape gets. */

export type MetricType = "counter" | "gauge" | "histogram" | "summary";

/** Labels of one series, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

/** What is fixed about a metric; the page docs/metrics.md is made from these. */
export interface MetricDefinition {
  /** As it is exposed: a counter's ends in `_total`. */
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** Names of the labels. */
  readonly labels: readonly string[];
  /** Of a histogram: upper bounds, ascending, without +Inf. */
  readonly buckets?: readonly number[];
  /** For the docs, where the buckets hang on the model's length. */
  readonly bucketsText?: string;
}

/** One line of an exposition. */
export interface Sample {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Something that can be scraped. */
export interface Metric {
  readonly definition: MetricDefinition;
  samples(): Sample[];
}
