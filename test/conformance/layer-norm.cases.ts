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
  layerCase("far from zero", 4, 777, { fill: (random) => 100 + random() }, true, 5e-5),
];
