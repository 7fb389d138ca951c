/** Runs many prompts at once for `LLM.generate`. */
import type { SamplingParamsInput } from "../request/sampling-params.js";
import type { Engine } from "./engine.js";
import type { EnginePrompt } from "./input-processor.js";
import type { RequestOutput } from "./request-output.js";
/** How far a batch is. */
export interface BatchProgress {
    /** Prompts whose outputs are complete. */
    readonly finished: number;
    readonly total: number;
    /** Output tokens of the finished prompts. */
    readonly outputTokens: number;
}
export interface BatchOptions {
    /** Ends all prompts of the batch with an AbortError and frees their blocks. */
    readonly signal?: AbortSignal;
    /** Called whenever a prompt is finished. */
    readonly onProgress?: (progress: BatchProgress) => void;
    /** Lower goes first, with `schedulingPolicy: "priority"`. */
    readonly priority?: number;
    /** Only requests with the same salt share cached prefixes. */
    readonly cacheSalt?: string;
}
/** One for all prompts, or one for each; undefined: the model's own. */
export type BatchParams = SamplingParamsInput | readonly (SamplingParamsInput | undefined)[] | undefined;
/**
 * All prompts together, results in their order. Every prompt is checked before the first one starts.
 *
 * @param params one for all, or one per prompt
 * @throws RequestError if a prompt or its parameters are wrong (then nothing was run), AbortError, EngineDeadError; when
 *         single prompts fail while running, the others are finished first: then the one error, or an AggregateError
 */
export declare function runBatch(engine: Engine, prompts: readonly EnginePrompt[], params: BatchParams, options?: BatchOptions): Promise<RequestOutput[]>;
