/**
 * Every case of the conformance tables, timed: microseconds (the best of several runs) and bytes per second, beside what a plain
 * read of memory gives in the same minute. Small cases lie in the caches.
 *
 *   npx tsx bench/ops.ts [--op pagedAttention] [--case decode] [--isa avx512_bf16] [--threads 2] [--repeat 20]
 */
import { parseArgs } from "node:util";
import { opWindows } from "../src/util/spans.js";
import { openCpuPlatform } from "../src/platform/cpu/cpu-platform.js";
import type { OpRecord } from "../src/platform/platform.js";
import { CaseInputs } from "../test/conformance/case-inputs.js";
import type { OpCase } from "../test/conformance/op-case.js";
import { range } from "../test/conformance/op-case.js";
import { hashText } from "../test/conformance/random.js";
import { loadTables } from "../test/conformance/tables.js";

const { values: options } = parseArgs({
  options: {
    op: { type: "string" },
    case: { type: "string", default: "" },
    isa: { type: "string" },
    threads: { type: "string" },
    repeat: { type: "string", default: "20" },
  },
});
const platform = openCpuPlatform({ isa: options.isa, threads: options.threads ? Number(options.threads) : undefined });

/** Bytes of a record's tensors, each counted once. */
function tensorBytes({ inputs, outputs }: OpRecord): number {
  return [...new Set([...inputs, ...outputs])].reduce((sum, tensor) => sum + tensor.bytes, 0);
}

async function time(op: string, opCase: OpCase): Promise<{ nanoseconds: number; bytes: number }> {
  const inputs = new CaseInputs(platform, opCase.name, hashText(opCase.name));
  const rows = opCase.benchRows ?? range(opCase.rows);
  opCase.record(inputs, rows);
  const compiled = platform.compile(inputs.program);
  let nanoseconds = Infinity;
  for (let i = 0; i < Number(options.repeat); i++) {
    const windows = opWindows(await platform.trace([compiled]));
    const times = compiled.ops.map(({ records, kernel }, at) =>
      kernel !== "packActivations" && records.some((record) => record.op === op)
        ? windows[at]!.left - (windows[at - 1]?.left ?? windows[at]!.entered)
        : 0,
    );
    nanoseconds = Math.min(
      nanoseconds,
      times.reduce((sum, value) => sum + value, 0),
    );
  }
  compiled.dispose();
  const records = inputs.program.records.filter((record) => record.op === op);
  inputs.dispose();
  return { nanoseconds, bytes: opCase.bytes ?? records.reduce((sum, record) => sum + tensorBytes(record), 0) };
}

const readRate = (): number => Math.max(platform.probe("read"), platform.probe("read")) / 1e9;

console.log(platform.description);
for (const { op, cases } of await loadTables()) {
  if (options.op && op !== options.op) continue;
  for (const opCase of cases.filter(({ name }) => name.includes(options.case!))) {
    const before = readRate();
    const { nanoseconds, bytes } = await time(op, opCase);
    const rate = Math.max(before, readRate());
    const gigabytes = bytes / nanoseconds;
    const micros = (nanoseconds / 1e3).toFixed(1).padStart(10);
    console.log(
      `${op.padEnd(16)} ${opCase.name.padEnd(40)} ${micros} us ${gigabytes.toFixed(1).padStart(7)} GB/s ` +
        `(${((100 * gigabytes) / rate).toFixed(0)} % of ${rate.toFixed(1)})`,
    );
  }
}
platform.dispose();
