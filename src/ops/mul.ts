/** Element-wise product of two tensors. */
import { formatShape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows } from "./check.js";
import { programOf } from "./program.js";

/**
 * a * b, element by element, in f32: gates. A last dimension of 1 in b is spread over a's: one gate a row.
 *
 * @param a [numTokens, size] (or [numTokens, heads, headDim]) f32, rows may be strided
 * @param b shape of a, or that with a last dimension of 1; f32, rows may be strided
 * @returns shape of a, f32, dense, in the program of a
 * @throws ShapeError if b has another shape
 */
export function mul(a: Tensor, b: Tensor): Tensor {
  const perRow = [...a.shape.slice(0, -1), 1];
  if (!sameShape(a.shape, b.shape) && !sameShape(perRow, b.shape))
    throw new ShapeError(`mul: b must be ${formatShape(a.shape)} like a, or ${formatShape(perRow)}, got ${b}`);
  checkDType("mul", "a", a, "f32");
  checkDType("mul", "b", b, "f32");
  checkDenseRows("mul", "a", a);
  checkDenseRows("mul", "b", b);
  return programOf("mul", a, b).record("mul", [a, b], [{ shape: a.shape, dtype: "f32" }])[0]!;
}
