/** ServerMetrics: everything that /metrics shows. */
import type { EngineClient } from "../engine-client.js";
import { Computed } from "./computed.js";
import { Counter } from "./counter.js";
import type { CounterCell } from "./counter.js";
import { QUIRE_DEFINITIONS } from "./definitions.js";
import { EngineMetrics } from "./engine-metrics.js";
import { HttpMetrics } from "./http-metrics.js";
import type { Metric } from "./metric.js";

export class ServerMetrics {
  readonly engine: EngineMetrics;
  readonly http = new HttpMetrics();
  /** Streams that were cut off because their reader was too slow. */
  readonly slowClients: CounterCell;
  readonly spansDropped: CounterCell;
  readonly all: readonly Metric[];
  readonly #rejected = new Counter(QUIRE_DEFINITIONS.rejected);

  /** @param numLogLinesDropped lines that the log could not write */
  constructor(engine: EngineClient, numLogLinesDropped: () => number = () => 0) {
    this.engine = new EngineMetrics(engine);
    const slowClients = new Counter(QUIRE_DEFINITIONS.slowClients);
    const spansDropped = new Counter(QUIRE_DEFINITIONS.spansDropped);
    const logLinesDropped = new Computed(QUIRE_DEFINITIONS.logLinesDropped, () => [[{}, numLogLinesDropped()]]);
    this.slowClients = slowClients.cell({});
    this.spansDropped = spansDropped.cell({});
    for (const reason of ["queue_full", "unavailable"]) this.#rejected.cell({ reason });
    const own = [this.#rejected, slowClients, spansDropped, logLinesDropped];
    this.all = [...this.engine.metrics, ...own, ...this.http.metrics];
  }

  /** A request was refused with 503. @param code of the error: "QUEUE_FULL" counts as that, all others as unavailable */
  rejected(code: string | undefined): void {
    this.#rejected.cell({ reason: code === "QUEUE_FULL" ? "queue_full" : "unavailable" }).inc();
  }
}
