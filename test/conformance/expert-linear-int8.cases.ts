/** Cases of expertLinearInt8. A row of a case is a token; its results are topK rows. */
import { expertLinearInt8 } from "../../src/ops/expert-linear.js";
import { expertIds } from "./expert-inputs.js";
import type { OpCase } from "./op-case.js";

export const op = "expertLinearInt8";

interface Sizes {
  tokens: number;
  numExperts: number;
  topK: number;
  k: number;
  n: number;
  bias?: boolean;
}

function int8Case(name: string, activation: "f32" | "bf16", { tokens, numExperts, topK, k, n, bias }: Sizes): OpCase {
  return {
    name: `${name}: ${tokens} tokens, ${topK} of ${numExperts} of ${k} x ${n}, ${activation} activations`,
    rows: tokens,
    tolerance: 5e-6,
    record: (inputs, picked) => {
      const weight = inputs.matrices("weight", numExperts, n, k, "i8");
      const scale = inputs.parameter("scale", [numExperts * n], (random) => 0.01 + 0.01 * random());
      const ids = expertIds(inputs, picked, { numExperts, topK });
      const biases = bias ? inputs.parameter("bias", [numExperts * n]) : undefined;
      return [expertLinearInt8(inputs.rows("x", picked, k), weight, scale, ids, biases, activation)];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((activation) => [
  int8Case("smallest", activation, { tokens: 1, numExperts: 1, topK: 1, k: 1, n: 1 }),
  int8Case("odd sizes, bias", activation, { tokens: 9, numExperts: 5, topK: 2, k: 37, n: 19, bias: true }),
  int8Case("many rows each", activation, { tokens: 70, numExperts: 3, topK: 2, k: 130, n: 40 }),
]);
