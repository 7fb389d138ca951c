/** Root-mean-square norm of a gated value, over groups of a row. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
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
export declare function gatedRmsNorm(x: Tensor, gate: Tensor, weight: Parameter, eps: number, groupSize?: number): Tensor;
