/** The selective scan of Mamba-1: a linear recurrence over each request's tokens, with a state per channel. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StateMetadata } from "./step.js";
export interface SelectiveScanInputs {
    /** [numTokens, channels] f32: what enters the state; rows may be strided, as of all of these */
    readonly x: Tensor;
    /** [numTokens, channels] f32: time steps before softplus, bias included */
    readonly dt: Tensor;
    /** [stateSize, channels] f32, negative: -exp(A_log), transposed */
    readonly a: Parameter;
    /** [numTokens, stateSize] f32: what goes in */
    readonly b: Tensor;
    /** [numTokens, stateSize] f32: what is read out */
    readonly c: Tensor;
    /** [channels] f32: the part of x that passes by */
    readonly d: Parameter;
    /** [numTokens, channels] f32: the gate */
    readonly z?: Tensor;
}
/**
 * For each request, token by token, channel by channel, with s = softplus(dt[t]):
 * h[n] = exp(s * a[n]) * h[n] + (s * x[t]) * b[t, n]; y[t] = (sum over n of h[n] * c[t, n] + d * x[t]) * silu(z[t]).
 *
 * @param state [numSlots, stateSize, channels] f32; read and written. A request whose first row of the step stands at
 *              position 0 starts from zeros
 * @returns     y: [numTokens, channels] f32, dense, in the program of x; rows of no request are zeros
 * @throws ShapeError if shapes do not fit
 * The recurrence is computed as it stands, also for many tokens at once; n ascending, one accumulator, in f32. So results do
 * not depend on how tokens are cut into steps. Source: Gu and Dao 2023, algorithm 2; HF mamba_selective_scan.
 */
export declare function selectiveScan(inputs: SelectiveScanInputs, state: Tensor, metadata: StateMetadata): Tensor;
