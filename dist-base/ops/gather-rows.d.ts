/** Picks rows. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * out[i] = x[rows[i]]: the rows whose logits are wanted.
 *
 * @param x    [numTokens, hiddenSize] f32, rows may be strided
 * @param rows [numRows] i32, each in 0 .. numTokens - 1
 * @returns    [numRows, hiddenSize] f32, dense, in the program of rows
 */
export declare function gatherRows(x: Tensor, rows: Tensor): Tensor;
