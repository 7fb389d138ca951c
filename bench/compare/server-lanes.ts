/** Lanes of server and start cases: `quire serve` and `quire generate` against llama-server. */
import { join } from "node:path";
import type { Case } from "./cases.js";
import { saltOf } from "./lane.js";
import type { Lane, Measured } from "./lane.js";
import { runLoad } from "./load.js";
import { freePort, Subprocess } from "./processes.js";
import type { ModelFiles, Setup } from "./setup.js";

const START_MS = 300_000;
const POLL_MS = 5;
const PROMPT = "The capital of France is";
/** Room of one slot of llama-server, in tokens. */
const SLOT_TOKENS = 384;

/** A server that stays. */
class ServerLane implements Lane {
  readonly name: string;
  readonly version: string;
  readonly #child: Subprocess;
  readonly #url: string;

  constructor(name: string, version: string, child: Subprocess, url: string) {
    this.name = name;
    this.version = version;
    this.#child = child;
    this.#url = url;
  }

  get pids(): number[] {
    return [this.#child.child.pid!];
  }

  async warm(spec: Case): Promise<void> {
    await this.#run(spec, spec.batch, 4, 0);
  }

  async measure(spec: Case, round: number): Promise<Measured> {
    return { values: await this.#run(spec, spec.requests!, spec.newTokens + 1, saltOf(round)) };
  }

  close(): Promise<void> {
    return this.#child.stop();
  }

  #run({ batch, context }: Case, requests: number, newTokens: number, salt: number) {
    return runLoad(this.#url, "model", { requests, concurrency: batch, promptTokens: context, newTokens, salt });
  }
}

/** Processes started anew for each measurement. */
class StartLane implements Lane {
  readonly name: string;
  readonly version: string;
  readonly pids = [];
  readonly #start: () => Promise<number>;

  /** @param start seconds from the start of the process to the first token */
  constructor(name: string, version: string, start: () => Promise<number>) {
    this.name = name;
    this.version = version;
    this.#start = start;
  }

  async warm(): Promise<void> {
    await this.#start();
  }

  async measure(): Promise<Measured> {
    return { values: { start: await this.#start() } };
  }

  async close(): Promise<void> {}
}

interface Versions {
  readonly quire: string;
  readonly llamaCpp: string;
}

/** Both servers, loaded and waiting. @throws Error if one does not start */
export async function serverLanes(setup: Setup, model: ModelFiles, versions: Versions, spec: Case): Promise<Lane[]> {
  const [port, otherPort] = [await freePort(), await freePort()];
  const quire = [
    ...[setup.quire!, "serve", model.folder!, "--port", String(port), "--cpu-threads", String(setup.threads)],
    ...["--dtype", "bfloat16", "--load-format", model.isDummy ? "dummy" : "auto", "--skip-tokenizer-init"],
    ...["--max-model-len", "2048", "--kv-cache-memory-bytes", "2GiB", "--disable-log-stats"],
    ...["--served-model-name", "model"],
  ];
  const url = `http://127.0.0.1:${port}`;
  const lanes = [new ServerLane("quire", versions.quire, await serve(process.execPath, quire, url), url)];
  if (setup.llamaCpp === undefined || model.gguf === undefined) return lanes;
  const args = llamaServer(setup, model, otherPort, spec.batch, spec.batch * SLOT_TOKENS);
  const peerUrl = `http://127.0.0.1:${otherPort}`;
  const child = await serve(join(setup.llamaCpp, "llama-server"), args, peerUrl);
  return [...lanes, new ServerLane("llama.cpp", versions.llamaCpp, child, peerUrl)];
}

/** A command line that writes one token against a server that answers with one. */
export function startLanes(setup: Setup, model: ModelFiles, versions: Versions): Lane[] {
  const lanes: Lane[] = [new StartLane("quire", versions.quire, () => startQuire(setup, model))];
  if (setup.llamaCpp !== undefined && model.gguf !== undefined)
    lanes.push(new StartLane("llama.cpp", versions.llamaCpp, () => startLlamaServer(setup, model)));
  return lanes;
}

function llamaServer(setup: Setup, model: ModelFiles, port: number, slots: number, context: number): string[] {
  const threads = ["-t", String(setup.threads), "-tb", String(setup.threads)];
  // Prompts never come again, so the copies of old prompts that it would keep cost it time for nothing.
  const memory = ["--parallel", String(slots), "-c", String(context), "--cache-ram", "0"];
  return ["-m", model.gguf!, "--host", "127.0.0.1", "--port", String(port), ...threads, ...memory];
}

async function serve(command: string, args: readonly string[], url: string): Promise<Subprocess> {
  const child = new Subprocess(command, args);
  child.child.stdout!.resume();
  try {
    await untilHealthy(child, url, 100);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

async function untilHealthy(child: Subprocess, url: string, pollMs: number): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (child.child.exitCode !== null || child.child.pid === undefined) throw child.failure("ended");
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw child.failure(`not healthy within ${START_MS / 1000} s`);
}

/** Seconds from the start of `quire generate` to its first text. */
async function startQuire(setup: Setup, model: ModelFiles): Promise<number> {
  const args = ["generate", model.folder!, "--prompt", PROMPT, "--raw", "--max-tokens", "1", "--temperature", "0"];
  const begin = performance.now();
  const cpu = ["--cpu-threads", String(setup.threads)];
  const child = new Subprocess(process.execPath, [setup.quire!, ...args, ...cpu, "--quiet"]);
  let first: number | undefined;
  child.child.stdout!.on("data", () => (first ??= performance.now()));
  await child.output(START_MS);
  if (first === undefined) throw child.failure("no output");
  return (first - begin) / 1000;
}

/** Seconds from the start of llama-server to an answer of one token. */
async function startLlamaServer(setup: Setup, model: ModelFiles): Promise<number> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begin = performance.now();
  const child = new Subprocess(join(setup.llamaCpp!, "llama-server"), llamaServer(setup, model, port, 1, 2048));
  child.child.stdout!.resume();
  try {
    await untilHealthy(child, url, POLL_MS);
    const body = JSON.stringify({ prompt: PROMPT, max_tokens: 1, temperature: 0 });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/v1/completions`, { method: "POST", headers, body });
    await answer.arrayBuffer();
    if (!answer.ok) throw child.failure(`status ${answer.status}`);
    return (performance.now() - begin) / 1000;
  } finally {
    await child.stop();
  }
}
