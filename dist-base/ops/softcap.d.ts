/** Soft capping of logits. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * cap * tanh(x / cap), element by element, in f32: nothing leaves -cap .. cap.
 *
 * @param x   [numTokens, size] f32, rows may be strided
 * @param cap above 0
 * @returns   shape of x, f32, dense, in the program of x
 * @throws ShapeError if cap is not a number above 0
 * Source: Gemma 2 (2024), section 2; HF Gemma2ForCausalLM, final_logit_softcapping.
 */
export declare function softcap(x: Tensor, cap: number): Tensor;
