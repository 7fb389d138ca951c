/**
 * Loading: time, and the peak of anonymous memory (RssAnon, sampled every 2 ms in a second process) against the packed weights:
 * `npx tsx bench/load.ts --model DIR [--dtype bfloat16] [--quantization int8]`. Linux only.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

const text = (fallback?: string) =>
  ({ type: "string", ...(fallback === undefined ? {} : { default: fallback }) }) as const;
const { values } = parseArgs({
  options: {
    model: text("models/quire-demo"),
    dtype: text("auto"),
    quantization: text(),
    "load-format": text("auto"),
    child: { type: "boolean" },
  },
});

const rssAnon = (pid: number): number => {
  try {
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

if (values.child) {
  const { createWorker } = await import("../src/worker/create-worker.js");
  const { parseEngineConfig } = await import("../src/config/engine-config.js");
  const { model, dtype, quantization } = values;
  const options = {
    model,
    dtype,
    quantization,
    loadFormat: values["load-format"],
    kvCacheMemoryBytes: 2 ** 28,
    maxModelLen: 1024,
  } as never;
  const start = performance.now();
  const worker = await createWorker(parseEngineConfig(options), {});
  process.stdout.write(
    JSON.stringify({
      ms: performance.now() - start,
      weightBytes: worker.info.weightBytes,
      platform: worker.info.platform,
    }),
  );
  process.exit(0);
}

const child = spawn(
  process.execPath,
  [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2), "--child"],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
let peak = 0;
const timer = setInterval(() => (peak = Math.max(peak, rssAnon(child.pid!))), 2);
let output = "";
child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
child.on("exit", () => {
  clearInterval(timer);
  const { ms, weightBytes, platform } = JSON.parse(output) as { ms: number; weightBytes: number; platform: string };
  const limit = weightBytes * 1.1 + 300 * 2 ** 20;
  console.log(`${platform}: loaded in ${(ms / 1000).toFixed(2)} s`);
  console.log(
    `weights ${mib(weightBytes)}, peak RssAnon ${mib(peak)}, limit (weights + 10 % + 300 MiB) ${mib(limit)}: ${peak <= limit ? "within" : "ABOVE"}`,
  );
});
