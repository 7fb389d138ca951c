/** Cases of clamp. */
import { clamp } from "../../src/ops/clamp.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";

export const op = "clamp";

const limits = [
  [-0.25, 0.5],
  [-Infinity, 0.125],
  [0.75, 0.75],
] as const;

export const cases: readonly OpCase[] = limits.flatMap(([min, max]) =>
  elementwiseShapes.map(({ name, rows, size, options }) => ({
    name: `${min} to ${max}: ${name}`,
    rows,
    tolerance: 0,
    record: (inputs, picked) => [clamp(inputs.rows("x", picked, size, options), min, max)],
  })),
);
