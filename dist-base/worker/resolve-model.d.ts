import type { DownloadOptions } from "../checkpoint/hub-download.js";
import type { EngineConfig } from "../config/engine-config.js";
/**
 * The config with `model` and `tokenizer` as paths; everything else stays, `servedModelName` too.
 * @throws ConfigError, ResourceError or CheckpointError (as a rejection) when a model cannot be had
 */
export declare function resolveModelPaths(config: EngineConfig, hooks?: Pick<DownloadOptions, "onNote" | "onProgress" | "signal">): Promise<EngineConfig>;
