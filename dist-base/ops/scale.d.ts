/** Multiplies by a constant. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * x * factor, element by element, in f32: embedding multipliers, logit scaling.
 *
 * @param x [numTokens, size] f32, rows may be strided
 * @returns shape of x, f32, dense, in the program of x
 */
export declare function scale(x: Tensor, factor: number): Tensor;
