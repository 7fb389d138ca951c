/** Activations, plain and gated. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * The functions that platforms have, under HF's names (ACT2FN): `gelu` uses erf, `gelu_pytorch_tanh` the tanh approximation,
 * `quick_gelu` is x sigmoid(1.702 x), `relu2` the square of relu.
 */
export declare const activationFunctions: readonly ["relu", "gelu", "gelu_pytorch_tanh", "silu", "quick_gelu", "relu2", "tanh", "sigmoid"];
type ActivationFunction = (typeof activationFunctions)[number];
/** Other names of ACT2FN for the same function of real numbers; their roundings in f32 differ by 1e-7. */
declare const otherNames: {
    readonly gelu_new: "gelu_pytorch_tanh";
    readonly gelu_fast: "gelu_pytorch_tanh";
    readonly gelu_accurate: "gelu_pytorch_tanh";
    readonly gelu_python_tanh: "gelu_pytorch_tanh";
    readonly gelu_python: "gelu";
    readonly swish: "silu";
};
/** Every name that a config.json may use. */
export type ActivationKind = ActivationFunction | keyof typeof otherNames;
export declare const activationKinds: readonly ActivationKind[];
/** The platform's function for any of its names. */
export declare function functionOf(kind: ActivationKind): ActivationFunction;
/**
 * f(x), element by element.
 *
 * @param x    [numTokens, size] f32, rows may be strided
 * @param kind which function
 * @returns    shape of x, f32, dense, in the program of x
 */
export declare function activation(x: Tensor, kind: ActivationKind): Tensor;
/**
 * Gated activation of a merged gate/up product: f(x[:, :n]) * x[:, n:].
 *
 * @param x    [numTokens, 2 n] f32: gate columns, then up columns; rows may be strided
 * @param kind f
 * @returns    [numTokens, n] f32, dense, in the program of x
 * @throws ShapeError if the last dimension is odd
 * Source: Shazeer 2020 (SwiGLU); HF LlamaMLP.
 */
export declare function gatedActivation(x: Tensor, kind: ActivationKind): Tensor;
export {};
