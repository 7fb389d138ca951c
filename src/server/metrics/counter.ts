/** Counter: a number for each combination of labels that only grows. */
import type { Labels, Metric, MetricDefinition, Sample } from "./metric.js";

/** One series. */
export class CounterCell {
  value = 0;

  inc(by = 1): void {
    this.value += by;
  }
}

export class Counter implements Metric {
  readonly definition: MetricDefinition;
  readonly #cells = new Map<string, { readonly labels: Labels; readonly cell: CounterCell }>();

  constructor(definition: MetricDefinition) {
    this.definition = definition;
  }

  /** The series of these labels, made on first use; who counts often keeps it. The values must come from a small set. */
  cell(labels: Labels): CounterCell {
    const key = Object.values(labels).join("\u0000");
    let entry = this.#cells.get(key);
    if (entry === undefined) this.#cells.set(key, (entry = { labels, cell: new CounterCell() }));
    return entry.cell;
  }

  samples(): Sample[] {
    const metricName = this.definition.name;
    return [...this.#cells.values()].map(({ labels, cell }) => ({ metricName, labels, value: cell.value }));
  }
}
