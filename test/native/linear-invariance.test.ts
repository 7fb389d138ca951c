/** A row's result does not depend on the rows beside it, on threads or on how a product is cut: bit for bit, on every instruction set. */
import { describe, expect, test } from "vitest";
import { linear, linearInt8 } from "../../src/ops/linear.js";
import { availableIsas, openCpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import type { CpuPlatform } from "../../src/platform/cpu/cpu-platform.js";
import type { Platform } from "../../src/platform/platform.js";
import { tryLoadNativeBinding } from "../../src/platform/native-binding.js";
import { ReferencePlatform } from "../../src/platform/reference/reference-platform.js";
import { CaseInputs } from "../conformance/case-inputs.js";
import { range } from "../conformance/op-case.js";

interface Kind {
  readonly weight: "f32" | "bf16" | "i8";
  readonly activation: "f32" | "bf16";
  readonly bias: boolean;
}
const kinds: Kind[] = [
  { weight: "f32", activation: "f32", bias: false },
  { weight: "bf16", activation: "bf16", bias: true },
  { weight: "i8", activation: "f32", bias: true },
  { weight: "i8", activation: "bf16", bias: false },
];
const sizes = [
  [1, 1],
  [7, 17],
  [64, 48],
  [129, 80],
  [576, 100],
  [2050, 33],
  [4099, 64],
] as const;

/** Products of the given rows; row r is the same in every call. */
async function products(
  platform: Platform,
  kind: Kind,
  k: number,
  n: number,
  rows: readonly number[],
): Promise<Float32Array> {
  const inputs = new CaseInputs(platform, "linear", 7);
  try {
    const x = inputs.rows("x", rows, k);
    const weight = inputs.matrix("weight", n, k, kind.weight);
    const bias = kind.bias ? inputs.parameter("bias", [n]) : undefined;
    const y =
      kind.weight === "i8"
        ? linearInt8(x, weight, inputs.parameter("scale", [n]), bias, kind.activation)
        : linear(x, weight, bias);
    const address = inputs.allocate(rows.length * n * 4, "y");
    inputs.program.output(y, address);
    const compiled = platform.compile(inputs.program);
    await platform.run([compiled]);
    compiled.dispose();
    const values = new Float32Array(rows.length * n);
    platform.read(address, new Uint8Array(values.buffer));
    return values;
  } finally {
    inputs.dispose();
  }
}

function expectSameRows(
  part: Float32Array,
  whole: Float32Array,
  rows: readonly number[],
  n: number,
  what: string,
): void {
  const [a, b] = [new Uint32Array(part.buffer), new Uint32Array(whole.buffer)];
  rows.forEach((row, i) => {
    for (let c = 0; c < n; c++)
      if (a[i * n + c] !== b[row * n + c])
        expect.fail(`${what}, row ${row}, column ${c}: ${part[i * n + c]}, among all rows ${whole[row * n + c]}`);
  });
}

const load = tryLoadNativeBinding();
describe.skipIf(!load.binding)(`linear${load.binding ? "" : `: ${load.message}`}`, () => {
  const reference = new ReferencePlatform();
  const opened: CpuPlatform[] = [];
  for (const isa of load.binding ? availableIsas() : []) {
    test.each(kinds)(`${isa}: $weight weight, $activation activation, bias $bias`, async (kind) => {
      const platform = openCpuPlatform({ isa, threads: 2 });
      const single = openCpuPlatform({ isa, threads: 1 });
      opened.push(platform, single);
      for (const [k, n] of sizes) {
        const what = `K ${k}, N ${n}`;
        const most = 131;
        const all = range(most);
        const whole = await products(platform, kind, k, n, all);
        expectSameRows(await products(single, kind, k, n, all), whole, all, n, `${what}, one thread`);
        const counts =
          k > 2000 ? [1, 2, 6, 7, 13, 64, 65] : [...range(20).map((i) => i + 1), 24, 25, 37, 63, 64, 65, 66, 100, 128];
        for (const count of counts) {
          const rows = range(count).map((i) => (i * 7 + count) % most);
          expectSameRows(await products(platform, kind, k, n, rows), whole, rows, n, `${what}, ${count} rows`);
        }
        // and it is the right number
        const few = [0, 5, 77];
        const expected = await products(reference, kind, k, n, few);
        const scale = Math.max(...expected.map(Math.abs));
        few.forEach((row, i) => {
          for (let c = 0; c < n; c++)
            if (!(Math.abs(whole[row * n + c]! - expected[i * n + c]!) <= 3e-6 * scale))
              expect.fail(`${what}, row ${row}, column ${c}: ${whole[row * n + c]}, reference ${expected[i * n + c]}`);
        });
      }
      for (const p of opened.splice(0)) p.dispose();
    });
  }
});
