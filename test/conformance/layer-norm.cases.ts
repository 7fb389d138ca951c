/** Cases of layerNorm. */
import { layerNorm } from "../../src/ops/layer-norm.js";
import type { OpCase } from "./op-case.js";
import type { RowOptions } from "./case-inputs.js";
import { fills } from "./random.js";

export const op = "layerNorm";

function layerCase(
  name: string,
  rows: number,
  size: number,
  options: RowOptions = {},
  hasBias = true,
  tolerance = 5e-6,
): OpCase {
  return {
    name,
    rows,
    tolerance,
    record: (inputs, picked) => {
      const weight = inputs.parameter("weight", [size], fills.aroundOne);
      const bias = hasBias ? inputs.parameter("bias", [size]) : undefined;
      return [layerNorm(inputs.rows("x", picked, size, options), weight, bias, 1e-5)];
    },
  };
}

/** x is [numTokens, 5, 24], strided. */
function headsCase(name: string, weightShape: number[], hasBias: boolean): OpCase {
  return {
    name,
    rows: 6,
    tolerance: 5e-6,
    record: (inputs, picked) => {
      const weight = inputs.parameter("weight", weightShape, fills.aroundOne);
      const bias = hasBias ? inputs.parameter("bias", weightShape) : undefined;
      const x = inputs.rows("x", picked, 5 * 24, { stride: 200, offset: 3 }).splitLast(5, 24);
      return [layerNorm(x, weight, bias, 1e-5)];
    },
  };
}

export const cases: readonly OpCase[] = [
  layerCase("one row of one", 1, 1),
  layerCase("odd size", 5, 37),
  layerCase("16", 3, 16),
  layerCase("17", 3, 17),
  layerCase("80", 3, 80),
  layerCase("no bias", 7, 130, {}, false),
  layerCase("model size, many rows", 130, 768, { fill: fills.outliers }),
  layerCase("2048, one row", 1, 2048, { fill: fills.outliers }),
  layerCase("strided rows", 9, 100, { stride: 333, offset: 7 }),
  layerCase("big", 4, 200, { fill: fills.big }),
  layerCase("denormal", 4, 200, { fill: fills.denormal }),
  headsCase("heads, one weight for all, no bias", [24], false),
  headsCase("heads, one weight for all", [24], true),
  headsCase("heads, a weight for each, no bias", [5, 24], false),
  headsCase("heads, a weight for each", [5, 24], true),
  layerCase("far from zero", 4, 777, { fill: (random) => 100 + random() }, true, 5e-5),
];
