import type { Tensor } from "../tensor/tensor.js";
/**
 * a * b, element by element, in f32: gates. A last dimension of 1 in b is spread over a's: one gate a row.
 *
 * @param a [numTokens, size] (or [numTokens, heads, headDim]) f32, rows may be strided
 * @param b shape of a, or that with a last dimension of 1; f32, rows may be strided
 * @returns shape of a, f32, dense, in the program of a
 * @throws ShapeError if b has another shape
 */
export declare function mul(a: Tensor, b: Tensor): Tensor;
