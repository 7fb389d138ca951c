import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { CompletionState } from "./completion-state.js";
import type { ProcessedRequest } from "./input-processor.js";
import { type TokenTexts } from "./logprob-decoder.js";
import type { RequestOutput } from "./request-output.js";
import type { EngineCoreOutput } from "./transport.js";
/**
 * Keeps everything that came, and makes an output only when it is asked for one: to a slow reader several steps are one
 * output, so what nobody reads takes no more memory than the request's own result.
 */
export declare class RequestState {
    #private;
    readonly request: ProcessedRequest;
    readonly completions: readonly CompletionState[];
    /** @param texts for log-probabilities; undefined without a tokenizer */
    constructor(request: ProcessedRequest, tokenizer: Tokenizer | undefined, texts: TokenTexts | undefined);
    /** Whether all outputs have ended, or the request failed. */
    get isFinished(): boolean;
    /** Takes in what a step gave output `index`; true if its text has now reached a stop string. */
    accept(index: number, output: EngineCoreOutput): boolean;
    /** Ends all outputs that still go on with reason "abort". */
    abort(): void;
    /** Ends the request with an error for its reader. */
    fail(error: Error): void;
    /** Wakes the reader, if there is something for it. */
    notify(): void;
    /**
     * The next output; undefined after the last. For one reader.
     * @throws the error that ended the request (as a rejection)
     */
    next(): Promise<RequestOutput | undefined>;
}
