import type { OutputKind, SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { EngineCoreRequest } from "./transport.js";
import type { ModelInfo } from "../worker/worker.js";
/** A prompt: text, or token ids. With both, the ids are run, and the text is only reported with the output. */
export interface EnginePrompt {
    readonly text?: string | undefined;
    readonly tokenIds?: readonly number[] | undefined;
    /** Put BOS and the like around the text; default true. Token ids are taken as they are. */
    readonly addSpecialTokens?: boolean;
}
/** Besides prompt and parameters. */
export interface InputOptions {
    /** Unique among the open requests. */
    readonly requestId: string;
    /** Lower goes first, with `schedulingPolicy: "priority"`. */
    readonly priority?: number | undefined;
    /** Only requests with the same salt share cached prefixes. */
    readonly cacheSalt?: string | undefined;
    /** Wins over `params.outputKind`. */
    readonly outputKind?: OutputKind | undefined;
    /** Refuse a `maxTokens` that the context cannot hold after the prompt; else it is lowered without a word. */
    readonly strictLength?: boolean | undefined;
}
/** A request that passed all checks. */
export interface ProcessedRequest {
    readonly requestId: string;
    /** The prompt as text, if it came as text. */
    readonly prompt: string | undefined;
    readonly promptTokenIds: number[];
    /** As the caller asked, defaults filled in, `maxTokens` a number. */
    readonly params: SamplingParams;
    /** One per output, index 0 first. Their ids are the engine's own. */
    readonly coreRequests: readonly EngineCoreRequest[];
}
export interface InputLimits {
    /** Highest `logprobs`; -1: the whole vocabulary. */
    readonly maxLogprobs: number;
    /** Most tokens of one request in a step. Default: no limit. */
    readonly maxStepTokens?: number;
}
/** Checks and tokenizes. One per engine. */
export declare class InputProcessor {
    #private;
    constructor(info: ModelInfo, limits: InputLimits, tokenizer: Tokenizer | undefined);
    /**
     * @param params as a caller gave them: `maxTokens` undefined means 16, null all that the context has left
     * @throws RequestError (as a rejection) naming the field that is wrong and its limit
     */
    process(prompt: EnginePrompt, params: SamplingParamsInput, options: InputOptions): Promise<ProcessedRequest>;
}
