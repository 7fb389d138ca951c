/** `quire bench latency MODEL`: how long a fixed batch takes. */
import type { Command } from "commander";
import { Option } from "commander";
import { BenchProgress } from "../../bench-progress.js";
import { addWorkFlags, loadingOptions } from "../../bench-work-flags.js";
import { addEngineFlags, engineSettings } from "../../engine-flags.js";
import { EXIT_INTERRUPTED } from "../../exit.js";
import { integer, listOf } from "../../number-flags.js";
import { addJsonFlag, ResultOutput } from "../../result-output.js";

interface Flags {
  inputLen: number;
  outputLen: number;
  batchSize: number[];
  numItersWarmup: number;
  numIters: number;
  probe?: true;
  breakdown?: true;
  json?: string;
}

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  addFlags(command);
  const work = addWorkFlags(command);
  addJsonFlag(command);
  const engineOptions = addEngineFlags(command);
  return async ([model], version) => {
    const engine = engineOptions(model);
    const { inputLen, outputLen, batchSize, numItersWarmup, numIters, probe, breakdown, json } = command.opts<Flags>();
    const settings = {
      ...{ inputLen, outputLen, batchSizes: batchSize, numItersWarmup, numIters },
      ...work(),
      seed: engine.seed ?? 0,
      probe: probe === true,
      breakdown: breakdown === true,
    };
    const output = new ResultOutput(json);
    const { benchLatency } = await import("../../../tools/bench/latency.js");
    const { latencyTables } = await import("../../../tools/bench/latency-table.js");
    const progress = new BenchProgress();
    try {
      const result = await benchLatency({
        ...settings,
        engine,
        ...loadingOptions(progress),
        onIteration: (done, total) => progress.update("measuring", done, total, "batches"),
      });
      progress.bar.clear();
      output.print(latencyTables(result));
      output.finish("latency", version, { ...settings, engine: engineSettings(engine) }, result);
      return result.isInterrupted ? EXIT_INTERRUPTED : 0;
    } finally {
      progress.close();
    }
  };
}

function addFlags(command: Command): void {
  const add = (option: Option) => command.addOption(option.helpGroup("Work:"));
  const count = (flag: string, description: string, fallback: number, min = 1): void =>
    void add(new Option(`--${flag} <n>`, description).argParser(integer(`--${flag}`, { min })).default(fallback));
  count("input-len", "Tokens of each prompt.", 32);
  count("output-len", "Tokens of each output.", 128);
  add(
    new Option("--batch-size <n,...>", "Prompts at once; several sizes take turns in each iteration.")
      .argParser(listOf("--batch-size", integer("--batch-size", { min: 1 })))
      .default([8], "8"),
  );
  count("num-iters-warmup", "Iterations before, not counted.", 3, 0);
  count("num-iters", "Iterations that count.", 10);
  add(
    new Option(
      "--breakdown",
      "Then measure some more steps: time by op, beside the roofline; and what is outside the ops.",
    ),
  );
  add(
    new Option("--probe", "Measure memory bandwidth before and after: tokens of a shared machine mean little alone."),
  );
}
