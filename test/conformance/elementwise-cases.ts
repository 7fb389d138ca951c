/** Shapes and values that the element-wise ops share. */
import type { RowOptions } from "./case-inputs.js";
import { fills } from "./random.js";

export interface ElementwiseShape {
  readonly name: string;
  readonly rows: number;
  readonly size: number;
  readonly options: RowOptions;
}

export const elementwiseShapes: readonly ElementwiseShape[] = [
  { name: "one element", rows: 1, size: 1, options: {} },
  { name: "odd size", rows: 5, size: 37, options: {} },
  { name: "strided rows", rows: 9, size: 100, options: { stride: 333, offset: 7 } },
  { name: "model size, many rows", rows: 130, size: 576, options: { fill: fills.outliers } },
  { name: "wide row", rows: 2, size: 9000, options: {} },
  { name: "big", rows: 3, size: 33, options: { fill: fills.big } },
  { name: "denormal", rows: 3, size: 33, options: { fill: fills.denormal } },
  {
    name: "infinities and NaN",
    rows: 3,
    size: 33,
    options: { fill: (random) => [Infinity, -Infinity, NaN, 0, -0, 1][Math.floor(random() * 6)]! },
  },
];
