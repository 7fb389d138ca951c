/** `quire bench startup MODEL`: how long a fresh process takes to its first token. */
import type { Command } from "commander";
import { Option } from "commander";
import { BenchProgress } from "../../bench-progress.js";
import { addEngineFlags, engineSettings } from "../../engine-flags.js";
import { EXIT_INTERRUPTED } from "../../exit.js";
import { integer, number } from "../../number-flags.js";
import { addJsonFlag, ResultOutput } from "../../result-output.js";

interface Flags {
  numIters: number;
  inputLen: number;
  outputLen: number;
  timeout: number;
  json?: string;
  child?: true;
}

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  const add = (option: Option) => command.addOption(option.helpGroup("Work:"));
  const count = (flag: string, description: string, fallback: number): void =>
    void add(new Option(`--${flag} <n>`, description).argParser(integer(`--${flag}`, { min: 1 })).default(fallback));
  count("num-iters", "Processes to start, one after the other.", 5);
  count("input-len", "Tokens of the prompt.", 8);
  count("output-len", "Tokens of the output.", 1);
  add(
    new Option("--timeout <s>", "Seconds for one process.")
      .argParser(number("--timeout", { min: 0, isAbove: true }))
      .default(600),
  );
  addJsonFlag(command);
  command.addOption(new Option("--child").hideHelp());
  const engine = addEngineFlags(command);
  return async ([model], version) => {
    const options = engine(model);
    const flags = command.opts<Flags>();
    const work = { inputLen: flags.inputLen, outputLen: flags.outputLen };
    if (flags.child === true) {
      const { runStartupChild } = await import("../../../tools/bench/startup-child.js");
      await runStartupChild(options, work, (event) => process.stdout.write(`${JSON.stringify(event)}\n`));
      return 0;
    }
    const output = new ResultOutput(flags.json);
    const { benchStartup, startupText } = await import("../../../tools/bench/startup.js");
    const progress = new BenchProgress();
    try {
      // The same node with the same loaders, the same program, the same arguments.
      const self = [process.execPath, ...process.execArgv, ...process.argv.slice(1), "--child"];
      const result = await benchStartup({
        command: self,
        numIters: flags.numIters,
        timeoutMs: flags.timeout * 1000,
        signal: progress.signal,
        onIteration: (done, total) => progress.update("starting", done, total),
      });
      progress.bar.clear();
      output.print(startupText(result));
      output.finish("startup", version, { ...work, numIters: flags.numIters, engine: engineSettings(options) }, result);
      return result.isInterrupted ? EXIT_INTERRUPTED : 0;
    } finally {
      progress.close();
    }
  };
}
