/** Transport to an engine core in the same thread. */
import type { EngineConfig } from "../config/engine-config.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { EngineDeadError } from "../util/errors.js";
import { createScheduler } from "./create-scheduler.js";
import { EngineCore } from "./engine-core.js";
import type { EngineCoreRequest, EngineCoreStats, Transport, TransportEvents, UtilityCalls } from "./transport.js";
import type { CreateWorker, ModelInfo, Worker, WorkerHooks } from "../worker/worker.js";

/** Loads the model and makes the core around it. */
export async function createInProcessTransport(
  config: EngineConfig,
  createWorker: CreateWorker,
  hooks: WorkerHooks = {},
): Promise<Transport> {
  const worker = await createWorker(config, hooks);
  try {
    return new InProcessTransport(worker, createScheduler(config, worker.info));
  } catch (error) {
    worker.dispose();
    throw error;
  }
}

/** An engine core and its front, joined by plain calls. */
export class InProcessTransport implements Transport {
  readonly info: ModelInfo;
  readonly #core: EngineCore;
  #events: TransportEvents | undefined;

  constructor(worker: Worker, scheduler: Scheduler) {
    this.info = worker.info;
    this.#core = new EngineCore(worker, scheduler, {
      outputs: (outputs) => this.#events?.outputs(outputs),
      death: (message, cause) => this.#events?.death(message, cause),
    });
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

  call<Name extends keyof UtilityCalls>(name: Name): Promise<ReturnType<UtilityCalls[Name]>> {
    return this.#core.call(name);
  }

  stats(): EngineCoreStats {
    return this.#core.stats();
  }

  close(): Promise<void> {
    return this.#core.close();
  }
}
