/** When a request has enough tokens. Stop strings are looked for elsewhere, where text is made. */
import type { FinishReason, StopReason } from "../request/finish-reason.js";
import type { Request } from "../request/request.js";
/** Why a request stops. */
export interface Stop {
    readonly finishReason: FinishReason;
    readonly stopReason: StopReason;
}
/**
 * Whether the request's last output token ends it. To be asked after each single token. In this order: nothing before
 * `minTokens` (but the length that the model can take), the end-of-sequence ids unless `ignoreEos`, the stop token ids,
 * the lengths, the repetition.
 *
 * @param maxTotalTokens prompt and output together never get longer
 * @returns null to go on. The stop reason is null for the first end-of-sequence id and the lengths, the id itself for
 *          the other end-of-sequence ids and stop token ids
 */
export declare function checkStop(request: Request, maxTotalTokens: number): Stop | null;
