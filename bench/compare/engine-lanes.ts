/** Lanes of decode, prefill and prefix cases: `LLM` and vLLM in processes that stay, llama.cpp's benchmarks run anew each time. */
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { availableParallelism } from "node:os";
import type { Case } from "./cases.js";
import { Driver } from "./driver.js";
import { saltOf } from "./lane.js";
import type { Lane, Measured } from "./lane.js";
import { parseBatchedBench, parseLlamaBench } from "./llama-output.js";
import { Subprocess } from "./processes.js";
import type { ModelFiles, Setup } from "./setup.js";
import { decodeRate, firstTokenMs } from "./token-times.js";

/** Longest prompt plus output of any case. */
const MAX_MODEL_LEN = 4608;
/** Memory for keys and values: the largest case takes 0.8 GB. */
const CACHE_GIB = 2;
const LLAMA_MS = 600_000;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** An engine in a process of its own that tells the times of tokens. */
class DriverLane implements Lane {
  readonly name: string;
  readonly version: string;
  readonly #driver: Driver;

  constructor(name: string, version: string, driver: Driver) {
    this.name = name;
    this.version = version;
    this.#driver = driver;
  }

  get pids(): number[] {
    return [this.#driver.pid];
  }

  async warm(spec: Case): Promise<void> {
    await this.#driver.ask({ batch: spec.batch, context: spec.context, tokens: spec.newTokens > 0 ? 3 : 1, salt: 0 });
  }

  async measure(spec: Case, round: number): Promise<Measured> {
    const request = { batch: spec.batch, context: spec.context, tokens: spec.newTokens + 1, salt: saltOf(round) };
    const { times, stepOverheadMs } = await this.#driver.ask(request);
    if (spec.kind === "decode") return { values: { rate: decodeRate(times) }, stepOverheadMs };
    return { values: { rate: spec.context / (firstTokenMs(times) / 1000) } };
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}

/** llama-batched-bench for decoding, llama-bench for one prompt: a process for each measurement. */
class LlamaBenchLane implements Lane {
  readonly name = "llama.cpp";
  readonly pids = [];
  readonly version: string;
  readonly #folder: string;
  readonly #gguf: string;
  readonly #threads: string;

  constructor(folder: string, gguf: string, threads: number, version: string) {
    this.version = version;
    this.#folder = folder;
    this.#gguf = gguf;
    this.#threads = String(threads);
  }

  async warm(): Promise<void> {
    await this.#prefill(16);
  }

  async measure(spec: Case): Promise<Measured> {
    return { values: { rate: spec.kind === "decode" ? await this.#decode(spec) : await this.#prefill(spec.context) } };
  }

  async close(): Promise<void> {}

  async #prefill(numTokens: number): Promise<number> {
    const counts = ["-p", String(numTokens), "-n", "0", "-r", "1"];
    const args = ["-m", this.#gguf, "-t", this.#threads, ...counts, "-o", "json"];
    return parseLlamaBench(await this.#run("llama-bench", args));
  }

  async #decode({ batch, context, newTokens }: Case): Promise<number> {
    const perSequence = Math.ceil((context + newTokens) / 256) * 256;
    const counts = ["-npp", String(context), "-ntg", String(newTokens), "-npl", String(batch)];
    const threads = ["-t", this.#threads, "-tb", this.#threads];
    // A long prompt is computed once and copied to each sequence: that saves time and leaves decoding as it is.
    const shared = context > 1000 ? ["-pps"] : [];
    const args = ["-m", this.#gguf, ...counts, ...threads, "-c", String(batch * perSequence), ...shared];
    const output = await this.#run("llama-batched-bench", [...args, "--output-format", "jsonl"]);
    return parseBatchedBench(output).at(-1)!.decodeRate;
  }

  #run(program: string, args: readonly string[]): Promise<string> {
    return new Subprocess(join(this.#folder, program), args).output(LLAMA_MS);
  }
}

/** `LLM` in a process of its own. @throws Error if it does not start */
export async function startQuire(model: ModelFiles, threads: number, prefixCaching = false): Promise<Driver> {
  const options = {
    model: model.folder,
    dtype: "bfloat16",
    loadFormat: model.isDummy ? "dummy" : "auto",
    skipTokenizerInit: true,
    enablePrefixCaching: prefixCaching,
    maxModelLen: MAX_MODEL_LEN,
    kvCacheMemoryBytes: `${CACHE_GIB}GiB`,
    cpuThreads: threads,
  };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return Driver.start(process.execPath, ["--import", tsx, here("quire-driver.ts"), JSON.stringify(options)]);
}

/** vLLM's `LLM` in a process of its own; takes a minute or two. @throws Error if it does not start */
function startVllm(python: string, model: ModelFiles, threads: number): Promise<Driver> {
  const bound = threads < availableParallelism() ? { VLLM_CPU_OMP_THREADS_BIND: `0-${threads - 1}` } : undefined;
  const args = [here("vllm_driver.py"), model.folder!, "--max-model-len", String(MAX_MODEL_LEN)];
  return Driver.start(python, model.isDummy ? [...args, "--dummy"] : args, {
    VLLM_CPU_KVCACHE_SPACE: String(CACHE_GIB),
    ...bound,
  });
}

/** Lanes for decode and prefill cases of one model: Quire first, then the peers that are there. */
export async function engineLanes(
  setup: Setup,
  model: ModelFiles,
  versions: { readonly quire: string; readonly llamaCpp: string },
): Promise<Lane[]> {
  const lanes: Lane[] = [new DriverLane("quire", versions.quire, await startQuire(model, setup.threads))];
  if (setup.llamaCpp !== undefined && model.gguf !== undefined)
    lanes.push(new LlamaBenchLane(setup.llamaCpp, model.gguf, setup.threads, versions.llamaCpp));
  if (setup.python !== undefined) {
    const driver = await startVllm(setup.python, model, setup.threads);
    const { version, seconds } = driver.ready;
    lanes.push(
      new DriverLane("vllm", `${version} (${seconds.toFixed(0)} s from process start to a loaded model)`, driver),
    );
  }
  return lanes;
}
