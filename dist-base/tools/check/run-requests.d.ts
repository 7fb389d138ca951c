/** Runs requests through scheduler and worker, as the engine does, without text: what they give, bit by bit. */
import type { EngineConfig } from "../../config/engine-config.js";
import type { SamplingParamsInput } from "../../request/sampling-params.js";
import type { Worker } from "../../worker/worker.js";
/** What one request gave. */
export interface RequestResult {
    readonly tokenIds: number[];
    /** Log-probabilities of the whole vocabulary, by token id, for each sampled token. */
    readonly rows: Float64Array[];
    /** Tokens of the prompt that were found in the prefix cache. */
    numCachedTokens: number;
}
export interface RequestJob {
    readonly promptTokenIds: readonly number[];
    readonly maxTokens: number;
    readonly params?: SamplingParamsInput;
    /** Step before which it arrives; default 0. */
    readonly arrival?: number;
}
/**
 * All jobs with one scheduler; options as the engine's.
 * @throws QuireError when a request fails or they do not end
 */
export declare function runRequests(worker: Worker, config: EngineConfig, jobs: readonly RequestJob[]): Promise<RequestResult[]>;
