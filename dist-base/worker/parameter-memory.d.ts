/** The memory of parameters: allocated in a few large pieces, which the system can give in large pages. */
import type { ParameterTable } from "../layers/parameter-table.js";
import type { Platform, PlatformMatrix } from "../platform/platform.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
/** Gives every parameter and constant its memory. Returns all bytes. */
export declare function allocateParameters(platform: Platform, table: ParameterTable): number;
/** Computes the constants. @throws ShapeError if one is not as long as it was declared */
export declare function writeConstants(platform: Platform, table: ParameterTable): void;
/** Matrices of a parameter: one of shape [rows, columns] (or a vector's elements), or `count` of [count, rows, columns]. */
export declare function matrixSizes(shape: Shape): {
    count: number;
    rows: number;
    columns: number;
};
/**
 * The matrix that holds a row of a matrix parameter, as the platform's methods take it, and the row's number in it. Rows of
 * [count, rows, columns] are counted through all matrices.
 */
export declare function matrixAt(platform: Platform, parameter: Parameter, row: number): {
    matrix: PlatformMatrix;
    row: number;
};
/** All values of a matrix parameter as f32, row-major. */
export declare function readParameter(platform: Platform, parameter: Parameter): Float32Array;
