/** The worker as the engine sees it, for rooms that know the engine alone. */
export type { CreateWorker, LoadProgress, ModelInfo, Worker, WorkerHooks } from "../worker/worker.js";
