import type { StepProfile } from "../request/step-profile.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import type { EngineCoreRequest, EngineCoreStats, TransportEvents, UtilityCalls } from "./transport.js";
import type { Worker } from "../worker/worker.js";
/**
 * Drives one worker. Requests, aborts and utility calls are taken in at any time and done between two steps, in their
 * order. While there is no work, nothing runs: no timer keeps the process alive.
 */
export declare class EngineCore {
    #private;
    constructor(worker: Worker, scheduler: Scheduler, events: TransportEvents);
    /** Takes requests in; one that the scheduler refuses ends with reason "error". */
    addRequests(requests: readonly EngineCoreRequest[]): void;
    /** Ends requests before the next step, without an output. Unknown ids are ignored. */
    abort(requestIds: readonly string[]): void;
    /** Does a utility call between two steps. */
    call<Name extends keyof UtilityCalls>(name: Name): Promise<ReturnType<UtilityCalls[Name]>>;
    /** Figures as of now. @param lastSteps of how many steps `recentSteps` is at most */
    stats(lastSteps?: number): EngineCoreStats;
    /** Measures every step from the next one on, and tells; between two steps, so that steps stay as they are. */
    profileSteps(listener: (step: StepProfile) => void): () => void;
    /** Lets the step under way end and disposes of the worker. Waiting utility calls are rejected. */
    close(): Promise<void>;
}
