/** Depthwise causal convolution over each request's tokens. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ActivationKind } from "./activation.js";
import type { StateMetadata } from "./step.js";
/** Shape of one request's state: the inputs of its last kernelSize - 1 tokens (at least one row, which may be unused). */
export declare function convStateShape(kernelSize: number, channels: number): [rows: number, channels: number];
/**
 * f(bias[c] + sum over k of weight[k * channels + c] * x[t - kernelSize + 1 + k, c]), where t walks over the tokens of a request and
 * inputs before its first token are zeros. Inputs of earlier steps come from the state, which takes the step's last ones.
 *
 * @param x       [numTokens, channels] f32, rows may be strided
 * @param weight  [kernelSize * channels] f32, tap by tap: the last channels elements are multiplied with the token itself
 * @param bias    [channels] f32, optional
 * @param state   [numSlots, ...convStateShape] f32, oldest first; read and written. A request whose first row of the step
 *                stands at position 0 starts from zeros
 * @param options activation: f; undefined: none
 * @returns       [numTokens, channels] f32, dense, in the program of x; rows of no request are zeros
 * @throws ShapeError if weight, bias or state do not fit x
 * One accumulator: the bias (or 0), then products in the order of k, in f32. Source: Gu and Dao 2023; HF causal_conv1d_fn.
 */
export declare function causalConv1d(x: Tensor, weight: Parameter, bias: Parameter | undefined, state: Tensor, metadata: StateMetadata, options?: {
    activation?: ActivationKind;
}): Tensor;
