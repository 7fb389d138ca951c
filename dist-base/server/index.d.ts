/** `quirelm/server`: the OpenAI-compatible server inside one's own program. */
import "../util/copies.js";
export { parseServerConfig } from "../config/server-config.js";
export type { ServerConfig, ServerOptions } from "../config/server-config.js";
export { openAsyncLLM } from "../engine/async-llm.js";
export type { AsyncLLM } from "../engine/async-llm.js";
export { startServer } from "./server.js";
export type { RunningServer, ServerHooks } from "./server.js";
export { parseEngineConfig } from "../config/engine-config.js";
export type { EngineConfig, EngineOptions } from "../config/engine-config.js";
