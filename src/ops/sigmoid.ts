/** The logistic function. */
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkDenseRows } from "./check.js";
import { programOf } from "./program.js";

/**
 * 1 / (1 + e^-x), element by element, in f32: gates.
 *
 * @param x [numTokens, size] f32, rows may be strided
 * @returns shape of x, f32, dense, in the program of x
 */
export function sigmoid(x: Tensor): Tensor {
  checkDType("sigmoid", "x", x, "f32");
  checkDenseRows("sigmoid", "x", x);
  return programOf("sigmoid", x).record("sigmoid", [x], [{ shape: x.shape, dtype: "f32" }])[0]!;
}
