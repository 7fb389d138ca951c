/** Cases of clampedSwiglu. */
import { clampedSwiglu } from "../../src/ops/clamped-swiglu.js";
import type { RowOptions } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";
import { fills } from "./random.js";

export const op = "clampedSwiglu";

const swigluCase = (name: string, rows: number, size: number, limit: number, options: RowOptions): OpCase => ({
  name,
  rows,
  tolerance: 1e-6,
  record: (inputs, picked) => [clampedSwiglu(inputs.rows("x", picked, 2 * size, options), 1.702, limit)],
});

export const cases: readonly OpCase[] = [
  swigluCase("odd size", 7, 53, 7, { fill: fills.wide }),
  swigluCase("a low limit", 5, 40, 0.5, { fill: fills.unit }),
  swigluCase("model size, outliers", 64, 1536, 7, { fill: fills.outliers }),
  swigluCase("strided", 9, 96, 7, { fill: fills.wide, stride: 300, offset: 5 }),
];
