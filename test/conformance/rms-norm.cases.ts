/** Cases of rmsNorm. */
import { rmsNorm } from "../../src/ops/rms-norm.js";
import type { OpCase } from "./op-case.js";
import type { RowOptions } from "./case-inputs.js";
import { fills } from "./random.js";

export const op = "rmsNorm";

function rmsCase(
  name: string,
  rows: number,
  size: number,
  options: RowOptions = {},
  eps = 1e-5,
  weightOffset = 0,
): OpCase {
  return {
    name,
    rows,
    tolerance: 2e-6,
    record: (inputs, picked) => {
      const weight = inputs.parameter("weight", [size], fills.aroundOne);
      return [rmsNorm(inputs.rows("x", picked, size, options), weight, eps, weightOffset)];
    },
  };
}

export const cases: readonly OpCase[] = [
  rmsCase("one row of one", 1, 1),
  rmsCase("odd size", 5, 37),
  rmsCase("15, 16 and 17 lanes: 15", 3, 15),
  rmsCase("16", 3, 16),
  rmsCase("17", 3, 17),
  rmsCase("63", 3, 63),
  rmsCase("130", 3, 130),
  rmsCase("model size, many rows", 130, 576, { fill: fills.outliers }),
  rmsCase("2048, one row", 1, 2048, { fill: fills.outliers }),
  rmsCase("strided rows", 9, 100, { stride: 333, offset: 7 }),
  rmsCase("big", 4, 200, { fill: fills.big }),
  rmsCase("denormal", 4, 200, { fill: fills.denormal }, 1e-6),
  rmsCase("zeros", 4, 64, { fill: () => 0 }),
  rmsCase("weights are distances from 1", 5, 77, {}, 1e-6, 1),
  {
    name: "heads: [numTokens, heads, headDim], strided",
    rows: 6,
    tolerance: 2e-6,
    record: (inputs, picked) => {
      const weight = inputs.parameter("weight", [24], fills.aroundOne);
      const x = inputs.rows("x", picked, 5 * 24, { stride: 200, offset: 3 }).splitLast(5, 24);
      return [rmsNorm(x, weight, 1e-6)];
    },
  },
];
