import type { ModelInfo } from "../../worker/worker.js";
import type { EngineBenchOptions } from "./bench-engine.js";
import type { DatasetOptions } from "./prompt-source.js";
/** Prefix caching is as the engine's default where it is not chosen. */
export interface ThroughputOptions extends EngineBenchOptions {
    readonly dataset: DatasetOptions;
    readonly numPrompts: number;
    /** Ends the benchmark with an AbortError. */
    readonly signal?: AbortSignal;
    readonly onProgress?: (finished: number, total: number) => void;
}
export interface ThroughputResult {
    readonly model: ModelInfo;
    readonly loadSeconds: number;
    /** From handing in the prompts to the last output. */
    readonly durationSeconds: number;
    readonly numPrompts: number;
    readonly promptTokens: number;
    /** Prompt tokens that were found in the prefix cache. */
    readonly cachedTokens: number;
    readonly outputTokens: number;
    readonly requestsPerSecond: number;
    readonly totalTokensPerSecond: number;
    readonly outputTokensPerSecond: number;
    /** Steps of the engine. */
    readonly numSteps: number;
    readonly requests: readonly {
        readonly promptTokens: number;
        readonly outputTokens: readonly number[];
    }[];
}
/**
 * Loads the model, warms up with one short prompt, and measures.
 *
 * @throws ConfigError if the file of prompts is wrong or a prompt does not fit the model; AbortError; what loading throws
 */
export declare function benchThroughput(options: ThroughputOptions): Promise<ThroughputResult>;
/** The result as text. */
export declare function throughputText(result: ThroughputResult): string;
