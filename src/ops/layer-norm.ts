/** Layer norm. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkDenseRows, checkSize } from "./check.js";
import { programOf } from "./program.js";

/**
 * Layer norm over the last dimension: (x - mean) / sqrt(variance + eps) * weight + bias.
 *
 * @param x      [numTokens, hiddenSize] f32, rows may be strided
 * @param weight [hiddenSize] f32
 * @param bias   [hiddenSize] f32, optional
 * @param eps    added to the variance (of the whole row, not n - 1), before the root
 * @returns      shape of x, f32, dense, in the program of x
 * @throws ShapeError if weight or bias is not as long as x's last dimension
 * Two passes, sums in f32: first the mean, then the squared distances. Source: Ba et al. 2016; torch LayerNorm.
 */
export function layerNorm(x: Tensor, weight: Parameter, bias: Parameter | undefined, eps: number): Tensor {
  checkDType("layerNorm", "x", x, "f32");
  checkDenseRows("layerNorm", "x", x);
  checkSize("layerNorm", "weight", weight, 0, x.size(-1));
  if (bias) checkSize("layerNorm", "bias", bias, 0, x.size(-1));
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return programOf("layerNorm", x).record("layerNorm", inputs, [{ shape: x.shape, dtype: "f32" }], { eps })[0]!;
}
