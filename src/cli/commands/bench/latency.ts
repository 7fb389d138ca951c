/** `quire bench latency MODEL`: how long a fixed batch takes. */
import type { Command } from "commander";
import { Option } from "commander";
import { addWorkFlags } from "../../bench-work-flags.js";
import { addEngineFlags, engineSettings, loadHooks } from "../../engine-flags.js";
import { EXIT_INTERRUPTED, onSigint } from "../../exit.js";
import { integer, listOf } from "../../number-flags.js";
import { ProgressBar } from "../../progress-bar.js";
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
    const bar = new ProgressBar();
    const stop = new AbortController();
    const restore = onSigint(() => stop.abort());
    try {
      const result = await benchLatency({
        ...settings,
        engine,
        hooks: loadHooks(bar),
        signal: stop.signal,
        onLoaded: (info, seconds) =>
          bar.line(`${info.architecture} ${info.dtype} on ${info.platform}; loaded in ${seconds.toFixed(2)} s`),
        onIteration: (done, total) => {
          if (process.stderr.isTTY === true) bar.update("measuring", done / total, `${done} of ${total} batches`);
        },
      });
      bar.clear();
      output.print(latencyTables(result));
      output.finish("latency", version, { ...settings, engine: engineSettings(engine) }, result);
      return result.isInterrupted ? EXIT_INTERRUPTED : 0;
    } finally {
      bar.clear();
      restore();
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
