/** The engine as users get it: the usual worker, and models by name. */
import type { EngineConfig } from "../config/engine-config.js";
import { createWorker } from "../worker/create-worker.js";
import { resolveModelPaths } from "../worker/resolve-model.js";
import { createEngine } from "./create-engine.js";
import type { EngineHooks } from "./create-engine.js";
import type { Engine } from "./engine.js";
import { checkProfileOption } from "./trace-file.js";

/**
 * Finds the model (on disk, in the Hugging Face cache, or on the hub) and loads it.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection); nothing stays loaded then
 */
export async function loadEngine(config: EngineConfig, hooks: EngineHooks): Promise<Engine> {
  checkProfileOption(config);
  const resolved = await resolveModelPaths(config, {
    onNote: hooks.log,
    onProgress: ({ bytesDone, bytesTotal }) =>
      hooks.progress?.({ phase: "downloading", done: bytesDone, total: bytesTotal }),
  });
  return createEngine(resolved, createWorker, hooks);
}
