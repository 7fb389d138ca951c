/** Exposition: the text of /metrics. prom-client, which writes it and knows the process's own figures, is loaded at the first scrape. */
import type { Registry } from "prom-client";
import { Computed } from "./computed.js";
import type { Metric } from "./metric.js";

/** Milliseconds between two looks at the event loop's delay; the default of 10 would wake an idle process all the time. */
const EVENT_LOOP_PRECISION_MS = 100;

/** The text format that every Prometheus reads. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export class Exposition {
  readonly #metrics: readonly Metric[];
  #registry: Promise<Registry> | undefined;

  constructor(metrics: readonly Metric[]) {
    this.#metrics = metrics;
  }

  /** All metrics as of now, and `process_*` and `nodejs_*` of this process. */
  async text(): Promise<string> {
    this.#registry ??= this.#load();
    return (await this.#registry).metrics();
  }

  async #load(): Promise<Registry> {
    const { Registry, collectDefaultMetrics } = await import("prom-client");
    const registry = new Registry();
    for (const metric of this.#metrics) register(registry, metric);
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
    for (const metric of processorTime()) register(registry, metric);
    return registry;
  }
}

/** Puts a metric in, in place of one of the same name. */
function register(registry: Registry, metric: Metric): void {
  const { name, type, help } = metric.definition;
  registry.removeSingleMetric(name);
  // What a registry asks of a metric; its type asks for one of prom-client's classes.
  const asked = { name, help, type, get: async () => ({ name, help, type, values: metric.samples() }) };
  registry.registerMetric(asked as never);
}

/** Since the start of the process; prom-client's own counts from when it was loaded. */
function processorTime(): Metric[] {
  const seconds = (kind: string, help: string, read: (usage: NodeJS.CpuUsage) => number) =>
    new Computed({ name: `process_cpu_${kind}seconds_total`, type: "counter", help, labels: [] }, () => [
      [{}, read(process.cpuUsage()) / 1e6],
    ]);
  return [
    seconds("user_", "Time that this process spent in user mode.", ({ user }) => user),
    seconds("system_", "Time that the system spent for this process.", ({ system }) => system),
    seconds("", "Both together.", ({ user, system }) => user + system),
  ];
}
