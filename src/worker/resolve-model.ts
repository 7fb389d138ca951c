/** From the names in the options to paths: what exists on disk, else the Hugging Face cache, else a download. */
import { existsSync } from "node:fs";
import type { DownloadOptions } from "../checkpoint/hub-download.js";
import type { EngineConfig } from "../config/engine-config.js";

/** The hub's part is loaded only where a path does not exist. */
async function resolveModel(model: string, options: DownloadOptions): Promise<string> {
  if (existsSync(model)) return model;
  const hub = await import("../checkpoint/hub-download.js");
  return hub.resolveModel(model, options);
}

/**
 * The config with `model` and `tokenizer` as paths; everything else stays, `servedModelName` too.
 * @throws ConfigError, ResourceError or CheckpointError (as a rejection) when a model cannot be had
 */
export async function resolveModelPaths(
  config: EngineConfig,
  hooks: Pick<DownloadOptions, "onNote" | "onProgress" | "signal"> = {},
): Promise<EngineConfig> {
  const common = { ...hooks, cacheDir: config.downloadDir, token: config.hfToken };
  const { revision, loadFormat } = config;
  const model = await resolveModel(config.model, { ...common, revision, loadFormat });
  const tokenizer =
    config.tokenizer === undefined
      ? undefined
      : await resolveModel(config.tokenizer, { ...common, loadFormat: "dummy" });
  return Object.freeze({ ...config, model, tokenizer });
}
