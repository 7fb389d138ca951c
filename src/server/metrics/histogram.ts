/** Histogram and Summary: how often values fell below bounds, how many there were and their sum. */
import type { Labels, Metric, MetricDefinition, Sample } from "./metric.js";

/** One series. An observation takes a few nanoseconds: prom-client's own takes half a microsecond, which counts per token. */
export class HistogramCell {
  readonly #bounds: readonly number[];
  /** Per bucket, not summed up; the last is above all bounds. */
  readonly #counts: Float64Array;
  #count = 0;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** Takes a value in; what is no number is passed over. */
  observe(value: number): void {
    if (!(value > -Infinity)) return;
    const bounds = this.#bounds;
    let i = 0;
    while (i < bounds.length && value > bounds[i]!) i++;
    this.#counts[i]!++;
    this.#count++;
    this.#sum += value;
  }

  samples(name: string, labels: Labels): Sample[] {
    const samples: Sample[] = [];
    if (this.#bounds.length > 0) {
      let below = 0;
      this.#counts.forEach((count, i) => {
        below += count;
        const le = i < this.#bounds.length ? String(this.#bounds[i]) : "+Inf";
        samples.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: below });
      });
    }
    samples.push({ metricName: `${name}_sum`, labels, value: this.#sum });
    samples.push({ metricName: `${name}_count`, labels, value: this.#count });
    return samples;
  }
}

/** A summary is one without bounds. */
export class Histogram implements Metric {
  readonly definition: MetricDefinition;
  readonly #cells = new Map<string, { readonly labels: Labels; readonly cell: HistogramCell }>();

  constructor(definition: MetricDefinition) {
    this.definition = definition;
  }

  /** The series of these labels, made on first use; who observes often keeps it. The values must come from a small set. */
  cell(labels: Labels): HistogramCell {
    const key = Object.values(labels).join("\u0000");
    let entry = this.#cells.get(key);
    if (entry === undefined) {
      this.#cells.set(key, (entry = { labels, cell: new HistogramCell(this.definition.buckets ?? []) }));
    }
    return entry.cell;
  }

  samples(): Sample[] {
    const { name } = this.definition;
    return [...this.#cells.values()].flatMap(({ labels, cell }) => cell.samples(name, labels));
  }
}
