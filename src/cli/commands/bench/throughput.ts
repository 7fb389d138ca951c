/** `quire bench throughput MODEL`: how much work a second when all of it is there at once. */
import type { Command } from "commander";
import { Option } from "commander";
import { addDatasetFlags, numPrompts } from "../../dataset-flags.js";
import { addEngineFlags, engineSettings, loadHooks } from "../../engine-flags.js";
import { EXIT_INTERRUPTED, onSigint } from "../../exit.js";
import { integer, number } from "../../number-flags.js";
import { ProgressBar } from "../../progress-bar.js";
import { addJsonFlag, ResultOutput } from "../../result-output.js";

interface Flags {
  n: number;
  temperature: number;
  disableDetokenize?: true;
  json?: string;
}

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  const dataset = addDatasetFlags(command);
  const add = (option: Option) => command.addOption(option.helpGroup("Work:"));
  add(new Option("--n <n>", "Outputs of each prompt.").argParser(integer("--n", { min: 1 })).default(1));
  add(
    new Option("--temperature <x>", "0 is greedy; anything else samples.")
      .argParser(number("--temperature", { min: 0 }))
      .default(0),
  );
  add(new Option("--disable-detokenize", "Make no text of the tokens."));
  addJsonFlag(command);
  const engine = addEngineFlags(command);
  return async ([model], version) => {
    const options = engine(model);
    const { n, temperature, disableDetokenize, json } = command.opts<Flags>();
    const work = { dataset: dataset(options.seed ?? 0), numPrompts: numPrompts(command), n, temperature };
    const settings = { ...work, detokenize: disableDetokenize !== true };
    const output = new ResultOutput(json);
    const { benchThroughput, throughputText } = await import("../../../tools/bench/throughput.js");
    const bar = new ProgressBar();
    const stop = new AbortController();
    const restore = onSigint(() => stop.abort());
    let finished = 0;
    try {
      const result = await benchThroughput({
        ...settings,
        engine: options,
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
      output.finish("throughput", version, { ...settings, engine: engineSettings(options) }, result);
      return 0;
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      bar.line(`interrupted after ${finished} of ${work.numPrompts} prompts`);
      return EXIT_INTERRUPTED;
    } finally {
      bar.clear();
      restore();
    }
  };
}
