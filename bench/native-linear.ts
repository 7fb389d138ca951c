/**
 * Linear kernels of the native CPU platform against what the machine gives in the same minute: a plain read of memory, and
 * multiply-adds without memory. Weights are copied until no cache holds them.
 *
 *   npx tsx bench/native-linear.ts [--isa avx512_bf16] [--threads 2] [--dtype bf16|f32|i8] [--shapes 2048x8192,576x1536] [--rows 1,16,512]
 */
import { parseArgs } from "node:util";
import { linear, linearInt8 } from "../src/ops/linear.js";
import { Program } from "../src/ops/program.js";
import { openCpuPlatform } from "../src/platform/cpu/cpu-platform.js";
import { Parameter } from "../src/tensor/parameter.js";
import { createStorage } from "../src/tensor/tensor.js";

const { values: options } = parseArgs({
  options: {
    isa: { type: "string" },
    threads: { type: "string" },
    dtype: { type: "string", default: "bf16" },
    shapes: { type: "string", default: "2048x2048,2048x8192,8192x2048,576x960,576x576,576x3072,1536x576,576x49152" },
    rows: { type: "string", default: "1,4,16,64,512" },
    repeat: { type: "string", default: "5" },
  },
});
const dtype = options.dtype as "f32" | "bf16" | "i8";
const platform = openCpuPlatform({ isa: options.isa, threads: options.threads ? Number(options.threads) : undefined });
const weightBytes = 384 << 20;

/** Best of a few, in units per nanosecond. */
function probe(what: "read" | "f32" | "bf16"): number {
  return Math.max(platform.probe(what), platform.probe(what), platform.probe(what)) / 1e9;
}

console.log(`${platform.description}, ${dtype} weights`);
for (const shape of options.shapes!.split(",")) {
  const [k, n] = shape.split("x").map(Number) as [number, number];
  const bytes = platform.matrixBytes(n, k, dtype);
  const copies = Math.min(64, Math.max(1, Math.ceil(weightBytes / bytes)));
  const block = platform.allocate(bytes * copies, "weights");
  const source = Buffer.alloc(n * k * (dtype === "i8" ? 1 : 4), 7);
  const weights = Array.from({ length: copies }, (_, i) => {
    const address = block + i * bytes;
    platform.writeMatrixRows({ address, rows: n, columns: k, dtype }, 0, n, source, dtype === "i8" ? "i8" : "f32");
    return new Parameter("w", createStorage("external", bytes, "w", address), [n, k], dtype, "matrix");
  });
  const scale = new Parameter(
    "s",
    createStorage("external", n * 4, "s", platform.allocate(n * 4, "s")),
    [n],
    "f32",
    "rowMajor",
  );
  for (const m of options.rows!.split(",").map(Number)) {
    const program = new Program("bench");
    const x = program.input("x", [m, k], "f32", platform.allocate(m * k * 4, "x"));
    const used = weights.slice(0, Math.max(1, Math.min(copies, Math.ceil((20 * copies) / m))));
    for (const weight of used) dtype === "i8" ? linearInt8(x, weight, scale, undefined, "bf16") : linear(x, weight);
    const compiled = platform.compile(program);
    await platform.run([compiled]);
    const read = [probe("read")];
    const peak = [probe(dtype === "f32" ? "f32" : "bf16")];
    let time = Infinity; // the best: other work on the machine only adds
    for (let i = 0; i < Number(options.repeat); i++) {
      const timings = await platform.profile([compiled]);
      time = Math.min(time, ...timings.filter(({ op }) => op.startsWith("linear")).map((t) => t.nanoseconds));
    }
    read.push(probe("read"));
    peak.push(probe(dtype === "f32" ? "f32" : "bf16"));
    const [gb, gflops] = [bytes / time, (2 * m * n * k) / time];
    const [readRate, peakRate] = [Math.max(...read), Math.max(...peak)];
    console.log(
      `${shape.padEnd(11)} M=${String(m).padEnd(4)} ${(time / 1e3).toFixed(1).padStart(9)} us  ` +
        `${gb.toFixed(1).padStart(6)} GB/s (${((100 * gb) / readRate).toFixed(0)} % of ${readRate.toFixed(1)})  ` +
        `${gflops.toFixed(0).padStart(5)} GF/s (${((100 * gflops) / peakRate).toFixed(0)} % of ${peakRate.toFixed(0)})`,
    );
    compiled.dispose();
  }
  platform.free(block);
}
platform.dispose();
