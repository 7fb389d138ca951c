/** The mixer of Mamba-1: convolution, selective scan and gate between two projections; one state a request. */
import type { ActivationKind } from "../ops/activation.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
export interface MambaMixerOptions {
    readonly hiddenSize: number;
    readonly intermediateSize: number;
    readonly stateSize: number;
    readonly convKernel: number;
    readonly timeStepRank: number;
    /** Of in_proj and out_proj. */
    readonly useBias: boolean;
    readonly useConvBias: boolean;
    /** After the convolution; the gate is always silu. */
    readonly hiddenAct: ActivationKind;
    /** Epsilon of norms without weight on time step, B and C (FalconMamba); undefined: no such norms. */
    readonly mixerRmsEps?: number | undefined;
}
/**
 * Names in the checkpoint: in_proj, conv1d, x_proj, dt_proj, A_log, D, out_proj. Channels are cut over ranks.
 * Source: Gu and Dao 2023; HF MambaMixer, FalconMambaMixer.
 */
export declare class MambaMixer<C> extends Module<C> {
    private readonly options;
    private readonly inProj;
    private readonly conv1d;
    private readonly xProj;
    private readonly dtProj;
    private readonly norms;
    private readonly a;
    private readonly d;
    private readonly outProj;
    constructor(prefix: Prefix<C>, options: MambaMixerOptions);
    /** x [numTokens, hiddenSize] f32 -> the same shape */
    forward(x: Tensor): Tensor;
}
