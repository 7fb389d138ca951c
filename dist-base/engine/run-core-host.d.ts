import type { CreateWorker } from "../worker/worker.js";
/**
 * Serves the front until that closes the core, or the core dies, or the front is gone, and ends the process. Signals that a terminal
 * or a service manager sends to all processes of a group are the front's to answer: it closes this one in order, and if it dies
 * instead, its end of the socket closes.
 */
export declare function runCoreHost(createWorker: CreateWorker): Promise<never>;
