/**
 * Linear kernels of the native CPU platform against what the machine gives in the same moment: a plain read of memory, and
 * multiply-adds without memory. Weights are copied until no cache holds them. Windows in which other processes ran are repeated.
 *
 *   npx tsx bench/native-linear.ts [--isa avx512_bf16] [--threads 2] [--dtype bf16|f32|i8] [--shapes 2048x8192,576x1536] [--rows 1,16,512] [--addon other/quire_cpu.node]
 */
import { parseArgs } from "node:util";
import { linear, linearInt8 } from "../src/ops/linear.js";
import { Program } from "../src/ops/program.js";
import { CpuPlatform } from "../src/platform/cpu/cpu-platform.js";
import { loadNativeBinding } from "../src/platform/native-binding.js";
import type { CompiledProgram } from "../src/platform/platform.js";
import { Parameter } from "../src/tensor/parameter.js";
import { createStorage } from "../src/tensor/tensor.js";
import { undisturbed } from "./undisturbed.js";

const { values: options } = parseArgs({
  options: {
    isa: { type: "string" },
    threads: { type: "string" },
    dtype: { type: "string", default: "bf16" },
    shapes: { type: "string", default: "2048x2048,2048x8192,8192x2048,576x960,576x576,576x3072,1536x576,576x49152" },
    rows: { type: "string", default: "1,4,16,64,512" },
    addon: { type: "string" },
    windows: { type: "string", default: "3" },
  },
});
const dtype = options.dtype as "f32" | "bf16" | "i8";
const platform = new CpuPlatform(loadNativeBinding(options.addon), {
  isa: options.isa,
  threads: options.threads ? Number(options.threads) : undefined,
});
const weightBytes = 384 << 20;
const windowMs = 150;

interface Sample {
  /** nanoseconds of one product */
  readonly time: number;
  /** GB/s and GF/s of the probes around it */
  readonly read: number;
  readonly peak: number;
}

/** Runs the program for a while, between probes. */
async function sample(compiled: CompiledProgram, count: number): Promise<Sample> {
  const arithmetic = dtype === "f32" ? "f32" : "bf16";
  const before = [platform.probe("read"), platform.probe(arithmetic)] as const;
  let runs = 0;
  const start = performance.now();
  while (performance.now() - start < windowMs || runs === 0) {
    await platform.run([compiled]);
    runs++;
  }
  const time = ((performance.now() - start) * 1e6) / (runs * count);
  const after = [platform.probe("read"), platform.probe(arithmetic)] as const;
  return { time, read: Math.max(before[0], after[0]) / 1e9, peak: Math.max(before[1], after[1]) / 1e9 };
}

console.log(`${platform.description}, ${dtype} weights; [others' share of a processor meanwhile]`);
for (const shape of options.shapes!.split(",")) {
  const [k, n] = shape.split("x").map(Number) as [number, number];
  const bytes = platform.matrixBytes(n, k, dtype);
  const copies = Math.max(1, Math.ceil(weightBytes / bytes));
  const block = platform.allocate(bytes * copies, "weights");
  const source = Buffer.alloc(n * k * (dtype === "i8" ? 1 : 4), 7);
  const weights = Array.from({ length: copies }, (_, i) => {
    const address = block + i * bytes;
    platform.writeMatrixRows({ address, rows: n, columns: k, dtype }, 0, n, source, dtype === "i8" ? "i8" : "f32");
    return new Parameter("w", createStorage("external", bytes, "w", address), [n, k], dtype, "matrix");
  });
  const scales = createStorage("external", n * 4, "scale", platform.allocate(n * 4, "scale"));
  const scale = new Parameter("scale", scales, [n], "f32", "rowMajor");
  for (const m of options.rows!.split(",").map(Number)) {
    const program = new Program("bench");
    const x = program.input("x", [m, k], "f32", platform.allocate(m * k * 4, "x"));
    const used = weights.slice(0, Math.max(1, Math.ceil(copies / Math.max(1, m / 16))));
    for (const weight of used) {
      if (dtype === "i8") linearInt8(x, weight, scale, undefined, "bf16");
      else linear(x, weight);
    }
    const compiled = platform.compile(program);
    await platform.run([compiled]);
    const windows = [];
    for (let i = 0; i < Number(options.windows); i++)
      windows.push(await undisturbed(() => sample(compiled, used.length)));
    const { value, disturbance } = windows.sort((a, b) => a.value.time - b.value.time)[windows.length >> 1]!;
    const [gb, gflops] = [bytes / value.time, (2 * m * n * k) / value.time];
    console.log(
      `${shape.padEnd(11)} M=${String(m).padEnd(4)} ${(value.time / 1e3).toFixed(1).padStart(9)} us  ` +
        `${gb.toFixed(1).padStart(6)} GB/s (${((100 * gb) / value.read).toFixed(0)} % of ${value.read.toFixed(1)})  ` +
        `${gflops.toFixed(0).padStart(5)} GF/s (${((100 * gflops) / value.peak).toFixed(0)} % of ${value.peak.toFixed(0)})  ` +
        `[${(100 * disturbance).toFixed(0)} %]`,
    );
    compiled.dispose();
  }
  platform.free(block);
}
platform.dispose();
