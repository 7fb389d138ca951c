/** Flags of `quire bench serve`, and the settings that they mean. */
import type { Command } from "commander";
import { Option } from "commander";
import { readEnvironment } from "../config/environment.js";
import type { Backend } from "../tools/bench/http-target.js";
import type { ServeOptions } from "../tools/bench/serve.js";
import { LATENCY_METRICS } from "../tools/bench/serve-metrics.js";
import type { Goodput, GoodputMetric, LatencyMetric } from "../tools/bench/serve-metrics.js";
import { UsageError } from "./exit.js";
import { integer, listOf, number } from "./number-flags.js";
import { addJsonFlag } from "./result-output.js";

const ENDPOINTS: Readonly<Record<Backend, string>> = {
  openai: "/v1/completions",
  "openai-chat": "/v1/chat/completions",
};
const GOODPUT_METRICS: readonly string[] = ["ttft", "tpot", "e2el"] satisfies GoodputMetric[];

/** What the command line gave. */
export interface ServeFlags {
  baseUrl?: string;
  host?: string;
  port?: number;
  backend?: Backend;
  endpointType?: Backend;
  endpoint?: string;
  model?: string;
  tokenizer?: string;
  vocabSize: number;
  header?: string[];
  timeout: number;
  requestRate: number;
  burstiness: number;
  maxConcurrency?: number[];
  numWarmups: number;
  ignoreEos?: true;
  temperature: number;
  seed?: number;
  goodput?: string[];
  percentileMetrics: LatencyMetric[];
  metricPercentiles: number[];
  json?: string;
  svg?: string;
}

/** What is measured, without the prompts. */
export type ServeSettings = Omit<ServeOptions, "prompts" | "signal">;

/** Adds all flags but those of the prompts. */
export function addServeFlags(command: Command): void {
  addServerFlags(command);
  addLoadFlags(command);
  addResultFlags(command);
}

function addServerFlags(command: Command): void {
  const add = (option: Option) => command.addOption(option.helpGroup("Server:"));
  add(new Option("--base-url <url>", "Address of the server. (default: http://HOST:PORT)"));
  add(new Option("--host <host>", "Its host. (default: 127.0.0.1)"));
  add(new Option("--port <n>", "Its port. (default: 8000)").argParser(integer("--port", { min: 1, max: 65535 })));
  const backends = Object.keys(ENDPOINTS);
  add(new Option("--backend <name>", "What is spoken: completions or chat. (default: openai)").choices(backends));
  add(new Option("--endpoint-type <name>", "The same as --backend.").choices(backends).hideHelp());
  add(new Option("--endpoint <path>", `Path of the requests. (default: ${Object.values(ENDPOINTS).join(" or ")})`));
  add(new Option("--model <name>", "Name of the model in requests. (default: the first that the server lists)"));
  add(
    new Option(
      "--tokenizer <dir>",
      "Folder of the model's tokenizer: random prompts become text of exactly the wanted number of tokens, and prompts of files are counted. (default: random prompts are token ids, in a chat plain words)",
    ),
  );
  const vocabSize = integer("--vocab-size", { min: 8 });
  add(new Option("--vocab-size <n>", "Random token ids lie below it.").argParser(vocabSize).default(10_000));
  add(new Option("--header <name=value...>", "Headers to send with every request."));
  const timeout = number("--timeout", { min: 0, isAbove: true });
  add(new Option("--timeout <s>", "Seconds for one request; it fails then.").argParser(timeout).default(600));
}

function addLoadFlags(command: Command): void {
  const add = (option: Option) => command.addOption(option.helpGroup("Load:"));
  const rate = number("--request-rate", { min: 0, isAbove: true, allowInfinity: true });
  add(
    new Option("--request-rate <x>", "Requests a second, at random times; inf: all at once.")
      .argParser(rate)
      .default(Infinity, "inf"),
  );
  const burstiness = number("--burstiness", { min: 0, isAbove: true, allowInfinity: true });
  add(
    new Option("--burstiness <x>", "1: a Poisson process; less: bursts; inf: even gaps.")
      .argParser(burstiness)
      .default(1),
  );
  const concurrency = listOf("--max-concurrency", number("--max-concurrency", { min: 1, allowInfinity: true }));
  add(
    new Option(
      "--max-concurrency <n,...>",
      "Most requests open at once; with several numbers one run for each. (default: no limit)",
    ).argParser((text: string) => concurrency(text).map(whole)),
  );
  add(
    new Option("--num-warmups <n>", "Requests before the first run, not counted.")
      .argParser(integer("--num-warmups", { min: 0 }))
      .default(1),
  );
  add(new Option("--ignore-eos", "Ask for all output tokens, past the end-of-sequence token (not in OpenAI's API)."));
  add(
    new Option("--temperature <x>", "Temperature of the requests.")
      .argParser(number("--temperature", { min: 0 }))
      .default(0),
  );
  add(new Option("--seed <n>", "Of random prompts and times. (default: 0)").argParser(integer("--seed", { min: 0 })));
}

