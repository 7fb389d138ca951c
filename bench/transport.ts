/**
 * What the border between two processes costs: CPU per step on either side and latency, next to one process. The worker answers at
 * once, so a step is all overhead. Linux only (/proc).
 *
 *     npx tsx bench/transport.ts [--streams 64] [--seconds 4]
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseEngineConfig } from "../src/config/engine-config.js";
import { createEngine, inThisThread } from "../src/engine/create-engine.js";
import type { OpenTransport } from "../src/engine/create-engine.js";
import { EngineChild } from "../src/engine/engine-child.js";
import { createProcessTransport } from "../src/engine/process-transport.js";
import { FakeTokenizer } from "../test/engine/fake-tokenizer.js";
import { fakeWorkers } from "../test/engine/fake-worker.js";

const { values } = parseArgs({
  options: { streams: { type: "string", default: "64" }, seconds: { type: "string", default: "4" } },
});
const numStreams = Number(values.streams);
const seconds = Number(values.seconds);
const config = parseEngineConfig({ model: "fake", disableLogStats: true }, {});
const TOKENS = 500;

/** User and system time so far, in microseconds. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function measure(name: string, open: OpenTransport, pids: readonly (readonly [string, number])[]): Promise<void> {
  const engine = await createEngine(config, open, { loadTokenizer: async () => new FakeTokenizer() });
  let isOver = false;
  const stream = async (i: number): Promise<void> => {
    for (let round = 0; !isOver; round++) {
      const params = { temperature: 0, maxTokens: TOKENS, ignoreEos: true };
      const outputs = engine.generate({ text: `${i}` }, params, { outputKind: "delta" });
      for await (const _ of outputs) if (isOver) break;
    }
  };
  const all = Array.from({ length: numStreams }, (_, i) => stream(i));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = { cpu: pids.map(([, pid]) => cpuOf(pid)), ...engine.stats(), at: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const now = { cpu: pids.map(([, pid]) => cpuOf(pid)), ...engine.stats(), at: performance.now() };
  isOver = true;
  await Promise.all(all);
  const numSteps = now.numSteps - before.numSteps;
  const perStep = pids.map(([side], i) => `${side} ${((now.cpu[i]! - before.cpu[i]!) / numSteps).toFixed(0)} us`);
  const calls: number[] = [];
  for (let i = 0; i < 500; i++) {
    const start = performance.now();
    await engine.resetPrefixCache();
    calls.push(performance.now() - start);
  }
  calls.sort((a, b) => a - b);
  const rate = ((now.numGeneratedTokens - before.numGeneratedTokens) / (now.at - before.at)) * 1000;
  console.log(
    `${name}: ${numStreams} streams, ${rate.toFixed(0)} tokens/s; CPU per step: ${perStep.join(", ")}; ` +
      `a call and its answer ${(calls[250]! * 1000).toFixed(0)} us (median)`,
  );
  await engine.close();
}

const here = fakeWorkers({ info: { maxModelLen: 4096, numBlocks: 8193 } });
await measure("one process", inThisThread(config, here), [["all", process.pid]]);
const child = new EngineChild(fileURLToPath(new URL("transport-core.ts", import.meta.url)));
const apart: OpenTransport = (hooks, begun) => {
  begun();
  return createProcessTransport(child, config, hooks);
};
const sides = [
  ["front", process.pid],
  ["core", child.pid!],
] as const;
await measure("two processes", apart, sides);
