/** Random weights for `--load-format dummy`: the right shapes without a checkpoint, for sizing and speed. */
import type { DeclaredParameter, ParameterTable, ParameterWriter } from "../layers/parameter-table.js";
import type { NoiseFill, Platform } from "../platform/platform.js";
import { noise } from "../tensor/noise.js";
import { parameterWriter } from "./load-weights.js";
import { matrixAt, matrixSizes } from "./parameter-memory.js";

const chunkElements = 2 ** 20;

/** FNV-1a of a name, from a number on. */
function hashed(name: string, seed: number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/**
 * Matrices get values of about 1 / sqrt(columns), vectors (norms, biases) 1 +- 0.1 and 0 +- 0.1. A parameter of several matrices
 * has a fill for each.
 */
function fillsOf(platform: Platform, { spec, parameter }: DeclaredParameter, seed: number): NoiseFill[] {
  const { count, rows, columns } = matrixSizes(spec.shape);
  const isVector = spec.shape.length === 1;
  return Array.from({ length: count }, (_, i) => ({
    target: { ...matrixAt(platform, parameter, i * rows).matrix, rows, columns },
    isMatrix: spec.layout === "matrix",
    seed: hashed(count === 1 ? spec.name : `${spec.name}.${i}`, seed),
    centre: isVector && !spec.name.endsWith("bias") ? 1 : 0,
    scale: isVector ? 0.1 : 1.7 / Math.sqrt(columns),
  }));
}

/** Values depend on the seed, the parameter's name and the place in it; they are the same on every platform. */
export async function fillDummyWeights(platform: Platform, table: ParameterTable, seed: number): Promise<void> {
  const filled = table.declared.filter(({ spec }) => spec.parts.length > 0);
  const isByRows = (entry: DeclaredParameter): boolean =>
    platform.fillNoise === undefined || entry.spec.sink !== undefined;
  const whole = filled.filter((entry) => !isByRows(entry));
  await platform.fillNoise?.(whole.flatMap((entry) => fillsOf(platform, entry, seed)));
  const writer = parameterWriter(platform);
  for (const entry of filled.filter(isByRows))
    for (const [i, fill] of fillsOf(platform, entry, seed).entries()) await fillByRows(writer, entry, fill, i);
}

/** The i-th matrix of a parameter, some rows at a time. */
async function fillByRows(
  writer: ParameterWriter,
  { spec, parameter }: DeclaredParameter,
  fill: NoiseFill,
  i: number,
): Promise<void> {
  const { rows, columns } = fill.target;
  const rowsPerChunk = Math.max(1, Math.floor(chunkElements / columns));
  for (let row = 0; row < rows; row += rowsPerChunk) {
    const values = noise(fill, row, Math.min(rowsPerChunk, rows - row), columns);
    if (spec.sink) spec.sink(writer, i * rows + row, values);
    else writer.writeRows(parameter, i * rows + row, values);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
