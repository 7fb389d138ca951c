/** StepPlan: a step while it is being made; becomes a SchedulerOutput. */
import type { Request } from "../request/request.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
/** Collects who gets how many tokens, and keeps the budget. */
export declare class StepPlan {
    #private;
    /** Tokens still to be handed out. */
    budget: number;
    /** In the order of scheduling; the same order as the output's `numScheduledTokens`. */
    readonly requests: Request[];
    constructor(budget: number);
    /** A request that the worker knows goes on. */
    addCached(request: Request, numTokens: number, newBlockIds: readonly (readonly number[])[]): void;
    /** A request that the worker does not know, or no longer. `request.numComputedTokens` counts the prefix hit already. */
    addNew(request: Request, numTokens: number, blockIds: number[][]): void;
    /** Takes a request out again that this step gave tokens to, if it did; they return to the budget. */
    remove(request: Request): void;
    /** The finished plan. Every request's `numComputedTokens` moves on to the end of this step. */
    commit(finishedRequestIds: string[], preemptedRequestIds: string[]): SchedulerOutput;
}
