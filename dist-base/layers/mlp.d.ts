import type { ActivationKind } from "../ops/activation.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
export interface MLPOptions {
    readonly hiddenSize: number;
    readonly intermediateSize: number;
    readonly hiddenAct: ActivationKind;
    /** Names in the checkpoint: ["c_fc", "c_proj"], ["dense_h_to_4h", "dense_4h_to_h"]. */
    readonly names: readonly [up: string, down: string];
    readonly bias: boolean;
    /** True where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). */
    readonly transposed?: boolean;
}
/** Source: Vaswani et al. 2017; HF GPT2MLP and its like. */
export declare class MLP<C> extends Module<C> {
    private readonly up;
    private readonly down;
    private readonly kind;
    constructor(prefix: Prefix<C>, options: MLPOptions);
    /** x [numTokens, hiddenSize] f32 -> the same shape */
    forward(x: Tensor): Tensor;
}
