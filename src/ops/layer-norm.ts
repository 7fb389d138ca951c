/** Layer norm. */
import type { Parameter } from "../tensor/parameter.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";

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
export function layerNorm(x: Tensor, weight: Parameter, bias: Parameter | undefined, eps: number): Tensor {
  checkDType("layerNorm", "x", x, "f32");
  checkDenseRows("layerNorm", "x", x);
  checkWeight("weight", weight, x);
  if (bias) checkWeight("bias", bias, x);
  if (bias && bias.shape.length !== weight.shape.length)
    throw new ShapeError(`layerNorm: bias ${formatShape(bias.shape)} must have the shape of weight ${weight}`);
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return programOf("layerNorm", x).record("layerNorm", inputs, [{ shape: x.shape, dtype: "f32" }], { eps })[0]!;
}

/** @throws ShapeError unless it has one element for each of a row's, or of a whole token's where x has heads */
function checkWeight(name: string, weight: Parameter, x: Tensor): void {
  if (weight.shape.length === 2 && x.shape.length === 3) checkSize("layerNorm", name, weight, 0, x.size(1));
  else checkRank("layerNorm", name, weight, 1);
  checkSize("layerNorm", name, weight, -1, x.size(-1));
}
