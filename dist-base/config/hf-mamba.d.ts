/** Fields of config.json that state-space models share and that are more than one value. */
import type { RawConfig } from "./raw-config.js";
/** Sizes of a Mamba-1 mixer. */
export interface MambaSizes {
    /** Channels between the projections. */
    readonly intermediateSize: number;
    /** Columns of what the time steps are projected from. */
    readonly timeStepRank: number;
}
/** Heads of a Mamba-2 mixer. */
export interface Mamba2Heads {
    readonly numHeads: number;
    readonly headDim: number;
    /** Groups of heads that share B and C. */
    readonly nGroups: number;
}
/**
 * intermediate_size (default: expand * hidden_size) and time_step_rank ("auto": hidden_size / 16, rounded up).
 * Source: HF MambaConfig. @throws ConfigError
 */
export declare function mambaSizes(raw: RawConfig): MambaSizes;
/**
 * num_heads, head_dim and n_groups. Source: HF Mamba2Config.
 * @throws ConfigError unless num_heads * head_dim is expand * hidden_size, and n_groups divides num_heads
 */
export declare function mamba2Heads(raw: RawConfig): Mamba2Heads;
/**
 * time_step_limit, [least, greatest] time step, default [0, infinity]; infinity is `Infinity` or {"__float__": "Infinity"}.
 * @throws ConfigError unless they are two numbers in order
 */
export declare function timeStepLimit(raw: RawConfig): readonly [min: number, max: number];
