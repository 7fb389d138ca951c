import type { LatencyResult } from "./latency.js";
/** Latencies of each batch size, and what they mean in tokens a second. Medians over the iterations. */
export declare function latencyTables({ batches, memoryBandwidth, breakdowns }: LatencyResult): string;
