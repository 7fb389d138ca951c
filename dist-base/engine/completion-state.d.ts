/** CompletionState: one of a request's outputs while it grows: tokens, text, log-probabilities, why it ended. */
import type { FinishReason, StopReason } from "../request/finish-reason.js";
import type { SamplingParams } from "../request/sampling-params.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type TokenTexts } from "./logprob-decoder.js";
import type { CompletionOutput } from "./request-output.js";
import type { EngineCoreOutput } from "./transport.js";
export declare class CompletionState {
    #private;
    readonly index: number;
    finishReason: FinishReason | null;
    stopReason: StopReason;
    constructor(index: number, promptTokenIds: readonly number[], params: SamplingParams, tokenizer: Tokenizer | undefined, texts: TokenTexts | undefined);
    /** Whether there is something that `take` has not given yet. */
    get hasNews(): boolean;
    /** Takes in what a step gave; true if the text has now reached a stop string, which ends the output. */
    accept(output: EngineCoreOutput): boolean;
    /** Ends the output with reason "abort", unless it has ended. */
    abort(): void;
    /** The output up to now, or with `isDelta` what is new since the last call. */
    take(isDelta: boolean): CompletionOutput;
}
