/** vLLM's flags that change nothing in Quire, on a command: taken with a note, or refused with the reason. */
import type { Command } from "commander";
import { Option } from "commander";
import { KNOWN_ELSEWHERE } from "../config/known-flags.js";
import { NO_EFFECT_FLAGS, noteFor } from "../config/no-effect-flags.js";
import type { NoEffectFlag } from "../config/no-effect-flags.js";
import { UsageError } from "./exit.js";

/** Adds them, hidden from help; the result gives one line for each that was used. Call it after parsing. */
export function addNoEffectFlags(command: Command): () => string[] {
  const added: { readonly option: Option; readonly flag: string }[] = [];
  const add = (option: Option, flag: string) => {
    command.addOption(option.hideHelp());
    added.push({ option, flag });
  };
  for (const known of NO_EFFECT_FLAGS) {
    add(optionOf(known), known.flag);
    if (known.values === undefined) add(new Option(`--no-${known.flag}`), known.flag);
  }
  return () => {
    const isGiven = ({ option }: (typeof added)[number]) =>
      command.getOptionValueSource(option.attributeName()) === "cli";
    const used = new Set(added.filter(isGiven).map(({ flag }) => flag));
    return NO_EFFECT_FLAGS.filter(({ flag }) => used.has(flag)).map(
      ({ flag, note }) => `--${flag} has no effect: ${note}`,
    );
  };
}

function optionOf({ flag, values }: NoEffectFlag): Option {
  if (values === undefined) return new Option(`--${flag}`);
  const short = flag === "optimization-level" ? "-O, " : "";
  const several = flag === "cudagraph-capture-sizes";
  return new Option(`${short}--${flag} <value${several ? "s..." : ""}>`).argParser((value: string) => {
    if (noteFor(flag, value) !== undefined) return value;
    const reason = KNOWN_ELSEWHERE.get(flag) ?? "only the default is in this version";
    throw new UsageError(`--${flag} ${value} is known to vLLM, not in Quire yet: ${reason}`);
  });
}
