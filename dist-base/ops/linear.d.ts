/** Matrix products with a layer's weight. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
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
export declare function linear(x: Tensor, weight: Parameter, bias?: Parameter): Tensor;
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
export declare function linearInt8(x: Tensor, weight: Parameter, scale: Parameter, bias: Parameter | undefined, activation: "f32" | "bf16"): Tensor;
