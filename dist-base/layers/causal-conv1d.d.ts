import type { ActivationKind } from "../ops/activation.js";
import type { StateMetadata } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
export interface CausalConv1dOptions {
    /** Channels of each part of the input, whole model: each part is cut over ranks. Their sum is nn.Conv1d's in_channels. */
    readonly channels: readonly number[];
    readonly kernelSize: number;
    readonly bias: boolean;
    readonly activation: ActivationKind;
}
/** `nn.Conv1d(channels, channels, kernelSize, groups=channels)` over the tokens of each request, then an activation. */
export declare class CausalConv1d<C> extends Module<C> {
    /** What it keeps of a request: `declareState(prefix, { conv: conv1d.stateShape })`. */
    readonly stateShape: readonly [number, number];
    private readonly weight;
    private readonly bias;
    private readonly activation;
    constructor(prefix: Prefix<C>, { channels, kernelSize, bias, activation }: CausalConv1dOptions);
    /** x [numTokens, channels of this rank] f32 -> the same shape; `state`: the tensor of stateShape's state */
    forward(x: Tensor, state: Tensor, metadata: StateMetadata): Tensor;
}
