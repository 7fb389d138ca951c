/** Matrix products with a layer's weight. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkDenseRows, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";

/**
 * y = x weight^T + bias.
 *
 * @param x      [numTokens, inputSize] f32, rows may be strided
 * @param weight [outputSize, inputSize] f32 | bf16, matrix layout
 * @param bias   [outputSize] f32, optional
 * @returns      [numTokens, outputSize] f32, in the program of x
 * @throws ShapeError if sizes differ
 * With a bf16 weight, x is rounded to bf16 (nearest even) first; products are summed in f32, one accumulator per
 * output, inputs in ascending order, whatever numTokens is. The bias is added last.
 */
export function linear(x: Tensor, weight: Parameter, bias?: Parameter): Tensor {
  checkLinear("linear", x, weight, bias);
  checkDType("linear", "weight", weight, "f32", "bf16");
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return programOf("linear", x).record("linear", inputs, [{ shape: [x.size(0), weight.size(0)], dtype: "f32" }])[0]!;
}

/**
 * y = (x weight^T) * scale + bias, weight-only int8 with one scale per output channel.
 *
 * @param x          [numTokens, inputSize] f32, rows may be strided
 * @param weight     [outputSize, inputSize] i8, matrix layout
 * @param scale      [outputSize] f32
 * @param bias       [outputSize] f32, optional
 * @param activation "f32": x as it is; "bf16": x is rounded to bf16 (nearest even) first
 * @returns          [numTokens, outputSize] f32, in the program of x
 * @throws ShapeError if sizes differ
 * Summed in f32, one accumulator per output, inputs in ascending order; then scaled, then the bias is added.
 */
export function linearInt8(
  x: Tensor,
  weight: Parameter,
  scale: Parameter,
  bias: Parameter | undefined,
  activation: "f32" | "bf16",
): Tensor {
  checkLinear("linearInt8", x, weight, bias);
  checkDType("linearInt8", "weight", weight, "i8");
  checkSize("linearInt8", "scale", scale, 0, weight.size(0));
  const inputs = bias ? [x, weight, scale, bias] : [x, weight, scale];
  const shape = [x.size(0), weight.size(0)];
  return programOf("linearInt8", x).record("linearInt8", inputs, [{ shape, dtype: "f32" }], { activation })[0]!;
}

function checkLinear(op: string, x: Tensor, weight: Parameter, bias: Parameter | undefined): void {
  checkRank(op, "x", x, 2);
  checkDType(op, "x", x, "f32");
  checkDenseRows(op, "x", x);
  checkRank(op, "weight", weight, 2);
  checkSize(op, "x", x, 1, weight.size(1));
  if (bias) checkSize(op, "bias", bias, 0, weight.size(0));
}
