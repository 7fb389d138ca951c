/** Cases of gatedActivation. */
import { activationFunctions, gatedActivation } from "../../src/ops/activation.js";
import type { OpCase } from "./op-case.js";
import type { RowOptions } from "./case-inputs.js";
import { fills } from "./random.js";

export const op = "gatedActivation";

function forEachKind(name: string, rows: number, size: number, options: RowOptions): OpCase[] {
  return activationFunctions.map((kind) => ({
    name: `${kind}: ${name}`,
    rows,
    tolerance: 1e-6,
    record: (inputs, picked) => [gatedActivation(inputs.rows("x", picked, 2 * size, options), kind)],
  }));
}

export const cases: readonly OpCase[] = [
  ...forEachKind("odd size", 7, 53, { fill: fills.wide }),
  ...forEachKind("one column", 3, 1, { fill: fills.unit }),
  ...forEachKind("model size", 64, 1536, { fill: fills.outliers }),
  ...forEachKind("strided", 9, 96, { fill: fills.wide, stride: 300, offset: 5 }),
];
