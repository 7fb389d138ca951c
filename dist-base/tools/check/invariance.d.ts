/** Does a request give the same numbers alone, among others, in chunks, and after a prefix hit? */
import type { EngineConfig } from "../../config/engine-config.js";
import type { Worker } from "../../worker/worker.js";
import type { CheckResult } from "./result.js";
/** Token ids without a meaning, the same in every run. */
export declare function someTokens(count: number, vocabSize: number, seed: number): number[];
/**
 * Four prompts, two of which begin alike.
 * @param tolerance of log-probabilities; 0: bit for bit
 */
export declare function checkInvariance(worker: Worker, config: EngineConfig, tolerance: number): Promise<CheckResult[]>;
/** NaN where only one side is a number. */
export declare function largestDifference(a: Float64Array, b: Float64Array): number;
