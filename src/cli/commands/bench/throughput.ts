/** `quire bench throughput MODEL`: how much work a second when all of it is there at once. */
import type { Command } from "commander";
import { BenchProgress } from "../../bench-progress.js";
import { addWorkFlags, loadingOptions } from "../../bench-work-flags.js";
import { addDatasetFlags, numPrompts } from "../../dataset-flags.js";
import { addEngineFlags, engineSettings } from "../../engine-flags.js";
import { EXIT_INTERRUPTED } from "../../exit.js";
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
    const progress = new BenchProgress();
    let finished = 0;
    try {
      const result = await benchThroughput({
        ...settings,
        engine,
        ...loadingOptions(progress),
        onProgress: (done, total) => {
          finished = done;
          progress.update("measuring", done, total, "prompts");
        },
      });
      progress.bar.clear();
      output.print(throughputText(result));
      output.finish("throughput", version, { ...settings, engine: engineSettings(engine) }, result);
      return 0;
    } catch (error) {
      if (!progress.signal.aborted) throw error;
      progress.bar.line(`interrupted after ${finished} of ${settings.numPrompts} prompts`);
      return EXIT_INTERRUPTED;
    } finally {
      progress.close();
    }
  };
}
