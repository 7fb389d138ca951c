/**
 * What the server costs without an engine: HTTP, template, tokenizing, detokenizing, events. The engine core is a process of its own
 * whose worker answers at once (or every 25 ms, for the latency that the front adds). Client, server and core share the machine's
 * cores, so rates are lower bounds; CPU per token is the server process's own. Last comes the floor: a bare node:net server that writes as
 * many bytes to as many connections.
 *
 *     npx tsx bench/front-end.ts [--seconds 5] [--streams 1,64,512] [--step-ms 25] [--json FILE]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";
import { httpRequest, keepAsking } from "./front-end/client.js";
import type { Tally } from "./front-end/client.js";
import { FIRST_ID, NUM_IDS } from "./front-end/ids.js";

const TOKENS = 128;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    streams: { type: "string", default: "1,64,512" },
    "step-ms": { type: "string", default: "25" },
    json: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const stepMs = Number(values["step-ms"]);
const bundled = bundle();

interface Figures {
  /** Microseconds of CPU so far. */
  readonly cpu: number;
  /** Tokens sent so far. */
  readonly tokens: number;
}

/** The process under test. */
interface Front {
  readonly port: number;
  ask(): Promise<Figures>;
  close(): Promise<void>;
}

/** Server and core as users run them: bundled, without what a transpiler on the fly adds to every function. */
async function bundle(): Promise<string> {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const dir = here("../build/front-end");
  const input = Object.fromEntries(["server", "core", "floor"].map((name) => [name, here(`front-end/${name}.ts`)]));
  const build = await rolldown({ input, platform: "node", external: ["tokenizers"], logLevel: "warn" });
  await build.write({ dir, format: "esm" });
  await build.close();
  return dir;
}

