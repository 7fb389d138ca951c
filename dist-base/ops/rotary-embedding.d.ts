/** Rotary position embedding. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
/** `neox`: element i is rotated with i + rotaryDim / 2 (HF Llama); `gptj`: 2i with 2i + 1. */
export type RotaryStyle = "neox" | "gptj";
/**
 * Rotates the first rotaryDim elements of every head by its row's position; the rest is copied.
 *
 * @param positions [numTokens] i32
 * @param x         [numTokens, heads, headDim] f32, rows may be strided, heads dense
 * @param cosSin    [maxPositions, rotaryDim] f32: rotaryDim / 2 cosines, then as many sines
 * @param style     which elements form a pair
 * @returns         shape of x, f32, dense, in the program of x
 * @throws ShapeError if rotaryDim is odd or larger than headDim
 * (a, b) becomes (a cos - b sin, b cos + a sin), in f32. Source: Su et al. 2021; HF apply_rotary_pos_emb.
 */
export declare function rotaryEmbedding(positions: Tensor, x: Tensor, cosSin: Parameter, style: RotaryStyle): Tensor;
