/** The engine as users get it: the usual worker, in this process or in one of its own, and models by name. */
import type { EngineConfig } from "../config/engine-config.js";
import { ConfigError } from "../util/errors.js";
import { resolveModelPaths } from "../worker/resolve-model.js";
import { createEngine, inThisThread } from "./create-engine.js";
import type { EngineHooks, OpenTransport } from "./create-engine.js";
import type { Engine } from "./engine.js";
import { checkProfileOption } from "./trace-file.js";

/**
 * Finds the model (on disk, in the Hugging Face cache, or on the hub) and loads it.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection); nothing stays loaded then
 */
export async function loadEngine(config: EngineConfig, hooks: EngineHooks): Promise<Engine> {
  checkProfileOption(config);
  const open = await (config.engine === "process" ? inItsOwnProcess(hooks) : usualWorker());
  try {
    const resolved = await resolveModelPaths(config, {
      onNote: hooks.log,
      onProgress: ({ bytesDone, bytesTotal }) =>
        hooks.progress?.({ phase: "downloading", done: bytesDone, total: bytesTotal }),
    });
    return await createEngine(resolved, open.transport(resolved), hooks);
  } catch (error) {
    await open.cancel();
    throw error;
  }
}

/** What has begun before the model's path is known. */
interface Opening {
  readonly transport: (resolved: EngineConfig) => OpenTransport;
  /** Ends it, where the transport was never opened. */
  readonly cancel: () => Promise<void>;
}

async function usualWorker(): Promise<Opening> {
  const { createWorker } = await import("../worker/create-worker.js");
  return { transport: (resolved) => inThisThread(resolved, createWorker), cancel: () => Promise.resolve() };
}

/** The process starts at once, and loads its modules while this one finds the model. */
async function inItsOwnProcess({ instruments, child: started }: EngineHooks): Promise<Opening> {
  if (instruments !== undefined) {
    throw new ConfigError(
      'instruments: functions cannot be sent to another process; use engine: "in-process" with them',
    );
  }
  const child = started ?? new (await import("./engine-child.js")).EngineChild();
  const { createProcessTransport } = await import("./process-transport.js");
  return {
    transport: (resolved) => (hooks, begun) => {
      begun();
      return createProcessTransport(child, resolved, hooks);
    },
    async cancel() {
      child.kill();
      await child.ended;
    },
  };
}
