/** Flags of `bench latency` and `bench throughput` that say what is done with each prompt. */
import type { Command } from "commander";
import { Option } from "commander";
import { UsageError } from "./exit.js";
import { integer, number } from "./number-flags.js";

/** What is done with each prompt. */
export interface BenchWork {
  /** Outputs of each prompt. */
  readonly n: number;
  readonly temperature: number;
  /** Whether text is made of the tokens. */
  readonly detokenize: boolean;
}

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
