/** The scan of Mamba-2: a linear recurrence over each request's tokens, with one decay per head. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StateMetadata } from "./step.js";
export interface SsdScanInputs {
    /** [numTokens, heads, headDim] f32: what enters the state; rows may be strided, as of all of these */
    readonly x: Tensor;
    /** [numTokens, heads] f32: time steps before bias and softplus */
    readonly dt: Tensor;
    /** [heads] f32 */
    readonly dtBias: Parameter;
    /** [heads] f32, negative: -exp(A_log) */
    readonly a: Parameter;
    /** [numTokens, groups, stateSize] f32: what goes in; groups divide heads, neighbouring heads share one */
    readonly b: Tensor;
    /** shape of b: what is read out */
    readonly c: Tensor;
    /** [heads] f32: the part of x that passes by */
    readonly d: Parameter;
}
/**
 * For each request, token by token, head by head, with s = min(max(softplus(dt[t] + dtBias), dtMin), dtMax):
 * h[n, p] = exp(s * a) * h[n, p] + (s * x[t, p]) * b[t, n]; y[t, p] = sum over n of h[n, p] * c[t, n] + d * x[t, p].
 *
 * @param state   [numSlots, heads, stateSize, headDim] f32; read and written. A request whose first row of the step stands
 *                at position 0 starts from zeros
 * @param options dtMin, dtMax: limits of the time step, default 0 and infinity
 * @returns       y: [numTokens, heads * headDim] f32, dense, in the program of x; rows of no request are zeros
 * @throws ShapeError if shapes do not fit
 * The recurrence is computed as it stands, also for many tokens at once (the chunked form would round otherwise, by chunk);
 * n ascending, one accumulator, in f32. So results do not depend on how tokens are cut into steps.
 * Source: Dao and Gu 2024, section 6; HF mamba2_chunk_scan.
 */
export declare function ssdScan(inputs: SsdScanInputs, state: Tensor, metadata: StateMetadata, options?: {
    dtMin?: number;
    dtMax?: number;
}): Tensor;
