/** Element-wise sum of two tensors. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * a + b, element by element: the residual connection.
 *
 * @param a [numTokens, hiddenSize] f32, rows may be strided
 * @param b shape of a, f32, rows may be strided
 * @returns shape of a, f32, dense, in the program of a
 * @throws ShapeError if the shapes differ
 */
export declare function add(a: Tensor, b: Tensor): Tensor;
