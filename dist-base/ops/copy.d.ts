/** Copies a tensor, making it dense. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * @param x [numTokens, size] f32, rows may be strided
 * @returns the same values, dense, in the program of x
 */
export declare function copy(x: Tensor): Tensor;
