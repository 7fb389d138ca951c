/** Normalization layers. */
import type { HeadsConfig } from "../config/hf-heads.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
export interface RMSNormOptions {
    readonly hiddenSize: number;
    readonly rmsNormEps: number;
    /** Added to every weight: 1 where the checkpoint stores distances from 1 (Gemma). Default 0. */
    readonly weightOffset?: number;
    /** False: no weight in the checkpoint, nothing is multiplied. Default true. */
    readonly affine?: boolean;
}
/**
 * Root-mean-square norm over the last dimension. Options are named as in Llama's config, which fits as it is; for a norm of
 * each head: `new RMSNorm(this.at("q_norm"), { hiddenSize: heads.headDim, rmsNormEps })`, given [numTokens, heads, headDim].
 */
export declare class RMSNorm<C> extends Module<C> {
    private readonly weight;
    private readonly eps;
    private readonly weightOffset;
    constructor(prefix: Prefix<C>, options: RMSNormOptions);
    /** x [numTokens, hiddenSize] (or [numTokens, heads, hiddenSize]) f32 -> the same shape */
    forward(x: Tensor): Tensor;
}
export interface LayerNormOptions {
    readonly hiddenSize: number;
    readonly eps: number;
    /** False: no bias in the checkpoint. Default true. */
    readonly bias?: boolean;
    /** False: neither weight nor bias. Default true. */
    readonly affine?: boolean;
    /** Added to every weight: 1 where the checkpoint stores distances from 1 (Nemotron). Default 0. */
    readonly weightOffset?: number;
}
/** Layer norm over the last dimension. */
export declare class LayerNorm<C> extends Module<C> {
    private readonly weight;
    private readonly bias;
    private readonly eps;
    /** The offset in every place: a weight of its own. */
    private readonly offsets;
    constructor(prefix: Prefix<C>, options: LayerNormOptions);
    /** x [numTokens, hiddenSize] f32 -> the same shape */
    forward(x: Tensor): Tensor;
}
export interface HeadLayerNormOptions extends Omit<HeadsConfig, "size"> {
    readonly eps: number;
    /** Whose heads they are. */
    readonly of: "query" | "key";
    /** Where the checkpoint has one vector a head, instead of a matrix `weight`: `norms` for norms.0.weight, norms.1.weight … */
    readonly list?: string;
}
/** Layer norm of each head, with a weight of its own for each and no bias. Takes whole-model heads; holds this rank's. */
export declare class HeadLayerNorm<C> extends Module<C> {
    private readonly weight;
    private readonly eps;
    constructor(prefix: Prefix<C>, options: HeadLayerNormOptions);
    /** x [numTokens, heads, headDim] f32 of this rank -> the same shape */
    forward(x: Tensor): Tensor;
}
