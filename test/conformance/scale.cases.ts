/** Cases of scale. */
import { scale } from "../../src/ops/scale.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";

export const op = "scale";

export const cases: readonly OpCase[] = elementwiseShapes.map(({ name, rows, size, options }) => ({
  name,
  rows,
  tolerance: 3e-7,
  record: (inputs, picked) => [scale(inputs.rows("x", picked, size, options), 0.37)],
}));
