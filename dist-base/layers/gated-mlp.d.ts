import type { ActivationKind } from "../ops/activation.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
/**
 * Names in the checkpoint: gate_proj, up_proj, down_proj; with `fused: "stacked"` gate_up_proj, down_proj. A config with
 * hiddenSize, intermediateSize and hiddenAct fits as it is. Source: Shazeer 2020; HF LlamaMLP.
 */
export declare class GatedMLP<C> extends Module<C> {
    private readonly gateUpProj;
    private readonly downProj;
    private readonly kind;
    constructor(prefix: Prefix<C>, options: {
        hiddenSize: number;
        intermediateSize: number;
        hiddenAct: ActivationKind;
        mlpBias?: boolean;
        fused?: "stacked" | undefined;
    });
    /** x [numTokens, hiddenSize] f32 -> the same shape */
    forward(x: Tensor): Tensor;
}
