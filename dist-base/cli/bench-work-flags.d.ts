/** What `bench latency` and `bench throughput` share: flags that say what is done with each prompt, and loading the engine. */
import type { Command } from "commander";
import type { BenchWork } from "../tools/bench/bench-engine.js";
import type { BenchProgress } from "./bench-progress.js";
/** Adds the flags; the result reads them. @throws UsageError (in the function that comes back) for flags that do not fit */
export declare function addWorkFlags(command: Command): () => BenchWork;
/** What the benchmark tells while it loads the engine, and what stops it: options of it. */
export declare function loadingOptions({ bar, signal }: BenchProgress): {
    hooks: {
        log: (line: string) => void;
        progress: ({ phase, done, total }: {
            phase: string;
            done: number;
            total: number;
        }) => void;
    };
    signal: AbortSignal;
    onLoaded: (info: import("../index.js").ModelInfo, loadSeconds: number) => void;
};
