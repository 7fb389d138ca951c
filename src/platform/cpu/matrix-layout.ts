/** Size of the CPU platform's matrix layout; native/cpu/matrix.h describes its order. */
import type { DType } from "../../tensor/dtype.js";
import { dtypeBytes } from "../../tensor/dtype.js";
import { UnsupportedError } from "../../util/errors.js";

/** Types that a matrix may have, and the number by which kernels know a type. */
export const kernelDTypes = { f32: 0, bf16: 1, f16: 2, i8: 3 } as const;

/** @throws UnsupportedError unless kernels know the type */
export function kernelDType(dtype: DType): number {
  const number = (kernelDTypes as Partial<Record<DType, number>>)[dtype];
  if (number === undefined)
    throw new UnsupportedError(
      `CPU platform: no kernels for ${dtype}; it knows ${Object.keys(kernelDTypes).join(", ")}`,
    );
  return number;
}

/** Columns rounded up to a pair. */
export function evenColumns(columns: number): number {
  return columns + (columns % 2);
}

/**
 * Bytes of a [rows, columns] matrix: panels of 16 rows, columns in pairs.
 * @throws UnsupportedError unless dtype is f32, bf16 or i8
 */
export function matrixBytes(rows: number, columns: number, dtype: DType): number {
  if (dtype !== "f32" && dtype !== "bf16" && dtype !== "i8")
    throw new UnsupportedError(`CPU platform: a matrix is f32, bf16 or i8, not ${dtype}`);
  return Math.ceil(rows / 16) * 16 * evenColumns(columns) * dtypeBytes[dtype];
}
