/** Online int8, weight-only: one scale per output channel, chosen while loading a plain checkpoint. */
import type { LinearMethod } from "../layers/linear-method.js";
import { expertParts, weightSource } from "../layers/linear-method.js";
import type { RowSink } from "../layers/parameter-table.js";
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

/** `--quantization int8`: a quarter of f32's bytes, half of bf16's. Activations stay as the model's dtype has them. */
export const int8: LinearMethod = {
  name: "int8",
  create({ prefix, inputSize, outputSize, parts, context }) {
    const scale = context.parameters.declare({
      name: `${prefix}.weight_scale`,
      shape: [outputSize],
      dtype: "f32",
      layout: "rowMajor",
      parts: [],
    });
    const sink: RowSink = (writer, rowStart, rows) => {
      const { values, scales } = quantizeRows(rows, inputSize);
      writer.writeInt8Rows(weight, rowStart, values);
      writer.writeRows(scale, rowStart, scales);
    };
    const weight = context.parameters.declare({
      name: `${prefix}.weight`,
      shape: [outputSize, inputSize],
      dtype: "i8",
      layout: "matrix",
      parts: parts.map((part) => ({
        source: weightSource(part),
        rowStart: part.outputStart,
        rowCount: part.rows.count,
      })),
      sink,
    });
    return { apply: (x, bias) => linearInt8(x, weight, scale, bias, context.dtype) };
  },
  createExperts({ prefix, numExperts, inputSize, outputSize, parts, context }) {
    const scale = context.parameters.declare({
      name: `${prefix}.weight_scale`,
      shape: [numExperts * outputSize],
      dtype: "f32",
      layout: "rowMajor",
      parts: [],
    });
    const sink: RowSink = (writer, rowStart, rows) => {
      const { values, scales } = quantizeRows(rows, inputSize);
      writer.writeInt8Rows(weight, rowStart, values);
      writer.writeRows(scale, rowStart, scales);
    };
    const weight = context.parameters.declare({
      name: `${prefix}.weight`,
      shape: [numExperts, outputSize, inputSize],
      dtype: "i8",
      layout: "matrix",
      parts: expertParts(parts, outputSize),
      sink,
    });
    return { apply: (x, ids, bias) => expertLinearInt8(x, weight, scale, ids, bias, context.dtype) };
  },
};
