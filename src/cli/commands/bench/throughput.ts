/** `quire bench throughput MODEL`: how much work a second when all of it is there at once. */
import type { Command } from "commander";
import { addWorkFlags } from "../../bench-work-flags.js";
import { addDatasetFlags, numPrompts } from "../../dataset-flags.js";
import { addEngineFlags, engineSettings, loadHooks } from "../../engine-flags.js";
import { EXIT_INTERRUPTED, onSigint } from "../../exit.js";
import { ProgressBar } from "../../progress-bar.js";
import { addJsonFlag, ResultOutput } from "../../result-output.js";

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  const dataset = addDatasetFlags(command);
  const work = addWorkFlags(command);
  addJsonFlag(command);
  const engineOptions = addEngineFlags(command);
  return async ([model], version) => {
    const engine = engineOptions(model);
    const { json } = command.opts<{ json?: string }>();
    const settings = { dataset: dataset(engine.seed ?? 0), numPrompts: numPrompts(command), ...work() };
    const output = new ResultOutput(json);
    const { benchThroughput, throughputText } = await import("../../../tools/bench/throughput.js");
    const bar = new ProgressBar();
    const stop = new AbortController();
    const restore = onSigint(() => stop.abort());
    let finished = 0;
    try {
      const result = await benchThroughput({
        ...settings,
        engine,
        hooks: loadHooks(bar),
        signal: stop.signal,
        onLoaded: (info, seconds) =>
          bar.line(`${info.architecture} ${info.dtype} on ${info.platform}; loaded in ${seconds.toFixed(2)} s`),
        onProgress: (done, total) => {
          finished = done;
          if (process.stderr.isTTY === true) bar.update("measuring", done / total, `${done} of ${total} prompts`);
        },
      });
      bar.clear();
      output.print(throughputText(result));
      output.finish("throughput", version, { ...settings, engine: engineSettings(engine) }, result);
      return 0;
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      bar.line(`interrupted after ${finished} of ${settings.numPrompts} prompts`);
      return EXIT_INTERRUPTED;
    } finally {
      bar.clear();
      restore();
    }
  };
}
