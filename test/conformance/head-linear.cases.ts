/** Cases of headLinear. */
import { headLinear } from "../../src/ops/head-linear.js";
import type { RowOptions } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";
import { fills } from "./random.js";

export const op = "headLinear";

interface Options extends RowOptions {
  weight?: "f32" | "bf16";
  benchOnly?: boolean;
}

function headCase(name: string, rows: number, heads: number, k: number, n: number, options: Options = {}): OpCase {
  const { weight: dtype = "f32", benchOnly = false, ...rowOptions } = options;
  return {
    name: `${name}: ${rows} x ${heads} heads, ${k} to ${n} ${dtype}`,
    rows,
    tolerance: 5e-6,
    benchOnly,
    record: (inputs, picked) => {
      const x = inputs.rows("x", picked, heads * k, rowOptions).splitLast(heads, k);
      return [headLinear(x, inputs.matrices("weight", heads, n, k, dtype))];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((weight) => [
  headCase("smallest", 1, 1, 1, 1, { weight }),
  headCase("one panel", 3, 4, 16, 16, { weight }),
  headCase("odd sizes", 5, 3, 7, 19, { weight }),
  headCase("several chunks a head", 4, 2, 24, 150, { weight }),
  headCase("tiles of two heights", 13, 2, 32, 48, { weight }),
  headCase("many rows", 70, 3, 20, 33, { weight }),
  headCase("rows in groups", 600, 1, 6, 17, { weight }),
  headCase("strided rows", 9, 3, 10, 32, { weight, stride: 77, offset: 5 }),
  headCase("outliers", 4, 2, 40, 24, { weight, fill: fills.outliers }),
  headCase("decode, into latents", 1, 16, 128, 512, { weight, benchOnly: true }),
  headCase("decode, out of latents", 1, 16, 512, 128, { weight, benchOnly: true }),
  headCase("decode, out of latents", 1, 128, 512, 128, { weight, benchOnly: true }),
  headCase("prefill, into latents", 512, 16, 128, 512, { weight, benchOnly: true }),
]);
