/** Gathers embedding rows. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
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
export declare function embedding(ids: Tensor, weight: Parameter, rowStart?: number): Tensor;
