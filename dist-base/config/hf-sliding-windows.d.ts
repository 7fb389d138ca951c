/** Which layers have a sliding window, from config.json in its three spellings. */
import type { RawConfig } from "./raw-config.js";
export interface SlidingWindowDefaults {
    /** sliding_window where config.json has none; null there means none at all. */
    readonly window?: number;
    /** sliding_window_pattern where config.json has none: every pattern-th layer sees everything. Default 1: all do. */
    readonly pattern?: number;
    /** The flag without which no layer slides, and which is off where config.json has none (Qwen). */
    readonly enabledBy?: string;
    /** With a pattern: the layer from which on all see everything, and the field that may say so. */
    readonly end?: {
        readonly from: string;
        readonly fallback: number;
    };
    /** Instead of a pattern: how many layers see everything before the first that slides, and the field that may say so. */
    readonly first?: {
        readonly from?: string;
        readonly fallback: number;
    };
}
/**
 * One entry a layer: its window in tokens, undefined where it sees everything. layer_types says which layers slide; without it
 * sliding_window_pattern does: a number n (every n-th sees everything), or "LLLG" over and over (the last layer is always G).
 * @throws ConfigError for other layer types, a list of another length, or a layer that slides without sliding_window
 */
export declare function readSlidingWindows(raw: RawConfig, defaults?: SlidingWindowDefaults): readonly (number | undefined)[];
