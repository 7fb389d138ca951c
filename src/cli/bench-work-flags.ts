/** What `bench latency` and `bench throughput` share: flags that say what is done with each prompt, and loading the engine. */
import type { Command } from "commander";
import { Option } from "commander";
import type { BenchWork, EngineBenchOptions } from "../tools/bench/bench-engine.js";
import type { BenchProgress } from "./bench-progress.js";
import { loadHooks } from "./engine-flags.js";
import { UsageError } from "./exit.js";
import { integer, number } from "./number-flags.js";

/** Adds the flags; the result reads them. @throws UsageError (in the function that comes back) for flags that do not fit */
export function addWorkFlags(command: Command): () => BenchWork {
  const add = (option: Option) => command.addOption(option.helpGroup("Work:"));
  add(new Option("--n <n>", "Outputs of each prompt.").argParser(integer("--n", { min: 1 })).default(1));
  const temperature = number("--temperature", { min: 0, max: 2 });
  add(new Option("--temperature <x>", "0 is greedy. (default: 0; 1 with --n above 1)").argParser(temperature));
  add(new Option("--disable-detokenize", "Make no text of the tokens."));
  return () => {
    const flags = command.opts<{ n: number; temperature?: number; disableDetokenize?: true }>();
    const { n } = flags;
    if (n > 1 && flags.temperature === 0)
      throw new UsageError(`--n ${n} needs a --temperature above 0: greedy outputs would all be equal`);
    return { n, temperature: flags.temperature ?? (n > 1 ? 1 : 0), detokenize: flags.disableDetokenize !== true };
  };
}

/** What the benchmark tells while it loads the engine, and what stops it: options of it. */
export function loadingOptions({ bar, signal }: BenchProgress) {
  const onLoaded: EngineBenchOptions["onLoaded"] = (info, seconds) =>
    bar.line(`${info.architecture} ${info.dtype} on ${info.platform}; loaded in ${seconds.toFixed(2)} s`);
  return { hooks: loadHooks(bar), signal, onLoaded };
}
