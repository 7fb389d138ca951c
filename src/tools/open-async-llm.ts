/** The engine for a server in this process, with the usual worker. */
import type { EngineConfig } from "../config/engine-config.js";
import type { AsyncLLM } from "../engine/async-llm.js";
import { createAsyncLLM } from "../engine/async-llm.js";
import { createWorker } from "../worker/create-worker.js";

/**
 * Loads model and tokenizer; `config.model` is a path.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
 */
export function openAsyncLLM(config: EngineConfig, hooks: Parameters<typeof createAsyncLLM>[2]): Promise<AsyncLLM> {
  return createAsyncLLM(config, createWorker, hooks);
}
