/** Size of the CPU platform's matrix layout; native/cpu/matrix.h describes its order. */
import type { DType } from "../../tensor/dtype.js";
/** Types that a matrix may have, and the number by which kernels know a type. */
export declare const kernelDTypes: {
    readonly f32: 0;
    readonly bf16: 1;
    readonly f16: 2;
    readonly i8: 3;
};
/** @throws UnsupportedError unless kernels know the type */
export declare function kernelDType(dtype: DType): number;
/** Columns rounded up to a pair. */
export declare function evenColumns(columns: number): number;
/**
 * Bytes of a [rows, columns] matrix: panels of 16 rows, columns in pairs.
 * @throws UnsupportedError unless dtype is f32, bf16 or i8
 */
export declare function matrixBytes(rows: number, columns: number, dtype: DType): number;
