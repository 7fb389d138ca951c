/** Attention heads from config.json. */
import type { RawConfig } from "./raw-config.js";
/** Heads of one attention layer, whole model (not one rank's part). */
export interface HeadsConfig {
    readonly numHeads: number;
    readonly numKvHeads: number;
    readonly headDim: number;
    /** numHeads * headDim: columns of the query, inputs of the output projection */
    readonly size: number;
}
/**
 * @param defaults head_dim where config.json has none; without one it is hidden_size / num_attention_heads
 * @throws ConfigError when heads are missing or do not divide
 */
export declare function readHeads(raw: RawConfig, defaults?: {
    readonly headDim?: number | undefined;
}): HeadsConfig;
