/** Fuzzes the checkpoint readers: `npx tsx test/fuzz/readers.ts --count 30000 [--seed 1] [--first 0] [--messages]`. */
import { parseArgs } from "node:util";
import { fuzzReaders } from "./fuzz-readers.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "30000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    messages: { type: "boolean", default: false },
  },
});

const report = fuzzReaders({
  seed: Number(values.seed),
  first: Number(values.first),
  count: Number(values.count),
  maxCaseMs: 1000,
  maxGrowthBytes: 200 * 2 ** 20,
});
if (values.messages) for (const message of [...report.messages].sort()) console.log(message);
for (const [format, { opened, refused }] of Object.entries(report.outcomes))
  console.log(`${format}: ${opened} opened, ${refused} refused`);
console.log(
  `${report.messages.size} kinds of refusal, slowest case ${report.slowestMs.toFixed(0)} ms, memory grew by ${(report.growthBytes / 2 ** 20).toFixed(0)} MiB`,
);
for (const { number, format, what } of report.failures.slice(0, 20))
  console.log(`FAILED case ${number} (${format}): ${what}`);
console.log(`${report.failures.length} failed`);
process.exitCode = report.failures.length > 0 ? 1 : 0;
