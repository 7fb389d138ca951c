/** Cases of copy. */
import { copy } from "../../src/ops/copy.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";

export const op = "copy";

export const cases: readonly OpCase[] = elementwiseShapes.map(({ name, rows, size, options }) => ({
  name,
  rows,
  tolerance: 0,
  record: (inputs, picked) => [copy(inputs.rows("x", picked, size, options))],
}));
