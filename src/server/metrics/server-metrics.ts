/** ServerMetrics: everything that /metrics shows. */
import type { EngineClient } from "../engine-client.js";
import { Counter } from "./counter.js";
import type { CounterCell } from "./counter.js";
import { QUIRE_DEFINITIONS } from "./definitions.js";
import { EngineMetrics } from "./engine-metrics.js";
import { Histogram } from "./histogram.js";
import type { HistogramCell } from "./histogram.js";
import { HttpMetrics } from "./http-metrics.js";
import type { Metric } from "./metric.js";

export class ServerMetrics {
  readonly engine: EngineMetrics;
  readonly http = new HttpMetrics();
  /** Streams that were cut off because their reader was too slow. */
  readonly slowClients: CounterCell;
  readonly spansDropped: CounterCell;
  readonly logLinesDropped: CounterCell;
  /** Seconds. */
  readonly grammarCompile: HistogramCell;
  readonly all: readonly Metric[];
  readonly #rejected = new Counter(QUIRE_DEFINITIONS.rejected);
  readonly #labels: { readonly engine: string; readonly model_name: string };

  constructor(engine: EngineClient) {
    this.#labels = { engine: "0", model_name: engine.servedModelNames[0] ?? "" };
    this.engine = new EngineMetrics(engine);
    const slowClients = new Counter(QUIRE_DEFINITIONS.slowClients);
    const spansDropped = new Counter(QUIRE_DEFINITIONS.spansDropped);
    const logLinesDropped = new Counter(QUIRE_DEFINITIONS.logLinesDropped);
    const grammarCompile = new Histogram(QUIRE_DEFINITIONS.grammarCompile);
    this.slowClients = slowClients.cell({});
    this.spansDropped = spansDropped.cell({});
    this.logLinesDropped = logLinesDropped.cell({});
    this.grammarCompile = grammarCompile.cell(this.#labels);
    for (const reason of ["queue_full", "unavailable"]) this.#rejected.cell({ reason });
    const own = [this.#rejected, slowClients, spansDropped, logLinesDropped, grammarCompile];
    this.all = [...this.engine.metrics, ...own, ...this.http.metrics];
  }

  /** A request was refused with 503. @param code of the error: "QUEUE_FULL" counts as that, all others as unavailable */
  rejected(code: string | undefined): void {
    this.#rejected.cell({ reason: code === "QUEUE_FULL" ? "queue_full" : "unavailable" }).inc();
  }
}
