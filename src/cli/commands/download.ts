/** `quire download MODEL`: fetches a model into the cache and prints its path. */
import type { Command } from "commander";
import { parseEngineConfig } from "../../config/engine-config.js";
import { addEngineFlags, downloadProgress } from "../engine-flags.js";
import { UsageError } from "../exit.js";
import { ProgressBar } from "../progress-bar.js";

const FLAGS = ["model", "revision", "hfToken", "loadFormat", "downloadDir"];

export function define(command: Command): (args: readonly string[]) => Promise<number> {
  const engine = addEngineFlags(command, FLAGS);
  return async ([model]) => {
    const { downloadModel, parseModelId } = await import("../../tools/download.js");
    const { model: id, revision, hfToken, loadFormat, downloadDir } = parseEngineConfig(engine(model));
    if (parseModelId(id) === undefined) throw new UsageError(`${id}: expected a model id, org/name as on the hub`);
    const bar = new ProgressBar();
    try {
      const path = await downloadModel(id, {
        revision,
        token: hfToken,
        loadFormat,
        cacheDir: downloadDir,
        onNote: (note) => bar.line(note),
        onProgress: downloadProgress(bar),
      });
      bar.clear();
      process.stdout.write(`${path}\n`);
      return 0;
    } finally {
      bar.clear();
    }
  };
}
