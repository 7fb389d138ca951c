/** Computed: a metric whose values are asked for when it is scraped. */
import type { Labels, Metric, MetricDefinition, Sample } from "./metric.js";

export class Computed implements Metric {
  readonly definition: MetricDefinition;
  readonly #read: () => readonly (readonly [labels: Labels, value: number])[];

  constructor(definition: MetricDefinition, read: () => readonly (readonly [labels: Labels, value: number])[]) {
    this.definition = definition;
    this.#read = read;
  }

  samples(): Sample[] {
    return this.#read().map(([labels, value]) => ({ metricName: this.definition.name, labels, value }));
  }
}
