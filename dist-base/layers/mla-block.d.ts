/** The self-attention block of DeepSeek V2 and V3, and of models made like them. */
import type { RopeConfig } from "../config/hf-rope.js";
import type { RotaryStyle } from "../ops/rotary-embedding.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
/** Named as in config.json; whole-model sizes. */
export interface MLABlockOptions {
    readonly hiddenSize: number;
    readonly numAttentionHeads: number;
    /** Every head has keys and values of its own: as many as numAttentionHeads, or undefined. */
    readonly numKeyValueHeads?: number | undefined;
    readonly kvLoraRank: number;
    /** Queries come from a latent of this size, too; undefined: straight from the hidden states. */
    readonly qLoraRank: number | undefined;
    readonly qkNopeHeadDim: number;
    readonly qkRopeHeadDim: number;
    readonly vHeadDim: number;
    readonly attentionBias: boolean;
    /** Of qkRopeHeadDim elements. */
    readonly rope: RopeConfig;
    /** Which elements form a pair. Where pairs are neighbours, HF V3 also sorts them, queries and keys alike: products are the same. */
    readonly ropeStyle: RotaryStyle;
}
/**
 * Names in the checkpoint: q_proj, or q_a_proj, q_a_layernorm and q_b_proj; kv_a_proj_with_mqa, kv_a_layernorm, kv_b_proj, o_proj.
 * Source: HF DeepseekV2Attention, DeepseekV3Attention.
 */
export declare class MLABlock<C> extends Module<C> {
    private readonly options;
    private readonly heads;
    private readonly project;
    private readonly kvAProj;
    private readonly kvANorm;
    private readonly rotaryEmb;
    private readonly attention;
    private readonly oProj;
    constructor(prefix: Prefix<C>, options: MLABlockOptions);
    /** positions [numTokens] i32, x [numTokens, hiddenSize] f32 -> [numTokens, hiddenSize] f32 */
    forward(positions: Tensor, x: Tensor): Tensor;
    private queryProjection;
}
