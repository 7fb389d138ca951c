import type { Command } from "commander";
import type { ServerConfig } from "../../config/server-config.js";
import type { RunningServer } from "../../server/server.js";
import type { openAsyncLLM } from "../../engine/async-llm.js";
export declare function define(command: Command): (args: readonly string[], version: string) => Promise<number>;
type Engine = Awaited<ReturnType<typeof openAsyncLLM>>;
/** Says where the server listens and how to call it. */
export declare function greet(server: RunningServer, engine: Engine, config: ServerConfig): void;
/** Waits for a signal or the engine's death, then stops: open requests get `shutdownTimeout`; a second signal ends at once. */
export declare function untilStopped(server: RunningServer, engine: Engine): Promise<number>;
export {};
