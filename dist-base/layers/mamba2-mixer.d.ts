/** The mixer of Mamba-2: one projection, convolution, a scan of heads, a gated norm; one state a request. */
import type { ActivationKind } from "../ops/activation.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
export interface Mamba2MixerOptions {
    readonly hiddenSize: number;
    readonly numHeads: number;
    readonly headDim: number;
    /** Groups of heads that share B and C; divides numHeads. */
    readonly nGroups: number;
    readonly stateSize: number;
    readonly convKernel: number;
    /** Of in_proj and out_proj. */
    readonly useBias: boolean;
    readonly useConvBias: boolean;
    /** After the convolution; the gate is always silu. */
    readonly hiddenAct: ActivationKind;
    /** Least and greatest time step. */
    readonly timeStepLimit: readonly [min: number, max: number];
    readonly rmsNormEps: number;
    /** Columns that share one mean in the gated norm; default: all. */
    readonly normGroupSize?: number;
}
/**
 * Names in the checkpoint: in_proj, conv1d, dt_bias, A_log, D, norm, out_proj. Heads and groups are cut over ranks.
 * Source: Dao and Gu 2024; HF Mamba2Mixer.
 */
export declare class Mamba2Mixer<C> extends Module<C> {
    private readonly options;
    /** Columns of this rank. */
    private readonly sizes;
    private readonly inProj;
    private readonly conv1d;
    private readonly dtBias;
    private readonly a;
    private readonly d;
    private readonly norm;
    private readonly outProj;
    constructor(prefix: Prefix<C>, options: Mamba2MixerOptions);
    /** x [numTokens, hiddenSize] f32 -> the same shape */
    forward(x: Tensor): Tensor;
    private declareVector;
}
