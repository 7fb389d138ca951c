/** Cases of add. */
import { add } from "../../src/ops/add.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";

export const op = "add";

export const cases: readonly OpCase[] = elementwiseShapes.map(({ name, rows, size, options }) => ({
  name,
  rows,
  tolerance: 1e-7,
  record: (inputs, picked) => [add(inputs.rows("a", picked, size, options), inputs.rows("b", picked, size))],
}));
