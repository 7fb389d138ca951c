/** Products of each head with a matrix of its own. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
/**
 * y[t, h] = x[t, h] weight[h]^T: a linear layer for every head, side by side.
 *
 * @param x      [numTokens, numHeads, inputSize] f32, rows may be strided
 * @param weight [numHeads, outputSize, inputSize] f32 | bf16, matrix layout
 * @returns      [numTokens, numHeads, outputSize] f32, dense, in the program of x
 * @throws ShapeError if sizes differ
 * With a bf16 weight, x is rounded to bf16 (nearest even) first; products are summed in f32, one accumulator per
 * output, inputs in ascending order, whatever numTokens is.
 */
export declare function headLinear(x: Tensor, weight: Parameter): Tensor;
