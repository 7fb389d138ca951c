/** Flags of `bench throughput` and `bench serve` that choose the prompts. */
import type { Command } from "commander";
import type { DatasetOptions } from "../tools/bench/prompt-source.js";
/** Adds the flags; the result reads them. @throws UsageError (in the function that comes back) for flags that do not fit */
export declare function addDatasetFlags(command: Command): (seed: number) => DatasetOptions;
/** Prompts of one run. */
export declare function numPrompts(command: Command): number;
