/** gpt-oss's gated activation. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * Clamped gated activation of a merged gate/up product: (u + 1) * g * sigmoid(alpha * g), with g = min(gate, limit) and u = up
 * clamped to -limit .. limit.
 *
 * @param x     [numTokens, 2 n] f32: gate columns, then up columns; rows may be strided
 * @param alpha factor inside the sigmoid: 1.702
 * @param limit of gate (from above) and up (both sides): 7
 * @returns     [numTokens, n] f32, dense, in the program of x
 * @throws ShapeError if the last dimension is odd
 * Source: HF GptOssExperts.
 */
export declare function clampedSwiglu(x: Tensor, alpha: number, limit: number): Tensor;
