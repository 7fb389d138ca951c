/** The last 15 minutes, put together from the server's answers. */
import type { DashboardData, RequestRecord, Second } from "./dashboard-data.js";

const KEPT_MS = 15 * 60_000;

/** A stretch of time, and what happened in it. */
export interface Bucket {
  /** On the server's clock. */
  readonly startMs: number;
  readonly lengthMs: number;
  readonly seconds: readonly Second[];
  /** Most at one time. */
  readonly numRunning: number;
  readonly numWaiting: number;
  /** At its end, 0..1. */
  readonly kvCacheUsage: number;
}

/** The engine's gauges in one second. */
interface Gauges {
  numRunning: number;
  numWaiting: number;
  kvCacheUsage: number;
}

export class History {
  #latest: DashboardData | undefined;
  readonly #seconds = new Map<number, Second>();
  readonly #gauges = new Map<number, Gauges>();
  readonly #ended = new Map<string, RequestRecord>();
  #open: readonly RequestRecord[] = [];

  /** The last answer. */
  get latest(): DashboardData | undefined {
    return this.#latest;
  }

  /** `nowMs` of the last answer: what the next question asks for. */
  get since(): number | undefined {
    return this.#latest?.nowMs;
  }

  /** Adds an answer. A server that began anew has a clock that began anew. */
  add(data: DashboardData): void {
    if (this.#latest !== undefined && data.nowMs < this.#latest.nowMs) {
      for (const map of [this.#seconds, this.#gauges, this.#ended]) map.clear();
    }
    this.#latest = data;
    for (const second of data.seconds) {
      this.#seconds.set(second.timeMs, second);
      this.#gauges.set(second.timeMs, second);
    }
    const start = Math.floor(data.nowMs / 1000) * 1000;
    // Through a long step nothing is told; what this page sees itself fills the gap.
    if (!this.#seconds.has(start)) this.#gauges.set(start, data.now);
    for (const request of data.requests) if (request.endMs !== null) this.#ended.set(request.id, request);
    this.#open = data.requests.filter(({ endMs }) => endMs === null);
    this.#forget(data.nowMs - KEPT_MS);
  }

  /** Requests that were there in the last `rangeMs`, newest first. */
  requests(rangeMs: number): RequestRecord[] {
    const from = (this.since ?? 0) - rangeMs;
    const ended = [...this.#ended.values()].filter(({ endMs }) => endMs! >= from);
    return [...ended, ...this.#open].sort((a, b) => b.arrivalMs - a.arrivalMs);
  }

  /** Seconds in which something happened in the last `rangeMs`. */
  seconds(rangeMs: number): Second[] {
    const from = (this.since ?? 0) - rangeMs;
    return [...this.#seconds.values()].filter(({ timeMs }) => timeMs + 1000 > from).sort((a, b) => a.timeMs - b.timeMs);
  }

  /** The last `rangeMs` in stretches of equal length; the last one is under way. */
  buckets(rangeMs: number, lengthMs: number): Bucket[] {
    const last = Math.floor((this.since ?? 0) / lengthMs) * lengthMs;
    const count = Math.ceil(rangeMs / lengthMs);
    let usage = 0;
    return Array.from({ length: count }, (_, i) => {
      const startMs = last - (count - 1 - i) * lengthMs;
      const times = Array.from({ length: lengthMs / 1000 }, (_unused, k) => startMs + k * 1000);
      const gauges = times.map((time) => this.#gauges.get(time)).filter((entry) => entry !== undefined);
      usage = gauges.at(-1)?.kvCacheUsage ?? usage;
      return {
        startMs,
        lengthMs,
        seconds: times.map((time) => this.#seconds.get(time)).filter((entry) => entry !== undefined),
        numRunning: Math.max(0, ...gauges.map(({ numRunning }) => numRunning)),
        numWaiting: Math.max(0, ...gauges.map(({ numWaiting }) => numWaiting)),
        kvCacheUsage: usage,
      };
    });
  }

  #forget(before: number): void {
    for (const time of this.#seconds.keys()) if (time < before) this.#seconds.delete(time);
    for (const time of this.#gauges.keys()) if (time < before) this.#gauges.delete(time);
    for (const [id, { endMs }] of this.#ended) if (endMs! < before) this.#ended.delete(id);
  }
}

/** Sum of one figure over seconds. */
export function sum(seconds: readonly Second[], figure: (second: Second) => number): number {
  return seconds.reduce((total, second) => total + figure(second), 0);
}

/** The value that this share of the sorted values does not exceed. @returns undefined for none */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/**
 * A percentile over several spreads, of which each gives only three: each is taken as what it has up to its 50th, 90th and 99th
 * percentile and its greatest. Close, not exact. @returns undefined for no durations
 */
export function percentileOf(spreads: readonly Spread[], share: number): number | undefined {
  const parts = spreads.flatMap(({ count, p50Ms, p90Ms, p99Ms, maxMs }) => [
    { ms: p50Ms, weight: count * 0.5 },
    { ms: p90Ms, weight: count * 0.4 },
    { ms: p99Ms, weight: count * 0.09 },
    { ms: maxMs, weight: count * 0.01 },
  ]);
  const total = parts.reduce((all, { weight }) => all + weight, 0);
  if (total === 0) return undefined;
  let passed = 0;
  for (const { ms, weight } of parts.toSorted((a, b) => a.ms - b.ms)) {
    passed += weight;
    if (passed >= share * total - 1e-9) return ms;
  }
  return undefined;
}

type Spread = Second["interToken"];
