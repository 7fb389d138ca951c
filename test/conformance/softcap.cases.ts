/** Cases of softcap. */
import { softcap } from "../../src/ops/softcap.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";

export const op = "softcap";

const logits = (size: number) => ({ fill: (random: () => number) => (random() - 0.5) * size });

export const cases: readonly OpCase[] = [
  ...elementwiseShapes.map((shape) => ({ ...shape, cap: 0.7 })),
  { name: "logits capped at 30", rows: 4, size: 333, options: logits(120), cap: 30 },
  { name: "around 0.625, where the formula changes", rows: 4, size: 333, options: logits(1.3), cap: 1 },
  { name: "near zero, as exact as elsewhere", rows: 4, size: 100, options: logits(2e-4), cap: 30 },
  { name: "far beyond the cap", rows: 2, size: 40, options: logits(1e6), cap: 50 },
].map(({ name, rows, size, options, cap }) => ({
  name,
  rows,
  tolerance: 5e-7,
  absolute: 1.2e-38,
  record: (inputs, picked) => [softcap(inputs.rows("x", picked, size, options), cap)],
}));
