/** Layer norm. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
/**
 * Layer norm over the last dimension: (x - mean) / sqrt(variance + eps) * weight + bias.
 *
 * @param x      [numTokens, hiddenSize] (or [numTokens, heads, headDim]) f32, rows may be strided
 * @param weight [hiddenSize] f32; or [heads, headDim], a weight of its own for each head
 * @param bias   shape of weight, f32, optional
 * @param eps    added to the variance (of the whole row, not n - 1), before the root
 * @returns      shape of x, f32, dense, in the program of x
 * @throws ShapeError if weight or bias does not fit x
 * Two passes, sums in f32: first the mean, then the squared distances. Source: Ba et al. 2016; torch LayerNorm.
 */
export declare function layerNorm(x: Tensor, weight: Parameter, bias: Parameter | undefined, eps: number): Tensor;
