/** Matrix products of tokens with the experts that they are routed to. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";

/**
 * Row t * topK + j of the result is token t's row times the weight of its j-th expert: y = x weight[ids[t, j]]^T + bias[ids[t, j]].
 *
 * @param x      [numTokens, inputSize] f32: each row goes to all of its token's experts; or [numTokens * topK, inputSize] f32: a row
 *               for each expert, in the order of the result. Rows may be strided.
 * @param weight [numExperts, outputSize, inputSize] f32 | bf16, matrix layout: an expert's matrix after the other
 * @param ids    [numTokens, topK] i32, each in 0 .. numExperts - 1
 * @param bias   [numExperts * outputSize] f32, expert after expert, optional
 * @returns      [numTokens * topK, outputSize] f32, in the program of x
 * @throws ShapeError if sizes differ
 * Rounding and summation as of `linear`, whatever other rows go to the same expert. A platform reads the weights of an expert once
 * for all of its rows, and not at all if it has none.
 */
export function expertLinear(x: Tensor, weight: Parameter, ids: Tensor, bias?: Parameter): Tensor {
  checkExperts("expertLinear", x, weight, ids, bias);
  checkDType("expertLinear", "weight", weight, "f32", "bf16");
  const inputs = bias ? [x, weight, ids, bias] : [x, weight, ids];
  const shape = [ids.numElements, weight.size(1)];
  return programOf("expertLinear", x).record("expertLinear", inputs, [{ shape, dtype: "f32" }])[0]!;
}

/**
 * As expertLinear, weight-only int8 with one scale per expert and output channel: y = (x weight^T) * scale + bias.
 *
 * @param weight     [numExperts, outputSize, inputSize] i8, matrix layout
 * @param scale      [numExperts * outputSize] f32, expert after expert
 * @param activation "f32": x as it is; "bf16": x is rounded to bf16 (nearest even) first
 * @throws ShapeError if sizes differ
 */
export function expertLinearInt8(
  x: Tensor,
  weight: Parameter,
  scale: Parameter,
  ids: Tensor,
  bias: Parameter | undefined,
  activation: "f32" | "bf16",
): Tensor {
  checkExperts("expertLinearInt8", x, weight, ids, bias);
  checkDType("expertLinearInt8", "weight", weight, "i8");
  checkSize("expertLinearInt8", "scale", scale, 0, weight.size(0) * weight.size(1));
  const inputs = bias ? [x, weight, ids, scale, bias] : [x, weight, ids, scale];
  const shape = [ids.numElements, weight.size(1)];
  const outputs = [{ shape, dtype: "f32" }] as const;
  return programOf("expertLinearInt8", x).record("expertLinearInt8", inputs, outputs, { activation })[0]!;
}

/**
 * Adds up what a token's experts gave: out[t] = sum over j of weights[t, j] * y[t * topK + j].
 *
 * @param y       [numTokens * topK, size] f32, rows may be strided
 * @param weights [numTokens, topK] f32
 * @returns       [numTokens, size] f32, dense, in the program of y
 * @throws ShapeError if there are not topK rows for each token
 * In f32, one accumulator an element, j ascending.
 */
export function combineExperts(y: Tensor, weights: Tensor): Tensor {
  checkRank("combineExperts", "y", y, 2);
  checkDType("combineExperts", "y", y, "f32");
  checkDenseRows("combineExperts", "y", y);
  checkRank("combineExperts", "weights", weights, 2);
  checkDType("combineExperts", "weights", weights, "f32");
  checkDenseRows("combineExperts", "weights", weights);
  checkSize("combineExperts", "y", y, 0, weights.numElements);
  const shape = [weights.size(0), y.size(1)];
  return programOf("combineExperts", y, weights).record("combineExperts", [y, weights], [{ shape, dtype: "f32" }])[0]!;
}

function checkExperts(op: string, x: Tensor, weight: Parameter, ids: Tensor, bias: Parameter | undefined): void {
  checkRank(op, "x", x, 2);
  checkDType(op, "x", x, "f32");
  checkDenseRows(op, "x", x);
  checkRank(op, "weight", weight, 3);
  checkSize(op, "x", x, 1, weight.size(2));
  checkRank(op, "ids", ids, 2);
  checkDType(op, "ids", ids, "i32");
  if (!ids.isDense) throw new ShapeError(`${op}: ids must be dense, got strides ${ids.strides.join(", ")} (${ids})`);
  const rows = x.size(0);
  if (rows !== ids.size(0) && rows !== ids.numElements)
    throw new ShapeError(
      `${op}: x needs a row for each token (${ids.size(0)}) or for each of their experts (${ids.numElements}), got ${x}`,
    );
  if (bias) checkSize(op, "bias", bias, 0, weight.size(0) * weight.size(1));
}
