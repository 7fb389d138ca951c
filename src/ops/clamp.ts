/** Limits on both sides. */
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows } from "./check.js";
import { programOf } from "./program.js";

/**
 * Every element brought into min .. max; NaN stays NaN.
 *
 * @param x   [numTokens, size] (or [numTokens, heads, headDim]) f32, rows may be strided
 * @param min lower limit; -Infinity: none
 * @param max upper limit, not below min; Infinity: none
 * @returns   shape of x, f32, dense, in the program of x
 * @throws ShapeError if min is above max, or one is NaN
 * Source: torch.clamp; HF OlmoAttention, clip_qkv.
 */
export function clamp(x: Tensor, min: number, max: number): Tensor {
  checkDType("clamp", "x", x, "f32");
  checkDenseRows("clamp", "x", x);
  if (!(min <= max)) throw new ShapeError(`clamp: min must be at most max, got ${min} and ${max}`);
  return programOf("clamp", x).record("clamp", [x], [{ shape: x.shape, dtype: "f32" }], { min, max })[0]!;
}
