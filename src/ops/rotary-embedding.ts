/** Rotary position embedding. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";

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
export function rotaryEmbedding(positions: Tensor, x: Tensor, cosSin: Parameter, style: RotaryStyle): Tensor {
  checkRank("rotaryEmbedding", "x", x, 3);
  checkDType("rotaryEmbedding", "x", x, "f32");
  checkRank("rotaryEmbedding", "cosSin", cosSin, 2);
  checkSize("rotaryEmbedding", "positions", positions, 0, x.size(0));
  const rotaryDim = cosSin.size(1);
  if (rotaryDim % 2 !== 0 || rotaryDim > x.size(2))
    throw new ShapeError(`rotaryEmbedding: rotaryDim ${rotaryDim} must be even and at most headDim ${x.size(2)}`);
  return programOf("rotaryEmbedding", positions, x).record(
    "rotaryEmbedding",
    [positions, x, cosSin],
    [{ shape: x.shape, dtype: "f32" }],
    { style },
  )[0]!;
}
