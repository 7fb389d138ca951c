/** Cases of linearInt8. */
import { linearInt8 } from "../../src/ops/linear.js";
import type { OpCase } from "./op-case.js";

export const op = "linearInt8";

function int8Case(name: string, rows: number, k: number, n: number, activation: "f32" | "bf16", bias = false): OpCase {
  return {
    name: `${name}: ${rows} x ${k} x ${n}, ${activation} activations`,
    rows,
    tolerance: 5e-6,
    record: (inputs, picked) => {
      const weight = inputs.matrix("weight", n, k, "i8");
      const scale = inputs.parameter("scale", [n], (random) => 0.01 + 0.01 * random());
      const x = inputs.rows("x", picked, k);
      return [linearInt8(x, weight, scale, bias ? inputs.parameter("bias", [n]) : undefined, activation)];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((activation) => [
  int8Case("smallest", 1, 1, 1, activation),
  int8Case("odd sizes, bias", 5, 37, 19, activation, true),
  int8Case("tiles share a slab", 20, 600, 40, activation),
  int8Case("large regime", 66, 130, 50, activation, true),
]);
