/** Transport to an engine core in a process of its own. */
import type { EngineConfig } from "../config/engine-config.js";
import type { EngineChild } from "./engine-child.js";
import type { Transport } from "./transport.js";
import type { WorkerHooks } from "../worker/worker.js";
/** What is needed of an EngineChild. */
export type CoreProcess = Pick<EngineChild, "send" | "onMessage" | "onEnd" | "ended" | "hold" | "kill">;
/**
 * Lets a process load the model.
 *
 * @param child  a process that was just started
 * @param config with paths, where models have names on the hub
 * @throws what loading throws there, as the same class; ResourceError if the process ends before it is done
 */
export declare function createProcessTransport(child: CoreProcess, config: EngineConfig, hooks?: WorkerHooks): Promise<Transport>;
