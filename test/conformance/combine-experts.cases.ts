/** Cases of combineExperts. A row of a case is a token, with topK rows of results. */
import { combineExperts } from "../../src/ops/expert-linear.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import { fills } from "./random.js";

export const op = "combineExperts";

function combineCase(name: string, rows: number, topK: number, size: number, stride = size): OpCase {
  return {
    name: `${name}: ${rows} tokens, ${topK} experts, ${size}`,
    rows,
    tolerance: 1e-6,
    record: (inputs, picked) => {
      const each = picked.flatMap((row) => range(topK).map((j) => row * topK + j));
      const y = inputs.rows("y", each, size, { fill: fills.wide, stride, offset: stride - size });
      return [combineExperts(y, inputs.rows("weights", picked, topK))];
    },
  };
}

export const cases: readonly OpCase[] = [
  combineCase("smallest", 1, 1, 1),
  combineCase("odd size", 7, 3, 53),
  combineCase("several pieces", 5, 8, 1100),
  combineCase("strided", 9, 2, 96, 101),
];
