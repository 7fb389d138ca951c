/** Cases of activation. */
import { activation, activationFunctions } from "../../src/ops/activation.js";
import type { OpCase } from "./op-case.js";
import type { RowOptions } from "./case-inputs.js";
import { fills } from "./random.js";

export const op = "activation";

function forEachKind(name: string, rows: number, size: number, options: RowOptions): OpCase[] {
  return activationFunctions.map((kind) => ({
    name: `${kind}: ${name}`,
    rows,
    tolerance: 1e-6,
    record: (inputs, picked) => [activation(inputs.rows("x", picked, size, options), kind)],
  }));
}

export const cases: readonly OpCase[] = [
  ...forEachKind("where it bends", 7, 53, { fill: fills.wide }),
  ...forEachKind("near zero", 3, 100, { fill: (random) => (random() - 0.5) * 1e-3 }),
  ...forEachKind("far out", 3, 100, { fill: (random) => (random() - 0.5) * 400 }),
  ...forEachKind("big", 2, 33, { fill: fills.big }),
  ...forEachKind("strided, many rows", 100, 96, { fill: fills.wide, stride: 300, offset: 1 }),
  ...forEachKind("denormal", 2, 20, { fill: fills.denormal }),
];
