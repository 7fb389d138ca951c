/** RequestStepOutput: what one step brought for one request. */
import type { FinishReason, StopReason } from "../request/finish-reason.js";
import type { PromptLogprobs, TopLogprobs } from "../request/model-runner-output.js";
/** Only requests to which something happened have one. */
export interface RequestStepOutput {
    readonly requestId: string;
    /** In order; none after the one that stopped the request. Empty for parts of a prompt and for errors. */
    readonly newTokenIds: number[];
    /** One row per new token; null if not asked for. */
    readonly logprobs: TopLogprobs[] | null;
    /** Rows that did not go out before; null if there are none. */
    readonly promptLogprobs: PromptLogprobs | null;
    /** Null: goes on. */
    readonly finishReason: FinishReason | null;
    readonly stopReason: StopReason;
    /** With `finishReason` "error". */
    readonly errorMessage: string | null;
    /** Prompt tokens that the prefix cache held when the request was first scheduled. */
    readonly numCachedTokens: number;
}
