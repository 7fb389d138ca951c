/** Flags of `quire bench serve`, and the settings that they mean. */
import type { Command } from "commander";
import type { Backend } from "../tools/bench/http-target.js";
import type { ServeOptions } from "../tools/bench/serve.js";
import type { LatencyMetric } from "../tools/bench/serve-metrics.js";
/** What the command line gave. */
export interface ServeFlags {
    baseUrl?: string;
    host?: string;
    port?: number;
    backend?: Backend;
    endpointType?: Backend;
    endpoint?: string;
    model?: string;
    tokenizer?: string;
    vocabSize: number;
    header?: string[];
    timeout: number;
    requestRate: number;
    burstiness: number;
    maxConcurrency?: number[];
    numWarmups: number;
    ignoreEos?: true;
    temperature: number;
    seed?: number;
    goodput?: string[];
    percentileMetrics: LatencyMetric[];
    metricPercentiles: number[];
    json?: string;
    svg?: string;
}
/** What is measured, without the prompts. */
export type ServeSettings = Omit<ServeOptions, "prompts" | "signal">;
/** Adds all flags but those of the prompts. */
export declare function addServeFlags(command: Command): void;
/** @throws UsageError for flags that contradict each other or have a wrong form */
export declare function serveSettings(flags: ServeFlags, seed: number, numPrompts: number): ServeSettings;
