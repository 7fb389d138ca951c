import type { RawConfig } from "./raw-config.js";
export declare const ropeTypes: readonly ["default", "linear", "dynamic", "llama3", "yarn", "longrope"];
export type RopeType = (typeof ropeTypes)[number];
export interface RopeConfig {
    readonly ropeType: RopeType;
    readonly theta: number;
    /** Elements of a head that are rotated: headDim * partial_rotary_factor, rounded up to an even number. */
    readonly rotaryDim: number;
    /** The same before it is rounded up: frequencies are theta to the power of -2 i / frequencyDim. */
    readonly frequencyDim: number;
    readonly maxPositionEmbeddings: number;
    /** Length the model was trained with before it was stretched. */
    readonly originalMaxPositionEmbeddings: number;
    readonly factor: number;
    readonly lowFreqFactor: number;
    readonly highFreqFactor: number;
    readonly betaFast: number;
    readonly betaSlow: number;
    readonly truncate: boolean;
    readonly attentionFactor: number | undefined;
    readonly mscale: number | undefined;
    readonly mscaleAllDim: number | undefined;
    readonly shortFactor: readonly number[] | undefined;
    readonly longFactor: readonly number[] | undefined;
}
/** What a model's config.json has that is not as most have it. */
export interface RopeOptions {
    /** The entry of a rope_parameters that has one for each layer type: "full_attention", "sliding_attention" (Gemma 3). */
    readonly layerType?: string | undefined;
    /** Default of the base, else 10000. */
    readonly theta?: number | undefined;
    /** Top-level names of the base, else rope_theta; the first found counts. */
    readonly thetaFrom?: readonly string[] | undefined;
    /** Default of partial_rotary_factor, else 1. */
    readonly partialRotaryFactor?: number | undefined;
    /** Top-level names of partial_rotary_factor; the first found counts. */
    readonly partialFrom?: readonly string[] | undefined;
    /** The field that says how many elements of a head are rotated, instead of partial_rotary_factor (GPT-J). */
    readonly rotaryDimFrom?: string | undefined;
    /** Elements of a head that has only rotated ones, instead of head_dim (DeepSeek). */
    readonly headDim?: number | undefined;
    /** Default of head_dim, else hidden_size / num_attention_heads; as given to f.heads(). */
    readonly defaultHeadDim?: number | undefined;
    /** False where the older rope_scaling is meant for layers of another type (Gemma 3's local layers). Default true. */
    readonly scaled?: boolean | undefined;
    /** Default of original_max_position_embeddings, else max_position_embeddings. */
    readonly originalMaxPositionEmbeddings?: number | undefined;
}
/** All sets of rope settings: one, or one for each layer type. */
export declare function ropeParameters(raw: RawConfig): RawConfig[];
/** @throws ConfigError when a field is missing for the rope type, or wrong */
export declare function readRope(raw: RawConfig, options?: RopeOptions): RopeConfig;
