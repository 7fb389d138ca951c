/** Soft capping of logits. */
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows } from "./check.js";
import { programOf } from "./program.js";

/**
 * cap * tanh(x / cap), element by element, in f32: nothing leaves -cap .. cap.
 *
 * @param x   [numTokens, size] f32, rows may be strided
 * @param cap above 0
 * @returns   shape of x, f32, dense, in the program of x
 * @throws ShapeError if cap is not a number above 0
 * Source: Gemma 2 (2024), section 2; HF Gemma2ForCausalLM, final_logit_softcapping.
 */
export function softcap(x: Tensor, cap: number): Tensor {
  checkDType("softcap", "x", x, "f32");
  checkDenseRows("softcap", "x", x);
  if (!(cap > 0) || !Number.isFinite(cap)) throw new ShapeError(`softcap: cap must be a number above 0, got ${cap}`);
  return programOf("softcap", x).record("softcap", [x], [{ shape: x.shape, dtype: "f32" }], { cap })[0]!;
}
