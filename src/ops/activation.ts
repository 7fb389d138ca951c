/** Activations, plain and gated. */
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows } from "./check.js";
import { programOf } from "./program.js";

/** Names as in HF's ACT2FN: `gelu` uses erf, `gelu_pytorch_tanh` (= `gelu_new`) the tanh approximation. */
export const activationKinds = ["relu", "gelu", "gelu_pytorch_tanh", "silu"] as const;
export type ActivationKind = (typeof activationKinds)[number];

/**
 * f(x), element by element.
 *
 * @param x    [numTokens, size] f32, rows may be strided
 * @param kind which function
 * @returns    shape of x, f32, dense, in the program of x
 */
export function activation(x: Tensor, kind: ActivationKind): Tensor {
  checkDType("activation", "x", x, "f32");
  checkDenseRows("activation", "x", x);
  return programOf("activation", x).record("activation", [x], [{ shape: x.shape, dtype: "f32" }], { kind })[0]!;
}

/**
 * Gated activation of a merged gate/up product: f(x[:, :n]) * x[:, n:].
 *
 * @param x    [numTokens, 2 n] f32: gate columns, then up columns; rows may be strided
 * @param kind f
 * @returns    [numTokens, n] f32, dense, in the program of x
 * @throws ShapeError if the last dimension is odd
 * Source: Shazeer 2020 (SwiGLU); HF LlamaMLP.
 */
export function gatedActivation(x: Tensor, kind: ActivationKind): Tensor {
  checkDType("gatedActivation", "x", x, "f32");
  checkDenseRows("gatedActivation", "x", x);
  if (x.size(-1) % 2 !== 0) throw new ShapeError(`gatedActivation: x needs an even last dimension, got ${x}`);
  const shape = [x.size(0), x.size(-1) / 2];
  return programOf("gatedActivation", x).record("gatedActivation", [x], [{ shape, dtype: "f32" }], { kind })[0]!;
}