async function startFront(program: "server" | "floor", environment: Record<string, string> = {}): Promise<Front> {
  const env = { ...process.env, ...environment };
  const child = fork(join(await bundled, `${program}.js`), [String(stepMs)], { env, execArgv: [] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    port,
    async ask() {
      child.send("cpu");
      return ((await once(child, "message")) as [Figures])[0];
    },
    async close() {
      child.send("close");
      await once(child, "exit");
    },
  };
}

const message = { role: "user", content: "Tell me something about paper, please." };
const chat = (fields: object) =>
  httpRequest("/v1/chat/completions", {
    messages: [message],
    max_tokens: TOKENS,
    temperature: 0,
    ignore_eos: true,
    ...fields,
  });
const short = httpRequest("/v1/completions", { prompt: "Paper is", max_tokens: 4, temperature: 0, ignore_eos: true });

interface Row {
  readonly work: string;
  readonly requestsPerSecond: number;
  readonly tokensPerSecond: number;
  /** Of the server process. */
  readonly cpuPerTokenUs: number;
  readonly cpuPerRequestUs: number;
  /** The core is faster than the front, so tokens of several steps go out together. */
  readonly tokensPerPiece: number;
}

async function throughput(
  work: string,
  connections: number,
  request: Buffer,
  isStream: boolean,
  tokens: number,
): Promise<Row> {
  const front = await startFront("server");
  const tally: Tally = { requests: 0, pieces: 0 };
  const sockets = Array.from({ length: connections }, () => keepAsking(front.port, request, isStream, tally));
  await pause(2500);
  const [before, from, at] = [await front.ask(), { ...tally }, performance.now()];
  await pause(seconds * 1000);
  const now = await front.ask();
  const elapsed = (performance.now() - at) / 1000;
  const requests = tally.requests - from.requests;
  for (const socket of sockets) socket.destroy();
  await front.close();
  const cpu = now.cpu - before.cpu;
  return {
    work,
    requestsPerSecond: requests / elapsed,
    tokensPerSecond: (requests * tokens) / elapsed,
    cpuPerTokenUs: cpu / (requests * tokens),
    cpuPerRequestUs: cpu / requests,
    tokensPerPiece: (requests * tokens) / (tally.pieces - from.pieces),
  };
}

interface Added {
  readonly work: string;
  readonly samples: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly cpuPerTokenUs: number;
}

interface Piece {
  readonly bytes: Buffer;
  readonly at: bigint;
}

/**
 * From the moment at which all connections' next token is there to its arrival at the client.
 * @param sentAt nanoseconds at which the content of a piece was there; undefined for other pieces
 */
async function addedLatency(
  work: string,
  front: Front,
  open: (onData: (bytes: Buffer, at: bigint) => void) => Socket[],
  sentAt: () => (bytes: string) => bigint | undefined,
): Promise<Added> {
  const came: Piece[] = [];
  const sockets = open((bytes, at) => came.push({ bytes, at }));
  await pause(1500);
  came.length = 0;
  const before = await front.ask();
  await pause(seconds * 1000);
  const now = await front.ask();
  for (const socket of sockets) socket.destroy();
  await front.close();
  const begin = sentAt();
  const times = came.flatMap(({ bytes, at }) => {
    const sent = begin(bytes.toString("latin1"));
    return sent === undefined ? [] : [Number(at - sent) / 1e6];
  });
  times.sort((a, b) => a - b);
  const share = (part: number) => times[Math.floor((times.length - 1) * part)] ?? Number.NaN;
  const cpuPerTokenUs = (now.cpu - before.cpu) / (now.tokens - before.tokens);
  return { work, samples: times.length, p50Ms: share(0.5), p90Ms: share(0.9), p99Ms: share(0.99), cpuPerTokenUs };
}

async function addedByServer(connections: number): Promise<Added> {
  const folder = mkdtempSync(join(tmpdir(), "quire-front-"));
  const file = join(folder, "times");
  const front = await startFront("server", { FRONT_STEP_MS: String(stepMs), FRONT_TIMES: file });
  const request = chat({ stream: true, return_token_ids: true, max_tokens: 2048 });
  const added = await addedLatency(
    `chat, streamed, ${connections} at once`,
    front,
    (onData) =>
      Array.from({ length: connections }, () =>
        keepAsking(front.port, request, true, { requests: 0, pieces: 0 }, onData),
      ),
    () => {
      const times = readFileSync(file);
      // The token's id tells the step, modulo NUM_IDS.
      if (times.length / 8 > NUM_IDS) throw new Error(`at most ${NUM_IDS} steps can be told apart: fewer --seconds`);
      return (bytes) => {
        const ids = /"token_ids":\[(\d+)\]/.exec(bytes);
        return ids === null ? undefined : times.readBigInt64LE((Number(ids[1]) - FIRST_ID) * 8);
      };
    },
  );
  rmSync(folder, { recursive: true });
  return added;
}

async function addedByFloor(connections: number): Promise<Added> {
  const front = await startFront("floor");
  return addedLatency(
    `bare node:net, ${connections} at once`,
    front,
    (onData) =>
      Array.from({ length: connections }, () => {
        const socket = connect({ port: front.port, host: "127.0.0.1" });
        return socket.on("data", (bytes) => onData(bytes, process.hrtime.bigint()));
      }),
    () => (bytes) => BigInt(bytes.slice(0, bytes.indexOf(" "))),
  );
}

function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  console.log([line(heads), line(heads.map(() => "---")), ...rows.map(line), ""].join("\n"));
}

const rows: Row[] = [];
for (const streams of values.streams.split(",").map(Number)) {
  const work = `chat, streamed, ${TOKENS} tokens, ${streams} at once`;
  rows.push(await throughput(work, streams, chat({ stream: true }), true, TOKENS));
}
rows.push(await throughput(`chat, whole, ${TOKENS} tokens, 64 at once`, 64, chat({}), false, TOKENS));
rows.push(await throughput("completions, whole, 4 tokens, 64 at once", 64, short, false, 4));
const latencies = [await addedByServer(64), await addedByFloor(64)];
printTable(
  ["work", "requests/s", "tokens/s", "CPU us/token", "CPU us/request", "tokens per piece"],
  rows.map((row) => [
    row.work,
    row.requestsPerSecond.toFixed(0),
    row.tokensPerSecond.toFixed(0),
    row.cpuPerTokenUs.toFixed(1),
    row.cpuPerRequestUs.toFixed(0),
    row.tokensPerPiece.toFixed(1),
  ]),
);
printTable(
  [
    `added latency, a step every ${stepMs} ms, one token an event`,
    "tokens",
    "p50 ms",
    "p90 ms",
    "p99 ms",
    "CPU us/token",
  ],
  latencies.map((one) => [
    one.work,
    String(one.samples),
    ...[one.p50Ms, one.p90Ms, one.p99Ms].map((ms) => ms.toFixed(2)),
    one.cpuPerTokenUs.toFixed(1),
  ]),
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ rows, latencies }, null, 2)}\n`);
