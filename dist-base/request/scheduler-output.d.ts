/** SchedulerOutput: what the scheduler asks of the worker in one step. Plain data, through the door. */
import type { SamplingParams } from "./sampling-params.js";
/**
 * A request that the worker does not hold: scheduled for the first time, or again after a preemption. The worker makes
 * fresh state from it, whatever it held under this id before.
 */
export interface NewRequestData {
    readonly requestId: string;
    readonly promptTokenIds: readonly number[];
    /** Output tokens so far: empty, but for a request that comes back after a preemption. A copy. */
    readonly outputTokenIds: readonly number[];
    readonly params: SamplingParams;
    /** The model's end-of-sequence ids; with `params.stopTokenIds` forbidden until `params.minTokens` are out. */
    readonly eosTokenIds: readonly number[];
    /**
     * By KV cache group, the whole block table, blocks found in the prefix cache first; 0 where a window has no need of one.
     * Copies.
     */
    readonly blockIds: number[][];
    /** Tokens whose keys and values lie in the blocks already (prefix hit). This step computes those that follow. */
    readonly numComputedTokens: number;
}
/** A request that the worker holds, going on. */
export interface CachedRequestData {
    readonly requestId: string;
    /**
     * By KV cache group, to be appended to the worker's block table; often empty. Blocks that left a window are not told:
     * the worker's table still names them, but they may be another request's by now.
     */
    readonly newBlockIds: readonly (readonly number[])[];
    /** Tokens computed before this step. */
    readonly numComputedTokens: number;
}
/**
 * One step. The worker first drops `finishedRequestIds` and `preemptedRequestIds`, then takes up the new requests, then
 * extends the cached ones. Both sides append sampled tokens to their own copy of a request's tokens.
 *
 * A request may share blocks that another one fills in this very step (two prompts with a common beginning that arrive
 * together): in each layer, the keys and values of all scheduled tokens are written before any of them attends.
 */
export interface SchedulerOutput {
    readonly scheduledNewRequests: NewRequestData[];
    readonly scheduledCachedRequests: CachedRequestData[];
    /** Tokens to compute in this step by request, running requests first: the order in which requests were chosen. */
    readonly numScheduledTokens: Map<string, number>;
    readonly totalNumScheduledTokens: number;
    /** Requests that ended since the last step: drop their state. One that never reached the worker may be among them. */
    readonly finishedRequestIds: string[];
    /** Requests whose blocks were taken in this step: drop their state; they come back as new ones. */
    readonly preemptedRequestIds: string[];
}
/**
 * Whether a request samples in this step: only when its scheduled tokens reach its last known one, because only that
 * one's logits choose the next token. A chunk of a prompt, or of a recomputed request, that ends earlier samples nothing.
 *
 * @param numComputedTokens  tokens computed before this step
 * @param numScheduledTokens tokens of this step
 * @param numTokens          prompt and output tokens that the request has before sampling
 */
export declare function reachesLastToken(numComputedTokens: number, numScheduledTokens: number, numTokens: number): boolean;
