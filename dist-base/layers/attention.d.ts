/** Attention over the paged KV cache; the cache is found by the layer's prefix. */
import type { HeadsConfig } from "../config/hf-heads.js";
import type { AlibiRounding } from "../ops/attention.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
export interface AttentionOptions extends Omit<HeadsConfig, "size"> {
    /** Factor of q k^T, before softmax; usually headDim ** -0.5. */
    readonly scale: number;
    /** A row sees itself and slidingWindow - 1 rows before it; undefined or 0: all. */
    readonly slidingWindow?: number | undefined;
    /** A row sees the rows of its own chunk of the request, up to itself (Llama 4); undefined or 0: all. */
    readonly attentionChunkSize?: number | undefined;
    /** Scaled products x become cap * tanh(x / cap) (Gemma 2); undefined or 0: they stay. */
    readonly logitSoftcap?: number | undefined;
    /** Name of a parameter [numHeads] beside this module, "sinks" in gpt-oss: a product of each head that has no value. */
    readonly sinks?: string | undefined;
    /**
     * Linear biases by the distance to the query, with ALiBi's published slopes. `scale` is a factor of theirs, for models that
     * scale products and biases together; rounding "bf16" computes them in bfloat16 as Falcon does.
     */
    readonly alibi?: boolean | {
        readonly scale?: number;
        readonly rounding?: AlibiRounding;
    } | undefined;
}
/** Causal self-attention with grouped KV heads. Takes whole-model head counts; works on this rank's. */
export declare class Attention<C> extends Module<C> {
    private readonly options;
    constructor(prefix: Prefix<C>, options: AttentionOptions);
    /**
     * Writes k and v into the cache, then attends.
     *
     * @param q [numTokens, heads, headDim] f32 of this rank @param k, v [numTokens, kvHeads, headDim] f32
     * @returns [numTokens, heads * headDim] f32
     */
    forward(q: Tensor, k: Tensor, v: Tensor): Tensor;
}
