/** Online int8, weight-only: one scale per output channel, chosen while loading a plain checkpoint. */
import type { LinearMethod } from "../layers/linear-method.js";
import { expertParts, linearParts } from "../layers/linear-method.js";
import type { ModelContext } from "../layers/model-context.js";
import type { ParameterPart, RowSink } from "../layers/parameter-table.js";
import { expertLinearInt8 } from "../ops/expert-linear.js";
import { linearInt8 } from "../ops/linear.js";

/** scale = max |w| / 127 per row, values rounded to nearest (halves up). A row of zeros has scale 0. */
export function quantizeRows(rows: Float32Array, columns: number): { values: Int8Array; scales: Float32Array } {
  const numRows = rows.length / columns;
  const values = new Int8Array(rows.length);
  const scales = new Float32Array(numRows);
  for (let r = 0; r < numRows; r++) {
    let max = 0;
    for (let i = r * columns; i < (r + 1) * columns; i++) max = Math.max(max, Math.abs(rows[i]!));
    scales[r] = max / 127;
    const inverse = max > 0 ? 127 / max : 0;
    for (let i = r * columns; i < (r + 1) * columns; i++) values[i] = Math.round(rows[i]! * inverse);
  }
  return { values, scales };
}

/** A matrix (or a stack of one for each expert) that is quantized row by row while it is read, and the rows' scales. */
function declareInt8(
  { parameters }: ModelContext,
  prefix: string,
  shape: readonly number[],
  parts: readonly ParameterPart[],
) {
  const columns = shape.at(-1)!;
  const scale = parameters.declare({
    name: `${prefix}.weight_scale`,
    shape: [shape.slice(0, -1).reduce((rows, size) => rows * size, 1)],
    dtype: "f32",
    layout: "rowMajor",
    parts: [],
  });
  const sink: RowSink = (writer, rowStart, rows) => {
    const { values, scales } = quantizeRows(rows, columns);
    writer.writeInt8Rows(weight, rowStart, values);
    writer.writeRows(scale, rowStart, scales);
  };
  const weight = parameters.declare({ name: `${prefix}.weight`, shape, dtype: "i8", layout: "matrix", parts, sink });
  return { weight, scale };
}

/** `--quantization int8`: a quarter of f32's bytes, half of bf16's. Activations stay as the model's dtype has them. */
export const int8: LinearMethod = {
  name: "int8",
  create({ prefix, inputSize, outputSize, parts, context }) {
    const { weight, scale } = declareInt8(context, prefix, [outputSize, inputSize], linearParts(parts));
    return { apply: (x, bias) => linearInt8(x, weight, scale, bias, context.dtype) };
  },
  createExperts({ prefix, numExperts, inputSize, outputSize, parts, context }) {
    const shape = [numExperts, outputSize, inputSize];
    const { weight, scale } = declareInt8(context, prefix, shape, expertParts(parts, outputSize));
    return { apply: (x, ids, bias) => expertLinearInt8(x, weight, scale, ids, bias, context.dtype) };
  },
};
