/** Cases of mul. */
import { mul } from "../../src/ops/mul.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";

export const op = "mul";

const gates = (perRow: boolean): OpCase[] =>
  elementwiseShapes.map(({ name, rows, size, options }) => ({
    name: perRow ? `one gate a row: ${name}` : name,
    rows,
    tolerance: 1e-7,
    // A platform may flush products that are denormal.
    absolute: 1.2e-38,
    record: (inputs, picked) => [
      mul(inputs.rows("a", picked, size, options), inputs.rows("b", picked, perRow ? 1 : size)),
    ],
  }));

export const cases: readonly OpCase[] = [
  ...gates(false),
  ...gates(true),
  {
    name: "one gate a row, out of a wider product",
    rows: 9,
    tolerance: 1e-7,
    record: (inputs, picked) => [
      mul(inputs.rows("a", picked, 50), inputs.rows("b", picked, 1, { stride: 7, offset: 3 })),
    ],
  },
  {
    name: "one gate a head",
    rows: 6,
    tolerance: 1e-7,
    record: (inputs, picked) => {
      const a = inputs.rows("a", picked, 5 * 24, { stride: 200, offset: 3 }).splitLast(5, 24);
      return [mul(a, inputs.rows("b", picked, 5, { stride: 11 }).splitLast(5, 1))];
    },
  },
  {
    name: "gates of heads",
    rows: 6,
    tolerance: 1e-7,
    record: (inputs, picked) => {
      const heads = (label: string) => inputs.rows(label, picked, 5 * 24, { stride: 200 }).splitLast(5, 24);
      return [mul(heads("a"), heads("b"))];
    },
  },
];
