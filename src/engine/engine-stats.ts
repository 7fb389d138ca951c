/** EngineStats: figures of a running engine. */
import type { EngineCoreStats } from "./transport.js";

/** Figures of the core and of the front. Counters grow from the start of the engine. */
export interface EngineStats extends EngineCoreStats {
  /** Requests of callers that have not ended; one with `n` outputs counts once. */
  readonly numOpenRequests: number;
}
