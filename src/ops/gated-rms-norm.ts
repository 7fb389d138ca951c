/** Root-mean-square norm of a gated value, over groups of a row. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows, checkRank, checkSameShape, checkSize } from "./check.js";
import { programOf } from "./program.js";

/**
 * With g = x * silu(gate): g / sqrt(mean(g^2) + eps) * weight, the mean over each groupSize neighbours of a row.
 *
 * @param x         [numTokens, size] f32, rows may be strided
 * @param gate      shape of x, f32, rows may be strided
 * @param weight    [size] f32
 * @param eps       added to the mean square, before the root
 * @param groupSize a divisor of size; default: size, one group
 * @returns         shape of x, f32, dense, in the program of x
 * @throws ShapeError if shapes do not fit, or groupSize does not divide size
 * Sums in f32 on every platform. Source: HF MambaRMSNormGated; Dao and Gu 2024, section 7.
 */
export function gatedRmsNorm(x: Tensor, gate: Tensor, weight: Parameter, eps: number, groupSize = x.size(-1)): Tensor {
  const op = "gatedRmsNorm";
  checkRank(op, "x", x, 2);
  checkSameShape(op, "x", x, "gate", gate);
  for (const [name, tensor] of [
    ["x", x],
    ["gate", gate],
  ] as const) {
    checkDType(op, name, tensor, "f32");
    checkDenseRows(op, name, tensor);
  }
  checkSize(op, "weight", weight, 0, x.size(-1));
  if (!Number.isSafeInteger(groupSize) || groupSize < 1 || x.size(-1) % groupSize !== 0)
    throw new ShapeError(`${op}: groupSize must be a divisor of x's ${x.size(-1)} columns, got ${groupSize}`);
  const outputs = [{ shape: x.shape, dtype: "f32" }] as const;
  return programOf(op, x, gate).record(op, [x, gate, weight], outputs, { eps, groupSize })[0]!;
}
