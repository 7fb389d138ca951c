/** The scheduler of a loaded model. */
import type { EngineConfig } from "../config/engine-config.js";
import { Scheduler } from "../scheduler/scheduler.js";
import type { ModelInfo } from "../worker/worker.js";
/** @throws ConfigError, ResourceError if config and model do not go together */
export declare function createScheduler(config: EngineConfig, info: ModelInfo): Scheduler;
