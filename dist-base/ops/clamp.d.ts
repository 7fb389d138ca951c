/** Limits on both sides. */
import type { Tensor } from "../tensor/tensor.js";
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
export declare function clamp(x: Tensor, min: number, max: number): Tensor;
