/**
 * The form of the conformance tables. Each `<op>.cases.ts` exports `op` (the op's name) and `cases`, a list of OpCase.
 * The same tables serve correctness (conformance.test.ts) and benchmarks (bench/ops.ts) on every platform.
 */
import type { Tensor } from "../../src/tensor/tensor.js";
import type { CaseInputs } from "./case-inputs.js";

export interface OpCase {
  /** Unique in its table; says what is special. */
  readonly name: string;
  /** Rows (tokens) of the whole case. */
  readonly rows: number;
  /**
   * Records the op over `rows`, indices of 0 .. this.rows - 1 in any order and mix. Whatever belongs to row r must be made
   * from r alone (`inputs.rows` does that), so that each row can be compared bit for bit between mixes.
   * Returns the outputs to compare; the first dimension of each is rows.length.
   */
  record(inputs: CaseInputs, rows: readonly number[]): Tensor[];
  /** Largest allowed |value - reference|, in units of the largest |reference| of that row. 0: equal. */
  readonly tolerance: number;
  /** Differences up to this are allowed whatever the scale; for values that a platform flushes to zero. Default 0. */
  readonly absolute?: number;
  /** False where rows of one record depend on each other by design. Default true. */
  readonly rowInvariant?: boolean;
  /** Too large for tests: only the benchmark runs it. */
  readonly benchOnly?: boolean;
  /** Rows that the benchmark computes. Default: all. */
  readonly benchRows?: readonly number[];
  /** Bytes that the op has to read and write, for the benchmark's GB/s. Default: tensors of the record. */
  readonly bytes?: number;
}

export interface CaseTable {
  readonly op: string;
  readonly cases: readonly OpCase[];
}

/** 0, 1 .. count - 1 */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
