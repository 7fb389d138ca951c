/** Cases of gatedRmsNorm. */
import { gatedRmsNorm } from "../../src/ops/gated-rms-norm.js";
import type { RowOptions } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";
import { fills } from "./random.js";

export const op = "gatedRmsNorm";

function normCase(name: string, rows: number, size: number, groupSize = size, options: RowOptions = {}): OpCase {
  return {
    name,
    rows,
    tolerance: 3e-6,
    record: (inputs, picked) => {
      const weight = inputs.parameter("weight", [size], fills.aroundOne);
      const gate = inputs.rows("gate", picked, size, { ...options, fill: fills.wide });
      return [gatedRmsNorm(inputs.rows("x", picked, size, options), gate, weight, 1e-5, groupSize)];
    },
  };
}

export const cases: readonly OpCase[] = [
  normCase("one row of one", 1, 1),
  ...[15, 16, 17, 63, 130].map((size) => normCase(`${size} columns`, 3, size)),
  normCase("two groups", 5, 128, 64),
  normCase("five groups of 9", 4, 45, 9),
  normCase("groups of one", 2, 17, 1),
  normCase("strided rows", 9, 96, 32, { stride: 333, offset: 7 }),
  normCase("model size, many rows", 130, 1536, 1536, { fill: fills.outliers }),
  normCase("zeros", 4, 64, 32, { fill: () => 0 }),
];
