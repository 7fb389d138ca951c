/** Products of each head with a matrix of its own. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkDenseRows, checkDType, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";

/**
 * y[t, h] = x[t, h] weight[h]^T: a linear layer for every head, side by side.
 *
 * @param x      [numTokens, numHeads, inputSize] f32, rows may be strided
 * @param weight [numHeads, outputSize, inputSize] f32 | bf16, matrix layout
 * @returns      [numTokens, numHeads, outputSize] f32, dense, in the program of x
 * @throws ShapeError if sizes differ
 * With a bf16 weight, x is rounded to bf16 (nearest even) first; products are summed in f32, one accumulator per
 * output, inputs in ascending order, whatever numTokens is.
 */
export function headLinear(x: Tensor, weight: Parameter): Tensor {
  checkRank("headLinear", "x", x, 3);
  checkDType("headLinear", "x", x, "f32");
  checkDenseRows("headLinear", "x", x);
  checkRank("headLinear", "weight", weight, 3);
  checkDType("headLinear", "weight", weight, "f32", "bf16");
  checkSize("headLinear", "x", x, 1, weight.size(0));
  checkSize("headLinear", "x", x, 2, weight.size(2));
  const shape = [x.size(0), x.size(1), weight.size(1)];
  return programOf("headLinear", x).record("headLinear", [x, weight], [{ shape, dtype: "f32" }])[0]!;
}
