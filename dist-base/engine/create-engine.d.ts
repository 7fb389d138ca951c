import type { EngineConfig } from "../config/engine-config.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { Engine } from "./engine.js";
import type { EngineChild } from "./engine-child.js";
import type { Transport } from "./transport.js";
import type { CreateWorker, WorkerHooks } from "../worker/worker.js";
/** Told or asked while an engine is made. */
export interface EngineHooks extends WorkerHooks {
    /** A process that was started already, for `engine: "process"`. */
    child?: EngineChild | undefined;
    /** Called when the model is being loaded and this thread has time for other things. */
    begun?: () => void;
    /** Finds the tokenizer; undefined for none. By default the files in the folder of `tokenizer` or `model`. */
    loadTokenizer?: (config: EngineConfig) => Promise<Tokenizer | undefined>;
}
/** Loads the model, and calls `begun` as soon as that needs this thread no more than now and then: other things are then loaded. */
export type OpenTransport = (hooks: WorkerHooks, begun: () => void) => Promise<Transport>;
/** The core in this thread. Its weights go first, as other threads read them meanwhile. */
export declare function inThisThread(config: EngineConfig, createWorker: CreateWorker): OpenTransport;
/**
 * Model and tokenizer are loaded at the same time.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection); nothing stays loaded then
 */
export declare function createEngine(config: EngineConfig, openTransport: OpenTransport, hooks?: EngineHooks): Promise<Engine>;
