/**
 * Quire and its peers in turn in one run: `npx tsx bench/compare.ts --peers DIR [--cases 1b-decode-1,135m-*] [--rounds 5]
 * [--json FILE]`; `--list` prints the cases, `--table` the results of the file. Needs a machine on which nothing else runs;
 * docs/performance.md says how the peers are prepared.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cases, selectCases } from "./compare/cases.js";
import type { Case } from "./compare/cases.js";
import { engineLanes } from "./compare/engine-lanes.js";
import type { Lane } from "./compare/lane.js";
import { parseVersion } from "./compare/llama-output.js";
import { describeMachine, quireVersion } from "./compare/machine.js";
import { prefixLanes } from "./compare/prefix-lanes.js";
import { endChildrenWithProcess } from "./compare/processes.js";
import { mergeResults, readResults, summarize, writeResults } from "./compare/results.js";
import type { Results } from "./compare/results.js";
import { modelShape } from "./compare/roofline.js";
import type { Ceiling } from "./compare/roofline.js";
import { probeText, runCase } from "./compare/rounds.js";
import { serverLanes, startLanes } from "./compare/server-lanes.js";
import { findSetup } from "./compare/setup.js";
import type { Setup } from "./compare/setup.js";
import { resultsTable } from "./compare/table.js";
import { CpuPlatform } from "../src/platform/cpu/cpu-platform.js";
import { loadNativeBinding } from "../src/platform/native-binding.js";

const text = { type: "string" } as const;
const { values: flags } = parseArgs({
  options: {
    peers: text,
    "llama-cpp": text,
    vllm: text,
    "model-135m": text,
    "gguf-135m": text,
    "model-1b": text,
    "gguf-1b": text,
    cases: { ...text, default: "*" },
    without: { ...text, default: "" },
    rounds: text,
    threads: { ...text, default: "2" },
    tries: { ...text, default: "3" },
    "max-others": { ...text, default: "0.08" },
    json: text,
    list: { type: "boolean" },
    table: { type: "boolean" },
  },
});

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const number = (name: string, value: string, least: number): number => {
  if (Number(value) >= least) return Number(value);
  throw new Error(`--${name}: expected a number from ${least}, got ${value}`);
};

function list(): void {
  for (const { name, rounds, metrics } of cases) {
    const targets = metrics.map(({ name: metric, target }) => `${metric} ${target?.text ?? ""}`).join("; ");
    console.log(`${name.padEnd(28)} ${String(rounds).padStart(2)} rounds  ${targets}`);
  }
}

/** Where the engines are, less those named by --without. */
function setup(): Setup {
  const without = flags.without.split(",");
  const found = findSetup(
    {
      peers: flags.peers,
      llamaCpp: flags["llama-cpp"],
      vllm: flags.vllm,
      model135m: flags["model-135m"],
      gguf135m: flags["gguf-135m"],
      model1b: flags["model-1b"],
      gguf1b: flags["gguf-1b"],
    },
    number("threads", flags.threads, 1),
  );
  found.missing.forEach((line) => log(line));
  return {
    ...found,
    llamaCpp: without.includes("llama.cpp") ? undefined : found.llamaCpp,
    python: without.includes("vllm") ? undefined : found.python,
  };
}

interface Versions {
  readonly quire: string;
  readonly llamaCpp: string;
}

function versionsOf({ llamaCpp }: Setup): Versions {
  const quire = quireVersion();
  if (llamaCpp === undefined) return { quire, llamaCpp: "" };
  const { stdout, stderr } = spawnSync(join(llamaCpp, "llama-server"), ["--version"], { encoding: "utf8" });
  return { quire, llamaCpp: parseVersion(`${stdout}\n${stderr}`) };
}

/** Lanes of a case, kept for the next one where that is of the same kind. */
class Lanes {
  readonly #setup: Setup;
  readonly #versions: Versions;
  #key = "";
  #lanes: Lane[] = [];

  constructor(found: Setup, versions: Versions) {
    this.#setup = found;
    this.#versions = versions;
  }

  async of(spec: Case): Promise<readonly Lane[]> {
    const kind = spec.kind === "prefill" ? "decode" : spec.kind;
    const key = `${spec.model} ${kind}`;
    if (key !== this.#key) {
      await this.close();
      log(`starting engines for ${key} cases`);
      this.#lanes = await this.#open(spec, kind);
      this.#key = key;
      for (const { name, version } of this.#lanes) log(`  ${name} ${version}`);
    }
    return this.#lanes;
  }

  async close(): Promise<void> {
    for (const lane of this.#lanes) await lane.close();
    this.#lanes = [];
    this.#key = "";
  }

  async #open(spec: Case, kind: Exclude<Case["kind"], "prefill">): Promise<Lane[]> {
    const model = this.#setup.models[spec.model];
    if (kind === "decode") return engineLanes(this.#setup, model, this.#versions);
    if (kind === "prefix") return prefixLanes(model, this.#setup.threads, this.#versions.quire);
    if (kind === "server") return serverLanes(this.#setup, model, this.#versions, spec);
    return startLanes(this.#setup, model, this.#versions);
  }
}

/** Best of a few reads of memory and of a few multiplications: what others do not take away in that moment. */
function prober(threads: number): () => Ceiling {
  const platform = new CpuPlatform(loadNativeBinding(), { threads });
  log(platform.description);
  const best = (what: "read" | "bf16") => Math.max(...[1, 2, 3].map(() => platform.probe(what)));
  return () => ({ read: best("read"), peak: best("bf16") });
}

async function compare(selected: readonly Case[]): Promise<Results> {
  const found = setup();
  const machine = describeMachine();
  let results: Results = { machine, cases: {} };
  const path = flags.json;
  // Looked at first: hours of measuring should not end in a file that cannot be merged.
  if (path !== undefined) mergeResults(readResults(path), results);
  const lanes = new Lanes(found, versionsOf(found));
  const probe = prober(found.threads);
  for (const spec of selected) {
    const { folder } = found.models[spec.model];
    const needsBuild = spec.kind === "server" || spec.kind === "start";
    if (folder === undefined || (needsBuild && found.quire === undefined)) {
      log(`${spec.name}: left out`);
      continue;
    }
    try {
      const open = await lanes.of(spec);
      log(spec.name);
      const run = await runCase(spec, open, {
        rounds: flags.rounds === undefined ? spec.rounds : number("rounds", flags.rounds, 1),
        maxOthers: number("max-others", flags["max-others"], 0),
        tries: number("tries", flags.tries, 1),
        probe,
        log,
      });
      const date = new Date().toISOString().slice(0, 10);
      const result = summarize(spec, run, open, { shape: modelShape(folder), threads: found.threads, date });
      results = mergeResults(results, { machine, cases: { [spec.name]: result } });
      if (path !== undefined) writeResults(path, mergeResults(readResults(path), results));
    } catch (error) {
      log(`${spec.name}: failed: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
      await lanes.close();
    }
  }
  await lanes.close();
  log(`at the end: ${probeText(probe())}`);
  return results;
}

const names = cases.map(({ name }) => name);
if (flags.list) {
  list();
} else if (flags.table) {
  const results = readResults(flags.json ?? "bench/results.json");
  if (results === undefined) throw new Error("--table: there is no such file; name one by --json");
  console.log(resultsTable(results, names));
} else {
  endChildrenWithProcess();
  console.log(resultsTable(await compare(selectCases(flags.cases)), names));
}
