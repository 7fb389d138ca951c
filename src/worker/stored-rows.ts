/** Which parts of a plan the platform can read from the files by itself. */
import type { Checkpoint } from "../checkpoint/tensor-source.js";
import type { Platform, StoredRows } from "../platform/platform.js";
import { blockLayout, isGgufBlockType } from "../tensor/storage-type.js";
import { matrixAt } from "./parameter-memory.js";
import type { PlannedParameter, PlannedPart } from "./weight-plan.js";

/** True when each row (everything but the first dimension) is one dense run. */
export function isRowDense(shape: readonly number[], strides: readonly number[]): boolean {
  let dense = 1;
  for (let i = shape.length - 1; i >= 1; i--) {
    if (shape[i] !== 1 && strides[i] !== dense) return false;
    dense *= shape[i]!;
  }
  return shape.length > 1 || strides[0] === 1;
}

/** The part as rows in a file; undefined where they must be read, gathered or quantized here. */
export function storedRows(
  platform: Platform,
  checkpoint: Checkpoint,
  { declared: { spec, parameter } }: PlannedParameter,
  { part, tensor, view }: PlannedPart,
): StoredRows | undefined {
  const { storage } = tensor;
  const isLoadable = storage === "f32" || storage === "bf16" || storage === "f16" || isGgufBlockType(storage);
  if (spec.sink || spec.layout !== "matrix" || !isLoadable || view.shape.length < 2) return undefined;
  if (!isRowDense(view.shape, view.strides)) return undefined;
  const place = checkpoint.place(tensor.name);
  const { elements, bytes } = blockLayout(storage);
  const stride = view.strides[0]!;
  const tensorRow = tensor.shape.slice(1).reduce((product, size) => product * size, 1);
  if (!place || stride <= 0 || stride % elements !== 0) return undefined;
  if (place.pairedRows > 0 && stride !== tensorRow) return undefined;
  const sourceRow = Math.floor(view.offset / stride);
  const { matrix, row } = matrixAt(platform, parameter, part.rowStart);
  return {
    matrix,
    rowStart: row,
    numRows: view.shape[0]!,
    storage,
    descriptor: place.descriptor,
    position: place.position + ((view.offset - sourceRow * stride) / elements) * bytes,
    rowBytes: (stride / elements) * bytes,
    sourceRow,
    pairedRows: place.pairedRows,
    label: `${tensor.file}: tensor ${JSON.stringify(tensor.name)}`,
  };
}
