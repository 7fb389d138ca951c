/** Cases of linear. test/native/linear-invariance.test.ts goes through many more sizes. */
import type { OpCase } from "./op-case.js";
import type { RowOptions } from "./case-inputs.js";
import { linear } from "../../src/ops/linear.js";
import { fills } from "./random.js";

export const op = "linear";

interface Options extends RowOptions {
  bias?: boolean;
  weight?: "f32" | "bf16";
  benchOnly?: boolean;
}

function linearCase(name: string, rows: number, k: number, n: number, options: Options = {}): OpCase {
  const { bias = false, weight: dtype = "f32", benchOnly = false, ...rowOptions } = options;
  return {
    name: `${name}: ${rows} x ${k} x ${n} ${dtype}`,
    rows,
    tolerance: 5e-6,
    benchOnly,
    record: (inputs, picked) => {
      const weight = inputs.matrix("weight", n, k, dtype);
      const x = inputs.rows("x", picked, k, rowOptions);
      return [linear(x, weight, bias ? inputs.parameter("bias", [n]) : undefined)];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((weight) => [
  linearCase("smallest", 1, 1, 1, { weight }),
  linearCase("one panel", 3, 16, 16, { weight }),
  linearCase("odd sizes, bias", 5, 37, 19, { weight, bias: true }),
  linearCase("tiles of two heights", 13, 64, 48, { weight }),
  linearCase("last of the middle regime", 64, 96, 33, { weight, bias: true }),
  linearCase("first of the large regime", 65, 96, 64, { weight }),
  linearCase("rows cut into groups", 140, 70, 40, { weight, bias: true }),
  linearCase("several K blocks", 70, 2500, 17, { weight }),
  linearCase("strided rows", 9, 50, 32, { weight, stride: 77, offset: 5 }),
  linearCase("outliers", 4, 200, 24, { weight, fill: fills.outliers }),
  linearCase("zeros", 2, 33, 20, { weight, fill: () => 0 }),
  linearCase("decode", 1, 2048, 2048, { weight, benchOnly: true }),
  linearCase("decode of 16", 16, 2048, 2048, { weight, benchOnly: true }),
  linearCase("prefill", 512, 2048, 2048, { weight, benchOnly: true }),
]);
