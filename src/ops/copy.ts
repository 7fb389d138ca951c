/** Copies a tensor, making it dense. */
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkDenseRows } from "./check.js";
import { programOf } from "./program.js";

/**
 * @param x [numTokens, size] f32, rows may be strided
 * @returns the same values, dense, in the program of x
 */
export function copy(x: Tensor): Tensor {
  checkDType("copy", "x", x, "f32");
  checkDenseRows("copy", "x", x);
  return programOf("copy", x).record("copy", [x], [{ shape: x.shape, dtype: "f32" }])[0]!;
}
