/** Transport to an engine core in the same thread. */
import type { EngineConfig } from "../config/engine-config.js";
import type { StepProfile } from "../request/step-profile.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { TraceFile } from "./trace-file.js";
import type { EngineCoreRequest, EngineCoreStats, Transport, TransportEvents, UtilityCalls } from "./transport.js";
import type { CreateWorker, ModelInfo, Worker, WorkerHooks } from "../worker/worker.js";
/** Loads the model and makes the core around it. */
export declare function createInProcessTransport(config: EngineConfig, createWorker: CreateWorker, hooks?: WorkerHooks): Promise<Transport>;
/** An engine core and its front, joined by plain calls. */
export declare class InProcessTransport implements Transport {
    #private;
    readonly info: ModelInfo;
    /** @param trace gets every step, and is closed with the core */
    constructor(worker: Worker, scheduler: Scheduler, trace?: TraceFile);
    get isResponding(): boolean;
    listen(events: TransportEvents): void;
    addRequests(requests: readonly EngineCoreRequest[]): void;
    abort(requestIds: readonly string[]): void;
    call<Name extends keyof UtilityCalls>(name: Name): Promise<ReturnType<UtilityCalls[Name]>>;
    profileSteps(listener: (step: StepProfile) => void): () => void;
    stats(lastSteps?: number): EngineCoreStats;
    close(): Promise<void>;
}
