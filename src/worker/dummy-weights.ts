/** Random weights for `--load-format dummy`: the right shapes without a checkpoint, for sizing and speed. */
import type { ParameterTable } from "../layers/parameter-table.js";
import type { Platform } from "../platform/platform.js";
import { parameterWriter } from "./load-weights.js";

const chunkElements = 2 ** 20;

/** Evenly distributed in [-1, 1); a small generator, as speed matters and quality does not. */
function noise(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state / 2 ** 31 - 1;
  }
  return values;
}

/** Matrices get values of about 1 / sqrt(columns), vectors (norms, biases) 1 +- 0.1 and 0 +- 0.1. */
export async function fillDummyWeights(platform: Platform, table: ParameterTable, seed: number): Promise<void> {
  const random = noise(chunkElements + 4096, seed + 1);
  const writer = parameterWriter(platform);
  for (const { spec, parameter } of table.declared) {
    if (spec.parts.length === 0) continue;
    const [rows, columns] = [spec.shape[0]!, spec.shape[1] ?? 1];
    const isVector = spec.shape.length === 1;
    const centre = isVector && !spec.name.endsWith("bias") ? 1 : 0;
    const scale = isVector ? 0.1 : 1.7 / Math.sqrt(columns);
    const scaled = random.map((value) => centre + scale * value);
    const rowsPerChunk = Math.max(1, Math.floor(chunkElements / columns));
    for (let row = 0; row < rows; row += rowsPerChunk) {
      const count = Math.min(rowsPerChunk, rows - row);
      const start = (row * 31 + spec.name.length * 7) % 4096;
      const values = scaled.subarray(start, start + count * columns);
      if (spec.sink) spec.sink(writer, row, values);
      else writer.writeRows(parameter, row, values);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
