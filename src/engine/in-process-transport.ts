/** Transport to an engine core in the same thread. */
import type { EngineConfig } from "../config/engine-config.js";
import type { StepProfile } from "../request/step-profile.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { EngineDeadError } from "../util/errors.js";
import { createScheduler } from "./create-scheduler.js";
import type { EngineCoreOptions } from "./engine-core.js";
import { EngineCore } from "./engine-core.js";
import { TraceFile } from "./trace-file.js";
import type { EngineCoreRequest, EngineCoreStats, Transport, TransportEvents, UtilityCalls } from "./transport.js";
import type { CreateWorker, ModelInfo, Worker, WorkerHooks } from "../worker/worker.js";

/** Loads the model and makes the core around it. */
export async function createInProcessTransport(
  config: EngineConfig,
  createWorker: CreateWorker,
  hooks: WorkerHooks = {},
): Promise<Transport> {
  const trace = config.profile === undefined ? undefined : new TraceFile(config.profile, logger(hooks));
  let worker: Worker | undefined;
  try {
    worker = await createWorker(config, hooks);
    trace?.describe(worker.info);
    return new InProcessTransport(worker, createScheduler(config, worker.info), trace, config);
  } catch (error) {
    trace?.close();
    worker?.dispose();
    throw error;
  }
}

/** Lines for the operator; a trace never ends in silence. */
function logger(hooks: WorkerHooks): (line: string) => void {
  return hooks.log ?? ((line) => process.emitWarning(line));
}

/** An engine core and its front, joined by plain calls. */
export class InProcessTransport implements Transport {
  readonly info: ModelInfo;
  readonly #core: EngineCore;
  readonly #trace: TraceFile | undefined;
  #events: TransportEvents | undefined;
  #isEnded = false;

  /** @param trace gets every step, and is closed with the core */
  constructor(worker: Worker, scheduler: Scheduler, trace?: TraceFile, options: EngineCoreOptions = {}) {
    this.info = worker.info;
    this.#trace = trace;
    const events: TransportEvents = {
      outputs: (outputs, marks) => this.#events?.outputs(outputs, marks),
      stepped: (wallMs, nativeMs) => this.#events?.stepped?.(wallMs, nativeMs),
      idle: () => this.#events?.idle?.(),
      death: (message, cause) => {
        this.#isEnded = true;
        trace?.close();
        this.#events?.death(message, cause);
      },
    };
    this.#core = new EngineCore(worker, scheduler, events, options);
    if (trace !== undefined) this.#core.profileSteps((step) => trace.add(step));
  }

  get isResponding(): boolean {
    return !this.#isEnded;
  }

  listen(events: TransportEvents): void {
    if (this.#events !== undefined) throw new EngineDeadError("this engine core has a listener already");
    this.#events = events;
  }

  addRequests(requests: readonly EngineCoreRequest[]): void {
    this.#core.addRequests(requests);
  }

  abort(requestIds: readonly string[]): void {
    this.#core.abort(requestIds);
  }

  call<Name extends keyof UtilityCalls>(
    name: Name,
    ...args: Parameters<UtilityCalls[Name]>
  ): Promise<Awaited<ReturnType<UtilityCalls[Name]>>> {
    return this.#core.call(name, ...args);
  }

  profileSteps(listener: (step: StepProfile) => void): () => void {
    return this.#core.profileSteps(listener);
  }

  stats(lastSteps?: number): EngineCoreStats {
    return this.#core.stats(lastSteps);
  }

  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#core.close();
    this.#trace?.close();
  }
}
