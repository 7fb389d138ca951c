/** Gathers embedding rows. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkDType, checkRank } from "./check.js";
import { programOf } from "./program.js";

/**
 * Rows of an embedding matrix: out[i] = weight[ids[i] - rowStart], or zeros where the row is not in this matrix.
 *
 * @param ids      [numTokens] i32
 * @param weight   [numRows, hiddenSize] f32 | bf16, matrix or row-major layout
 * @param rowStart id of the matrix's first row: this rank's part of a vocabulary; an offset such as OPT's 2 is negative
 * @returns        [numTokens, hiddenSize] f32, in the program of ids
 * @throws ShapeError if ids is not a list of i32 or weight not a matrix
 * Source: HF nn.Embedding; vLLM VocabParallelEmbedding for the masked rows.
 */
export function embedding(ids: Tensor, weight: Parameter, rowStart = 0): Tensor {
  checkRank("embedding", "ids", ids, 1);
  checkDType("embedding", "ids", ids, "i32");
  checkRank("embedding", "weight", weight, 2);
  checkDType("embedding", "weight", weight, "f32", "bf16");
  const shape = [ids.size(0), weight.size(1)];
  return programOf("embedding", ids).record("embedding", [ids, weight], [{ shape, dtype: "f32" }], {
    rowStart,
    layout: weight.layout,
  })[0]!;
}