function addResultFlags(command: Command): void {
  const percents = listOf("--metric-percentiles", number("--metric-percentiles", { min: 0, max: 100 }));
  command.addOption(
    new Option("--percentile-metrics <names>", "Which of ttft, tpot, itl, e2el the table shows.")
      .argParser(listOf("--percentile-metrics", latencyMetric))
      .default([...LATENCY_METRICS], LATENCY_METRICS.join(",")),
  );
  command.addOption(
    new Option("--metric-percentiles <p,...>", "Percentiles besides mean and median.")
      .argParser(percents)
      .default([90, 99], "90,99"),
  );
  command.option(
    "--goodput <limits...>",
    "Count requests that keep limits in milliseconds: ttft:500 tpot:50 e2el:3000.",
  );
  addJsonFlag(command);
  command.option("--svg <file>", "Draw output throughput against latency, a point for each --max-concurrency.");
}

/** @throws UsageError for flags that contradict each other or have a wrong form */
export function serveSettings(flags: ServeFlags, seed: number, numPrompts: number): ServeSettings {
  if (flags.baseUrl !== undefined && (flags.host !== undefined || flags.port !== undefined))
    throw new UsageError("--base-url and --host or --port exclude each other");
  if (flags.backend !== undefined && flags.endpointType !== undefined && flags.backend !== flags.endpointType)
    throw new UsageError(`--backend ${flags.backend} and --endpoint-type ${flags.endpointType} contradict each other`);
  const backend = flags.backend ?? flags.endpointType ?? "openai";
  const host = flags.host ?? "127.0.0.1";
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${flags.port ?? 8000}`;
  return {
    target: {
      baseUrl: flags.baseUrl ?? address,
      endpoint: flags.endpoint ?? ENDPOINTS[backend],
      headers: readHeaders(flags.header ?? []),
      apiKey: readEnvironment().openaiApiKey,
    },
    backend,
    model: flags.model,
    numPrompts,
    numWarmups: flags.numWarmups,
    requestRate: flags.requestRate,
    burstiness: flags.burstiness,
    maxConcurrency: flags.maxConcurrency ?? [Infinity],
    ignoreEos: flags.ignoreEos === true,
    temperature: flags.temperature,
    timeoutMs: flags.timeout * 1000,
    seed,
    goodput: readGoodput(flags.goodput ?? []),
    percentiles: flags.metricPercentiles,
  };
}

function readHeaders(list: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const text of list) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*[=:]\s*([\t\x20-\x7e\x80-\xff]*)$/.exec(text);
    if (match === null) throw new UsageError(`--header: expected NAME=VALUE; got ${JSON.stringify(text)}`);
    headers[match[1]!] = match[2]!;
  }
  return headers;
}

function readGoodput(list: readonly string[]): Goodput {
  const limits: Goodput = {};
  for (const text of list.flatMap((part) => part.split(",")).filter((part) => part !== "")) {
    const [name = "", limit = "", ...more] = text.split(":");
    const milliseconds = limit.trim() === "" || more.length > 0 ? Number.NaN : Number(limit);
    if (!GOODPUT_METRICS.includes(name) || !Number.isFinite(milliseconds) || milliseconds < 0)
      throw new UsageError(
        `--goodput: expected NAME:MILLISECONDS, NAME one of ${GOODPUT_METRICS.join(", ")}; got ${JSON.stringify(text)}`,
      );
    limits[name as GoodputMetric] = milliseconds;
  }
  return limits;
}

function latencyMetric(text: string): LatencyMetric {
  const name = LATENCY_METRICS.find((metric) => metric === text);
  if (name !== undefined) return name;
  throw new UsageError(`--percentile-metrics: expected ${LATENCY_METRICS.join(", ")}; got ${JSON.stringify(text)}`);
}

function whole(value: number): number {
  if (value === Infinity || Number.isInteger(value)) return value;
  throw new UsageError(`--max-concurrency: expected integers from 1, or "inf"; got ${value}`);
}
