/** `quire bench serve`: a client that measures an OpenAI-compatible server, Quire's own or another. */
import { basename } from "node:path";
import type { Command } from "commander";
import type { Backend } from "../../../tools/bench/http-target.js";
import type { DatasetOptions, PromptForm } from "../../../tools/bench/prompt-source.js";
import type { ServeResult, ServeRun } from "../../../tools/bench/serve.js";
import { BenchProgress } from "../../bench-progress.js";
import { addServeFlags, serveSettings } from "../../bench-serve-flags.js";
import type { ServeFlags, ServeSettings } from "../../bench-serve-flags.js";
import { addDatasetFlags, numPrompts } from "../../dataset-flags.js";
import { EXIT_ERROR, EXIT_INTERRUPTED } from "../../exit.js";
import { checkWritable, ResultOutput } from "../../result-output.js";

export function define(command: Command): (args: readonly string[], version: string) => Promise<number> {
  const dataset = addDatasetFlags(command);
  addServeFlags(command);
  return async (_, version) => {
    const flags = command.opts<ServeFlags>();
    const chosen = dataset(flags.seed ?? 0);
    const settings = serveSettings(flags, chosen.seed, numPrompts(command));
    const output = new ResultOutput(flags.json);
    if (flags.svg !== undefined) checkWritable("--svg", flags.svg);
    return measure(settings, chosen, flags, output, version);
  };
}

async function measure(
  settings: ServeSettings,
  dataset: DatasetOptions,
  flags: ServeFlags,
  output: ResultOutput,
  version: string,
): Promise<number> {
  const { benchServe } = await import("../../../tools/bench/serve.js");
  const { serveRunTable, sweepTable } = await import("../../../tools/bench/serve-table.js");
  const { openPromptSource } = await import("../../../tools/bench/prompt-source.js");
  const prompts = await openPromptSource(dataset, await promptForm(flags, settings.backend));
  const progress = new BenchProgress();
  const isSweep = settings.maxConcurrency.length > 1;
  let result: ServeResult;
  try {
    result = await benchServe({
      ...settings,
      prompts,
      signal: progress.signal,
      onProgress: ({ maxConcurrency, finished, total }) =>
        progress.update(`concurrency ${maxConcurrency}`, finished, total),
      onRun: (run) => {
        progress.bar.clear();
        const title = isSweep ? `concurrency ${run.maxConcurrency}\n` : "";
        output.print(`${title}${serveRunTable(run, flags.percentileMetrics, flags.metricPercentiles)}\n`);
        if (run.firstError !== undefined) process.stderr.write(`the first error: ${run.firstError}\n`);
      },
    });
  } finally {
    progress.close();
  }
  if (isSweep) output.print(sweepTable(result.runs));
  if (flags.svg !== undefined) await drawChart(flags.svg, result, settings);
  const { target, ...rest } = settings;
  const server = { url: target.baseUrl + target.endpoint, headers: Object.keys(target.headers) };
  output.finish("serve", version, { server, ...rest, model: result.model, dataset }, result);
  return exitCode(result.runs, progress.signal.aborted);
}

function exitCode(runs: readonly ServeRun[], isInterrupted: boolean): number {
  if (isInterrupted) return EXIT_INTERRUPTED;
  return runs.some((run) => run.metrics.completed === 0) ? EXIT_ERROR : 0;
}

/** Token ids where the server takes them; text where a tokenizer is given; words in a chat without one. */
async function promptForm(flags: ServeFlags, backend: Backend): Promise<PromptForm> {
  if (flags.tokenizer !== undefined) {
    const { openTokenizer } = await import("../../../tools/bench/open-tokenizer.js");
    return { kind: "text", tokenizer: await openTokenizer(flags.tokenizer) };
  }
  if (backend === "openai-chat") return { kind: "words" };
  const { poolOfSize } = await import("../../../tools/bench/random-prompts.js");
  return { kind: "ids", pool: poolOfSize(flags.vocabSize) };
}

async function drawChart(path: string, result: ServeResult, settings: { numPrompts: number }): Promise<void> {
  const { latencyChart } = await import("../../../tools/bench/latency-chart.js");
  const { writeResultFile } = await import("../../../tools/bench/report.js");
  const { concurrencyLabel } = await import("../../../tools/bench/serve-table.js");
  const points = result.runs
    .filter((run) => run.metrics.completed > 0)
    .map(({ maxConcurrency, metrics }) => ({
      label: concurrencyLabel(maxConcurrency),
      throughput: metrics.outputThroughput,
      tpotMs: metrics.latencies.tpot?.median,
      ttftMs: metrics.latencies.ttft?.median,
    }));
  const mean = (total: (run: ServeRun) => number): number => {
    const completed = result.runs.reduce((sum, run) => sum + run.metrics.completed, 0);
    return Math.round(result.runs.reduce((sum, run) => sum + total(run), 0) / Math.max(1, completed));
  };
  const input = mean((run) => run.metrics.totalInputTokens);
  const tokens = mean((run) => run.metrics.totalOutputTokens);
  const subtitle = `${settings.numPrompts} requests a point; on average ${input} tokens in, ${tokens} out; ${new Date().toISOString().slice(0, 10)}`;
  writeResultFile(path, latencyChart(`${shortName(result.model)}: throughput against latency`, subtitle, points));
}

/** A model that is named by its path, by its last part. */
function shortName(model: string): string {
  return /^[./\\]/.test(model) ? basename(model) : model;
}
