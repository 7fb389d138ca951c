/** Root-mean-square norm. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
/**
 * Root-mean-square norm over the last dimension: x / sqrt(mean(x^2) + eps) * (weightOffset + weight).
 *
 * @param x            [numTokens, hiddenSize] (or [numTokens, heads, headDim]) f32, rows may be strided
 * @param weight       [hiddenSize] f32
 * @param eps          added to the mean square, before the root
 * @param weightOffset added to every weight: 1 where a checkpoint stores distances from 1 (Gemma)
 * @returns            shape of x, f32, dense, in the program of x
 * @throws ShapeError if weight is not as long as x's last dimension
 * Sums in f32 on every platform. Source: Zhang and Sennrich 2019, eq. 4; HF LlamaRMSNorm, GemmaRMSNorm.
 */
export declare function rmsNorm(x: Tensor, weight: Parameter, eps: number, weightOffset?: number): Tensor;
