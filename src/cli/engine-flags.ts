/** MODEL and the engine's flags, shared by the commands that load a model. */
import type { Command } from "commander";
import type { EngineOptions } from "../config/engine-config.js";
import { engineSchema, parseEngineConfig } from "../config/engine-config.js";
import { optionFields } from "../config/option.js";
import { showBytes } from "../config/human-number.js";
import { takeEarlyTokenizer } from "../engine/early-start.js";
import { commandPath } from "./command-path.js";
import { UsageError } from "./exit.js";
import { ProgressBar } from "./progress-bar.js";
import { addSchemaFlags, asUsage } from "./schema-flags.js";

/** Reads the options that were given and checks them; those `fromFile` hold where the command line says nothing. */
export type ReadEngineOptions = (model?: string, fromFile?: Readonly<Record<string, unknown>>) => EngineOptions;

/** Adds MODEL and the flags. */
export function addEngineFlags(command: Command, only?: readonly string[]): ReadEngineOptions {
  command.argument("[model]", "folder, .gguf file, or model id on the hub (org/name)");
  const flags = addSchemaFlags(command, engineSchema, only);
  return (model, fromFile = {}) => {
    const values = flags.values();
    if (model !== undefined && values.model !== undefined && values.model !== model) {
      throw new UsageError(`two models: ${model} and --model ${String(values.model)}; give one`);
    }
    const options = { ...fromFile, ...values, model: model ?? values.model ?? fromFile.model } as EngineOptions;
    if (options.model === undefined) {
      throw new UsageError(
        `MODEL is missing: ${commandPath(command).join(" ")} MODEL, a folder, a .gguf file or a model id`,
      );
    }
    asUsage(() => parseEngineConfig(options));
    return options;
  };
}

/** The options that were given, without secrets: for files that others may read. */
export function engineSettings(options: EngineOptions): Partial<EngineOptions> {
  const secret = new Set(optionFields(engineSchema).flatMap((field) => (field.secret ? [field.name] : [])));
  return Object.fromEntries(Object.entries(options).filter(([name]) => !secret.has(name)));
}

/** Shows a download on the bar. */
export function downloadProgress(bar: ProgressBar) {
  return ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }): void =>
    showProgress(bar, "downloading", bytesDone, bytesTotal);
}

function showProgress(bar: ProgressBar, phase: string, bytesDone: number, bytesTotal: number): void {
  const share = bytesTotal === 0 ? 1 : bytesDone / bytesTotal;
  bar.update(phase, share, `${showBytes(bytesDone)} of ${showBytes(bytesTotal)}`);
}

/** Hooks that show loading on the bar, and the engine's lines above it. */
export function loadHooks(bar: ProgressBar) {
  return {
    takeTokenizerThread: takeEarlyTokenizer,
    log: (line: string) => bar.line(line),
    progress: ({ phase, done, total }: { phase: string; done: number; total: number }) =>
      showProgress(bar, phase, done, total),
  };
}
