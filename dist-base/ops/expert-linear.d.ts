/** Matrix products of tokens with the experts that they are routed to. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
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
export declare function expertLinear(x: Tensor, weight: Parameter, ids: Tensor, bias?: Parameter): Tensor;
/**
 * As expertLinear, weight-only int8 with one scale per expert and output channel: y = (x weight^T) * scale + bias.
 *
 * @param weight     [numExperts, outputSize, inputSize] i8, matrix layout
 * @param scale      [numExperts * outputSize] f32, expert after expert
 * @param activation "f32": x as it is; "bf16": x is rounded to bf16 (nearest even) first
 * @throws ShapeError if sizes differ
 */
export declare function expertLinearInt8(x: Tensor, weight: Parameter, scale: Parameter, ids: Tensor, bias: Parameter | undefined, activation: "f32" | "bf16"): Tensor;
/**
 * Adds up what a token's experts gave: out[t] = sum over j of weights[t, j] * y[t * topK + j].
 *
 * @param y       [numTokens * topK, size] f32, rows may be strided
 * @param weights [numTokens, topK] f32
 * @returns       [numTokens, size] f32, dense, in the program of y
 * @throws ShapeError if there are not topK rows for each token
 * In f32, one accumulator an element, j ascending.
 */
export declare function combineExperts(y: Tensor, weights: Tensor): Tensor;
