/** Picks rows. */
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkDenseRows, checkRank } from "./check.js";
import { programOf } from "./program.js";

/**
 * out[i] = x[rows[i]]: the rows whose logits are wanted.
 *
 * @param x    [numTokens, hiddenSize] f32, rows may be strided
 * @param rows [numRows] i32, each in 0 .. numTokens - 1
 * @returns    [numRows, hiddenSize] f32, dense, in the program of rows
 */
export function gatherRows(x: Tensor, rows: Tensor): Tensor {
  checkRank("gatherRows", "x", x, 2);
  checkDType("gatherRows", "x", x, "f32");
  checkDenseRows("gatherRows", "x", x);
  checkRank("gatherRows", "rows", rows, 1);
  checkDType("gatherRows", "rows", rows, "i32");
  const shape = [rows.size(0), x.size(1)];
  return programOf("gatherRows", rows, x).record("gatherRows", [x, rows], [{ shape, dtype: "f32" }])[0]!;
}
