import type { Range } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import type { HeadsConfig } from "../config/hf-heads.js";
import type { LinearPart, LinearWeight } from "./linear-method.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import type { QKVSources } from "./qkv-parts.js";
export interface LinearOptions {
    /** Columns of the weight, whole model. */
    readonly inputSize: number;
    /** Rows of the weight, whole model. */
    readonly outputSize: number;
    readonly bias?: boolean;
    /** True where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). */
    readonly transposed?: boolean;
}
/** What the five layers share: a weight by its method, a bias, and the product. */
declare abstract class LinearBase<C> extends Module<C> {
    protected readonly weight: LinearWeight;
    protected readonly bias: Parameter | undefined;
    /** This rank's sizes. */
    readonly inputSize: number;
    readonly outputSize: number;
    constructor(prefix: Prefix<C>, inputSize: number, parts: readonly LinearPart[], bias: boolean, method?: import("./linear-method.js").LinearMethod);
    protected multiply(x: Tensor): Tensor;
}
/** The whole weight on every rank. */
export declare class ReplicatedLinear<C> extends LinearBase<C> {
    constructor(prefix: Prefix<C>, { inputSize, outputSize, bias, transposed }: LinearOptions);
    /** x [numTokens, inputSize] f32 -> [numTokens, outputSize] f32 */
    forward(x: Tensor): Tensor;
}
/** The scores of experts, from the whole weight on every rank, which is never quantized: a mixture's `gate` or `router`. */
export declare class RouterLinear<C> extends LinearBase<C> {
    constructor(prefix: Prefix<C>, { inputSize, outputSize, bias }: Omit<LinearOptions, "transposed">);
    /** x [numTokens, inputSize] f32 -> router logits [numTokens, outputSize] f32 */
    forward(x: Tensor): Tensor;
}
/** Output rows are cut over ranks; the result is this rank's columns. */
export declare class ColumnParallelLinear<C> extends LinearBase<C> {
    constructor(prefix: Prefix<C>, { inputSize, outputSize, bias, transposed }: LinearOptions);
    /** x [numTokens, inputSize] f32 -> [numTokens, outputSize / worldSize] f32 */
    forward(x: Tensor): Tensor;
}
export interface MergedColumnOptions {
    readonly inputSize: number;
    readonly outputSizes: readonly number[];
    readonly bias?: boolean;
    /** Siblings, one for each of outputSizes; not with `fused`. */
    readonly parts?: readonly string[];
    /** The checkpoint has one matrix under the layer's own name, one part's rows below the other's (Phi-3, GLM-4). */
    readonly fused?: "stacked" | undefined;
    /** True where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). */
    readonly transposed?: boolean;
}
/**
 * Several column-parallel matrices with the same input, multiplied as one. Sources are its siblings named in `parts`, by
 * default `gate_proj` and `up_proj`, and its own name is not in the checkpoint; or one matrix of its own name (`fused`).
 */
export declare class MergedColumnParallelLinear<C> extends LinearBase<C> {
    constructor(prefix: Prefix<C>, options: MergedColumnOptions);
    /** x [numTokens, inputSize] f32 -> [numTokens, sum(outputSizes) / worldSize] f32: the parts' columns in order */
    forward(x: Tensor): Tensor;
}
/** Heads of one rank. */
export interface RankHeads {
    readonly numHeads: number;
    readonly numKvHeads: number;
    readonly headDim: number;
}
/**
 * This rank's heads; KV heads are replicated where there are fewer than ranks.
 * @throws ConfigError if a count is wrong, query heads are no multiple of KV heads, or they do not divide over ranks
 */
export declare function rankHeads(prefix: Prefix, heads: Omit<HeadsConfig, "size">): RankHeads & {
    q: Range;
    kv: Range;
};
/**
 * Query, key and value projections as one product. Sources are its siblings `q_proj`, `k_proj`, `v_proj`, or the three names
 * in `parts`, and its own name is not in the checkpoint; or one matrix of its own name (`fused`). Takes the fields of
 * `f.heads()`.
 */
export declare class QKVParallelLinear<C> extends LinearBase<C> {
    private readonly heads;
    constructor(prefix: Prefix<C>, options: Omit<HeadsConfig, "size"> & QKVSources & {
        inputSize: number;
        bias?: boolean;
    });
    /** x [numTokens, inputSize] f32 -> q, k, v of this rank: [numTokens, heads, headDim] f32, views of one product */
    forward(x: Tensor): [q: Tensor, k: Tensor, v: Tensor];
}
/** Input columns are cut over ranks; results are summed over ranks, the bias is added once (by rank 0). */
export declare class RowParallelLinear<C> extends LinearBase<C> {
    constructor(prefix: Prefix<C>, { inputSize, outputSize, bias, transposed }: LinearOptions);
    /** x [numTokens, inputSize / worldSize] f32 (or [numTokens, heads, headDim]) -> [numTokens, outputSize] f32 */
    forward(x: Tensor): Tensor;
}
export {};
