/** Ids of experts for cases: a function of the row alone. */
import type { Tensor } from "../../src/tensor/tensor.js";
import type { CaseInputs } from "./case-inputs.js";
import { createRandom, shuffled } from "./random.js";

/** How rows choose: each its own experts, mostly a few, or all the same ones. */
export type Crowd = "even" | "popular" | "same";

/** [rows.length, topK] i32: different experts for each row. */
export function expertIds(
  inputs: CaseInputs,
  rows: readonly number[],
  { numExperts, topK, crowd = "even" }: { numExperts: number; topK: number; crowd?: Crowd },
): Tensor {
  const ids = rows.flatMap((row) => {
    const all = shuffled(numExperts, crowd === "same" ? 5 : row * 7919 + 1);
    const isPopular = crowd === "popular" && createRandom(row)() < 0.8;
    return (isPopular ? [...new Set([0, ...all])] : all).slice(0, topK);
  });
  return inputs.ints("ids", ids, [rows.length, topK]);
}
