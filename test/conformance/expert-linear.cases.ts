/** Cases of expertLinear. A row of a case is a token; its results are topK rows. */
import { expertLinear } from "../../src/ops/expert-linear.js";
import type { RowOptions } from "./case-inputs.js";
import type { Crowd } from "./expert-inputs.js";
import { expertIds } from "./expert-inputs.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import { fills } from "./random.js";

export const op = "expertLinear";

interface Options extends RowOptions {
  tokens: number;
  numExperts: number;
  topK: number;
  k: number;
  n: number;
  weight: "f32" | "bf16";
  crowd?: Crowd;
  bias?: boolean;
  /** A row of x for each of a token's experts. */
  perExpert?: boolean;
  benchOnly?: boolean;
}

function expertCase(name: string, options: Options): OpCase {
  const { tokens, numExperts, topK, k, n, weight: dtype, crowd, bias = false, perExpert = false, benchOnly } = options;
  const { fill, stride, offset } = options;
  return {
    name: `${name}: ${tokens} tokens, ${topK} of ${numExperts} of ${k} x ${n} ${dtype}`,
    rows: tokens,
    tolerance: 5e-6,
    ...(benchOnly === undefined ? {} : { benchOnly }),
    record: (inputs, picked) => {
      const weight = inputs.matrices("weight", numExperts, n, k, dtype);
      const rows = perExpert ? picked.flatMap((row) => range(topK).map((j) => row * topK + j)) : picked;
      const x = inputs.rows("x", rows, k, { fill, stride, offset } as RowOptions);
      const ids = expertIds(inputs, picked, { numExperts, topK, ...(crowd ? { crowd } : {}) });
      return [expertLinear(x, weight, ids, bias ? inputs.parameter("bias", [numExperts * n]) : undefined)];
    },
  };
}

export const cases: readonly OpCase[] = (["f32", "bf16"] as const).flatMap((weight) => [
  expertCase("smallest", { tokens: 1, numExperts: 1, topK: 1, k: 1, n: 1, weight }),
  expertCase("odd sizes, bias", { tokens: 9, numExperts: 5, topK: 2, k: 37, n: 19, weight, bias: true }),
  expertCase("a few rows each", { tokens: 16, numExperts: 12, topK: 3, k: 64, n: 80, weight }),
  expertCase("popular", { tokens: 90, numExperts: 8, topK: 2, k: 66, n: 40, weight, crowd: "popular" }),
  expertCase("more rows than a block", { tokens: 530, numExperts: 3, topK: 1, k: 20, n: 17, weight, crowd: "same" }),
  expertCase("a row for each expert", {
    tokens: 7,
    numExperts: 6,
    topK: 4,
    k: 50,
    n: 33,
    weight,
    perExpert: true,
    bias: true,
  }),
  expertCase("all experts", { tokens: 5, numExperts: 4, topK: 4, k: 32, n: 16, weight }),
  expertCase("strided outliers", {
    tokens: 6,
    numExperts: 4,
    topK: 2,
    k: 50,
    n: 32,
    weight,
    stride: 77,
    offset: 5,
    fill: fills.outliers,
  }),
  expertCase("decode", { tokens: 1, numExperts: 64, topK: 8, k: 2048, n: 1536, weight, benchOnly: true }),
  expertCase("decode of 16", { tokens: 16, numExperts: 64, topK: 8, k: 2048, n: 1536, weight, benchOnly: true }),
  expertCase("prefill", { tokens: 512, numExperts: 16, topK: 2, k: 2048, n: 1536, weight, benchOnly: true }),
]);
