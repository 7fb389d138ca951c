import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
export interface GatedRMSNormOptions {
    /** Columns, whole model: cut over ranks. */
    readonly hiddenSize: number;
    readonly rmsNormEps: number;
    /** Neighbours that share one mean: hiddenSize / groups. Default: hiddenSize. */
    readonly groupSize?: number;
}
/** RMS norm of x * silu(gate), over groups of columns. HF MambaRMSNormGated; Zamba2RMSNormGated has groups. */
export declare class GatedRMSNorm<C> extends Module<C> {
    private readonly weight;
    private readonly eps;
    private readonly groupSize;
    constructor(prefix: Prefix<C>, { hiddenSize, rmsNormEps, groupSize }: GatedRMSNormOptions);
    /** x, gate [numTokens, hiddenSize / worldSize] f32 -> the same shape */
    forward(x: Tensor, gate: Tensor): Tensor;
}
