/** Cases of quantizeActivations. */
import { quantizeActivations } from "../../src/ops/quantize-activations.js";
import type { ActivationScales } from "../../src/ops/quantize-activations.js";
import { elementwiseShapes } from "./elementwise-cases.js";
import type { OpCase } from "./op-case.js";

export const op = "quantizeActivations";

const scales: readonly (readonly [string, ActivationScales])[] = [
  ["int8", { type: "int8" }],
  ["int8, a scale of its own", { type: "int8", scale: 0.0123 }],
  ["int8, a scale and a zero", { type: "int8", scale: 0.0123, zeroPoint: -9 }],
  ["int8 in groups of 32", { type: "int8", groupSize: 32 }],
  ["fp8", { type: "fp8" }],
  ["fp8, a scale of its own", { type: "fp8", scale: 0.0123 }],
  ["fp8 in groups of 128", { type: "fp8", groupSize: 128 }],
];
// Values that are already codes lie on borders of rounding; zeros have no scale.
const borders = { name: "borders", rows: 4, size: 260, options: { fill: borderValue } } as const;
const zeros = { name: "zeros", rows: 2, size: 40, options: { fill: () => 0 } } as const;
/** Halves, powers of two and their neighbours. */
function borderValue(random: () => number): number {
  const half = Math.floor(random() * 200) / 2;
  const power = 2 ** (Math.floor(random() * 20) - 12);
  return (random() < 0.5 ? -1 : 1) * (random() < 0.5 ? half : power * (random() < 0.3 ? 1.0625 : 1));
}

export const cases: readonly OpCase[] = scales.flatMap(([kind, options]) =>
  [...elementwiseShapes, borders, zeros].map((shape) => ({
    name: `${kind}: ${shape.name}`,
    rows: shape.rows,
    tolerance: 0,
    record: (inputs, picked) => [quantizeActivations(inputs.rows("x", picked, shape.size, shape.options), options)],
  })),
);
