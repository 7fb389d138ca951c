/** Lane: one engine, ready to be measured at one kind of case. */
import type { Case, MetricName } from "./cases.js";

/** What one measurement gave. */
export interface Measured {
  readonly values: Partial<Record<MetricName, number>>;
  /** Milliseconds of a step outside of the native program, where the engine tells. */
  readonly stepOverheadMs?: number;
}

export interface Lane {
  /** "quire", or the peer's name. */
  readonly name: string;
  readonly version: string;
  /** Ids of its processes that stay between measurements, and should do nothing then. */
  readonly pids: readonly number[];
  /** Once before a case: files read, programs compiled. */
  warm(spec: Case): Promise<void>;
  /** `round` counts from 1; prompts differ from round to round. */
  measure(spec: Case, round: number): Promise<Measured>;
  close(): Promise<void>;
}

/** Salt of a round's prompts: requests of one round take the numbers after it. */
export function saltOf(round: number): number {
  return 1 + round * 1000;
}
