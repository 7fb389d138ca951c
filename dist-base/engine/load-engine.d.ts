/** The engine as users get it: the usual worker, in this process or in one of its own, and models by name. */
import type { EngineConfig } from "../config/engine-config.js";
import type { EngineHooks } from "./create-engine.js";
import type { Engine } from "./engine.js";
/**
 * Finds the model (on disk, in the Hugging Face cache, or on the hub) and loads it.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection); nothing stays loaded then
 */
export declare function loadEngine(config: EngineConfig, hooks: EngineHooks): Promise<Engine>;
