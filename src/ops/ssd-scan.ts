/** The scan of Mamba-2: a linear recurrence over each request's tokens, with one decay per head. */
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";
import { stateInputs } from "./state-rows.js";
import type { StateMetadata } from "./step.js";

export interface SsdScanInputs {
  /** [numTokens, heads, headDim] f32: what enters the state; rows may be strided, as of all of these */
  readonly x: Tensor;
  /** [numTokens, heads] f32: time steps before bias and softplus */
  readonly dt: Tensor;
  /** [heads] f32 */
  readonly dtBias: Parameter;
  /** [heads] f32, negative: -exp(A_log) */
  readonly a: Parameter;
  /** [numTokens, groups, stateSize] f32: what goes in; groups divide heads, neighbouring heads share one */
  readonly b: Tensor;
  /** shape of b: what is read out */
  readonly c: Tensor;
  /** [heads] f32: the part of x that passes by */
  readonly d: Parameter;
}

/**
 * For each request, token by token, head by head, with s = min(max(softplus(dt[t] + dtBias), dtMin), dtMax):
 * h[n, p] = exp(s * a) * h[n, p] + (s * x[t, p]) * b[t, n]; y[t, p] = sum over n of h[n, p] * c[t, n] + d * x[t, p].
 *
 * @param state   [numSlots, heads, stateSize, headDim] f32; read and written. A request whose first row of the step stands
 *                at position 0 starts from zeros
 * @param options dtMin, dtMax: limits of the time step, default 0 and infinity
 * @returns       y: [numTokens, heads * headDim] f32, dense, in the program of x; rows of no request are zeros
 * @throws ShapeError if shapes do not fit
 * The recurrence is computed as it stands, also for many tokens at once (the chunked form would round otherwise, by chunk);
 * n ascending, one accumulator, in f32. So results do not depend on how tokens are cut into steps.
 * Source: Dao and Gu 2024, section 6; HF mamba2_chunk_scan.
 */
export function ssdScan(
  inputs: SsdScanInputs,
  state: Tensor,
  metadata: StateMetadata,
  options: { dtMin?: number; dtMax?: number } = {},
): Tensor {
  const op = "ssdScan";
  const { x, dt, dtBias, a, b, c, d } = inputs;
  for (const [name, tensor, rank] of [
    ["x", x, 3],
    ["dt", dt, 2],
    ["b", b, 3],
    ["c", c, 3],
  ] as const) {
    checkRank(op, name, tensor, rank);
    checkDType(op, name, tensor, "f32");
    checkDenseRows(op, name, tensor);
    checkSize(op, name, tensor, 0, x.size(0));
  }
  const [heads, headDim, groups, stateSize] = [x.size(1), x.size(2), b.size(1), b.size(2)];
  if (heads % groups !== 0) throw new ShapeError(`${op}: ${heads} heads are not a multiple of ${groups} groups of b`);
  checkSize(op, "dt", dt, 1, heads);
  checkSize(op, "c", c, 1, groups);
  checkSize(op, "c", c, 2, stateSize);
  for (const [name, parameter] of Object.entries({ dtBias, a, d })) checkSize(op, name, parameter, 0, heads);
  const tensors = [x, dt, dtBias, a, b, c, d, ...stateInputs(op, state, [heads, stateSize, headDim], metadata)];
  const { dtMin = 0, dtMax = Infinity } = options;
  const output = { shape: [x.size(0), heads * headDim], dtype: "f32" } as const;
  return programOf(op, x, dt, b, c).record(op, tensors, [output], { dtMin, dtMax })[0]!;
}
