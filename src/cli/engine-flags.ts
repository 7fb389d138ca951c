/** MODEL and the engine's flags, shared by the commands that load a model. */
import type { Command } from "commander";
import type { EngineOptions } from "../config/engine-config.js";
import { engineSchema, parseEngineConfig } from "../config/engine-config.js";
import { showBytes } from "../config/human-number.js";
import { UsageError } from "./exit.js";
import { ProgressBar } from "./progress-bar.js";
import { addSchemaFlags, asUsage } from "./schema-flags.js";

/** Adds MODEL and the flags; the result reads the options that were given and checks them. */
export function addEngineFlags(command: Command, only?: readonly string[]): (model?: string) => EngineOptions {
  command.argument("[model]", "folder, .gguf file, or model id on the hub (org/name)");
  const flags = addSchemaFlags(command, engineSchema, only);
  return (model) => {
    const values = flags.values();
    if (model !== undefined && values.model !== undefined && values.model !== model) {
      throw new UsageError(`two models: ${model} and --model ${String(values.model)}; give one`);
    }
    const options = { ...values, model: model ?? values.model } as EngineOptions;
    if (options.model === undefined) {
      throw new UsageError(`MODEL is missing: quire ${command.name()} MODEL, a folder, a .gguf file or a model id`);
    }
    asUsage(() => parseEngineConfig(options));
    return options;
  };
}

/**
 * The options with model and tokenizer as paths, downloaded where needed; `servedModelName` keeps the name that was given.
 */
export async function resolveOptions(options: EngineOptions, bar: ProgressBar): Promise<EngineOptions> {
  const { resolveModel } = await import("../tools/download.js");
  const config = parseEngineConfig(options);
  const common = {
    cacheDir: config.downloadDir,
    token: config.hfToken,
    onNote: (note: string) => bar.line(note),
    onProgress: downloadProgress(bar),
  };
  const { revision, loadFormat } = config;
  const model = await resolveModel(config.model, { ...common, revision, loadFormat });
  const tokenizer =
    config.tokenizer === undefined
      ? undefined
      : await resolveModel(config.tokenizer, { ...common, loadFormat: "dummy" as const });
  bar.clear();
  return { ...options, model, tokenizer, servedModelName: [...config.servedModelName] };
}

/** Shows a download on the bar. */
export function downloadProgress(bar: ProgressBar) {
  return ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }): void => {
    const share = bytesTotal === 0 ? 0 : bytesDone / bytesTotal;
    bar.update("downloading", share, `${showBytes(bytesDone)} of ${showBytes(bytesTotal)}`);
  };
}

/** Hooks that show loading on the bar, and the engine's lines above it. */
export function loadHooks(bar: ProgressBar) {
  return {
    log: (line: string) => bar.line(line),
    progress: ({ phase, done, total }: { phase: string; done: number; total: number }) =>
      bar.update(phase, total === 0 ? 1 : done / total, ""),
  };
}
