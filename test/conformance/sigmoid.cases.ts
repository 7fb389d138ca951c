/** Cases of sigmoid. */
import { sigmoid } from "../../src/ops/sigmoid.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";
import { fills } from "./random.js";

export const op = "sigmoid";

export const cases: readonly OpCase[] = [
  ...elementwiseShapes,
  { name: "where it bends", rows: 7, size: 53, options: { fill: fills.wide } },
  { name: "far out", rows: 3, size: 100, options: { fill: (random: () => number) => (random() - 0.5) * 400 } },
].map(({ name, rows, size, options }) => ({
  name,
  rows,
  tolerance: 5e-7,
  record: (inputs, picked) => [sigmoid(inputs.rows("x", picked, size, options))],
}));
