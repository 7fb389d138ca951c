/** Rotary position embedding as a layer: one table for the whole model. */
import type { RopeConfig } from "../config/hf-rope.js";
import type { RotaryStyle } from "../ops/rotary-embedding.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
/**
 * Rotates queries and keys, `f.rope()` says how: type, base, stretching, and how many elements of a head (partial rotary).
 * Layers with the same settings share one table.
 */
export declare class RotaryEmbedding<C> extends Module<C> {
    private readonly cosSin;
    private readonly style;
    constructor(prefix: Prefix<C>, rope: RopeConfig, options?: {
        style?: RotaryStyle;
    });
    /** positions [numTokens] i32; q, k [numTokens, heads, headDim] f32 -> q, k rotated */
    forward(positions: Tensor, q: Tensor, k: Tensor): [q: Tensor, k: Tensor];
}
