import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
/** Sizes as config.json names them; whole-model counts. */
export interface MLAAttentionOptions {
    readonly numHeads: number;
    /** Elements of a latent. */
    readonly kvLoraRank: number;
    /** Of a head's query and key: without and with a rotation. */
    readonly qkNopeHeadDim: number;
    readonly qkRopeHeadDim: number;
    /** Of a head's value. */
    readonly vHeadDim: number;
    /** Factor of q k^T, before softmax. */
    readonly scale: number;
}
/**
 * Causal attention whose cache holds a latent and a rotated key part a token, for all heads. The projection from latents to keys and
 * values, `kv_b_proj` beside this module, is never applied to the cache: its key half goes to the queries, its value half to the
 * result, in prefill and decoding alike, so results are the same bits in any batch. It stays in the model's dtype.
 * Works on this rank's heads; the cache is whole on every rank. Source: DeepSeek-V2, section 2.1; vLLM MLAAttention.
 */
export declare class MLAAttention<C> extends Module<C> {
    private readonly scale;
    private readonly keyWeight;
    private readonly valueWeight;
    constructor(prefix: Prefix<C>, options: MLAAttentionOptions);
    /**
     * Writes the step's latents into the cache, then attends.
     *
     * @param qNope  [numTokens, heads, qkNopeHeadDim] f32 of this rank
     * @param qRope  [numTokens, heads, qkRopeHeadDim] f32, rotated
     * @param latent [numTokens, kvLoraRank] f32, normed
     * @param kRope  [numTokens, 1, qkRopeHeadDim] f32, rotated
     * @returns [numTokens, heads * vHeadDim] f32
     */
    forward(qNope: Tensor, qRope: Tensor, latent: Tensor, kRope: Tensor): Tensor;
}
