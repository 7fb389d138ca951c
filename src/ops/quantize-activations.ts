/** The inputs of a quantized product, rounded as its scheme rounds them. */
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows, checkRank } from "./check.js";
import { programOf } from "./program.js";

/** Whole numbers -128 .. 127, or float8_e4m3fn. */
export type QuantizedType = "int8" | "fp8";

export interface ActivationScales {
  readonly type: QuantizedType;
  /** Columns that share a scale, counted from column 0; the last ones may be fewer. 0: the whole row. */
  readonly groupSize?: number;
  /** A scale for everything, in place of each group's own. Above 0. */
  readonly scale?: number;
  /** With `scale` and int8: the whole number that stands for 0. Default 0. */
  readonly zeroPoint?: number;
}

/** The smallest dynamic scale of fp8: for whole rows, and for groups. */
export const MIN_FP8_SCALE = { row: 1 / (448 * 512), group: 1e-10 } as const;

/**
 * Each element as the number that its quantized form stands for.
 *
 * int8:  scale = max|x| / 127 of the group; q = x / scale rounded (halves to even), brought into -128 .. 127; q * scale.
 *        A group of zeros stays zero. With a scale of the checkpoint: (clamp(round(x / scale) + zeroPoint) - zeroPoint) * scale.
 * fp8:   scale = max(max|x| / 448, the smallest); q = e4m3(clamp(x / scale, -448, 448)), nearest, halves to even; q * scale.
 *
 * @param x [numTokens, size] f32, rows may be strided
 * @returns shape of x, f32, dense, in the program of x
 * @throws ShapeError for a wrong group size, scale or zero point
 * All steps in f32. NaN stays NaN and counts for no maximum. Source: vLLM scaled_int8_quant, compressed-tensors, DeepSeek-V3's act_quant.
 */
export function quantizeActivations(
  x: Tensor,
  { type, groupSize = 0, scale = 0, zeroPoint = 0 }: ActivationScales,
): Tensor {
  checkRank("quantizeActivations", "x", x, 2);
  checkDType("quantizeActivations", "x", x, "f32");
  checkDenseRows("quantizeActivations", "x", x);
  if (!Number.isSafeInteger(groupSize) || groupSize < 0)
    throw new ShapeError(`quantizeActivations: groupSize must be 0 or a number of columns, got ${groupSize}`);
  if (!(scale >= 0 && Number.isFinite(scale)))
    throw new ShapeError(`quantizeActivations: scale must be above 0, got ${scale}`);
  const isZeroPoint = Number.isSafeInteger(zeroPoint) && zeroPoint >= -128 && zeroPoint <= 127;
  if (!isZeroPoint || (zeroPoint !== 0 && (type !== "int8" || scale === 0)))
    throw new ShapeError(`quantizeActivations: zeroPoint ${zeroPoint} needs int8, a scale, and -128 .. 127`);
  const minScale = groupSize === 0 ? MIN_FP8_SCALE.row : MIN_FP8_SCALE.group;
  const attributes = { type, groupSize, scale, zeroPoint, minScale };
  return programOf("quantizeActivations", x).record(
    "quantizeActivations",
    [x],
    [{ shape: x.shape, dtype: "f32" }],
    attributes,
  )[0]!;
}
