/** EngineStats: figures of a running engine. */
import type { EngineCoreStats } from "./transport.js";
/** What became of callers' requests: accepted = open + finished + aborted + failed. */
export interface RequestCounts {
    accepted: number;
    finished: number;
    aborted: number;
    /** By an error of their own, or because the engine ended. */
    failed: number;
}
/** Figures of the core and of the front. Counters grow from the start of the engine. */
export interface EngineStats extends EngineCoreStats {
    /** Requests of callers that have not ended; one with `n` outputs counts once. */
    readonly numOpenRequests: number;
    /** Counters; with the open ones they add up, whatever the core does. */
    readonly requests: Readonly<RequestCounts>;
}
