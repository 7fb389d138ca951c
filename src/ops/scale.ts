/** Multiplies by a constant. */
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkDenseRows } from "./check.js";
import { programOf } from "./program.js";

/**
 * x * factor, element by element, in f32: embedding multipliers, logit scaling.
 *
 * @param x [numTokens, size] f32, rows may be strided
 * @returns shape of x, f32, dense, in the program of x
 */
export function scale(x: Tensor, factor: number): Tensor {
  checkDType("scale", "x", x, "f32");
  checkDenseRows("scale", "x", x);
  return programOf("scale", x).record("scale", [x], [{ shape: x.shape, dtype: "f32" }], { factor })[0]!;
}
