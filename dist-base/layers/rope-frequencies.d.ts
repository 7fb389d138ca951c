/** Inverse frequencies of the rotary types. Source: HF modeling_rope_utils.py, followed in f32 where it is f32. */
import type { RopeConfig } from "../config/hf-rope.js";
export interface RopeFrequencies {
    /** rotaryDim / 2 values, f32 */
    readonly inverse: Float32Array;
    /** Factor of all cosines and sines. */
    readonly scaling: number;
}
/**
 * Frequencies for a run of at most maxModelLen tokens. `dynamic` and `longrope` depend on it, and on nothing else, so
 * that results do not depend on chunking (HF chooses by the length of each call; vLLM by the run's limit, as here).
 */
export declare function ropeFrequencies(rope: RopeConfig, maxModelLen: number): RopeFrequencies;
/**
 * [maxPositions, rotaryDim] f32: per position rotaryDim / 2 cosines, then as many sines.
 * @throws ResourceError above 2 GiB, which only a wrong config.json asks for
 */
export declare function cosSinTable({ inverse, scaling }: RopeFrequencies, maxPositions: number): Float32Array;
