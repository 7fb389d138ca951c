/** Element-wise sum of two tensors. */
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkDenseRows, checkSameShape } from "./check.js";
import { programOf } from "./program.js";

/**
 * a + b, element by element: the residual connection.
 *
 * @param a [numTokens, hiddenSize] f32, rows may be strided
 * @param b shape of a, f32, rows may be strided
 * @returns shape of a, f32, dense, in the program of a
 * @throws ShapeError if the shapes differ
 */
export function add(a: Tensor, b: Tensor): Tensor {
  checkSameShape("add", "a", a, "b", b);
  checkDType("add", "a", a, "f32");
  checkDType("add", "b", b, "f32");
  checkDenseRows("add", "a", a);
  checkDenseRows("add", "b", b);
  return programOf("add", a, b).record("add", [a, b], [{ shape: a.shape, dtype: "f32" }])[0]!;
}
