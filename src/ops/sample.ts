/** Chooses one token per row of logits, and reports log-probabilities. */
import type { LogprobsMode } from "../platform/sample-layout.js";
import { numSampleFloats, numSampleInts } from "../platform/sample-layout.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import { checkDType, checkDenseRows, checkRank, checkSize } from "./check.js";
import { programOf } from "./program.js";

// The meaning of the metadata's numbers; defined beside the platforms, which read them.
export {
  logprobsModes,
  numSampleFloats,
  numSampleInts,
  sampleFloats,
  sampleInts,
  sampleStatus,
} from "../platform/sample-layout.js";
export type { LogprobsMode } from "../platform/sample-layout.js";

/** How each row is sampled: external tensors of fixed capacity, written before each run. */
export interface SamplingMetadata {
  /** [maxRows, numSampleInts] i32; columns: sampleInts */
  readonly ints: Tensor;
  /** [maxRows, numSampleFloats] f32; columns: sampleFloats */
  readonly floats: Tensor;
  /** [any] i32: the lists that the rows point into */
  readonly lists: Tensor;
}

/** Where the results go: external tensors, read after the run. */
export interface SamplingOutputs {
  /** [maxRows] i32 */
  readonly tokenIds: Tensor;
  /** [maxRows] i32: tokens whose value is at least the token's; only written for rows that want log-probabilities */
  readonly ranks: Tensor;
  /** [maxRows] i32: sampleStatus */
  readonly statuses: Tensor;
  /** [maxRows] f32: the token's own log-probability; only written for rows that want it */
  readonly logprobs: Tensor;
  /** [any] i32: each row's numLogprobs likeliest tokens, likeliest first, lower ids first among equals */
  readonly topTokenIds: Tensor;
  /** shape of topTokenIds, f32 */
  readonly topLogprobs: Tensor;
}

/**
 * Samples one token per row. In this order: token mask, allowed ids, banned ids, bias, repetition, frequency and presence penalty; then the
 * largest logit (temperature 0), or division by the temperature, min-p, top-k (ties of the k-th stay), top-p, and a
 * draw: the token with the largest logit - ln(e), where e is an exponential variate of (seed, draw index, token id) alone.
 *
 * @param logits  [numRows, vocabSize] f32, rows may be strided; left as they are
 * @param metadata how, for at least numRows rows
 * @param outputs where to; rows from numRows on are left alone
 * @throws ShapeError if a tensor's shape or dtype is not as described
 * Records an op without outputs. A row's result depends on that row's inputs alone, bit for bit. Values are f32, rounded after
 * every operation; sums for top-p and log-softmax are within f32 accuracy.
 * Source: vLLM's sampler for the order; Yellott 1977 for the exponential race; Salmon et al. 2011 for the generator.
 */
export function sample(
  logits: Tensor,
  metadata: SamplingMetadata,
  outputs: SamplingOutputs,
  logprobsMode: LogprobsMode = "raw_logprobs",
): void {
  checkRank("sample", "logits", logits, 2);
  checkDType("sample", "logits", logits, "f32");
  checkDenseRows("sample", "logits", logits);
  const { ints, floats, lists } = metadata;
  const { tokenIds, ranks, statuses, logprobs, topTokenIds, topLogprobs } = outputs;
  checkRank("sample", "ints", ints, 2);
  checkSize("sample", "ints", ints, 1, numSampleInts);
  checkRank("sample", "floats", floats, 2);
  checkSize("sample", "floats", floats, 1, numSampleFloats);
  checkSize("sample", "floats", floats, 0, ints.size(0));
  for (const [name, x] of Object.entries({ lists, tokenIds, ranks, statuses, logprobs, topTokenIds, topLogprobs })) {
    checkRank("sample", name, x, 1);
  }
  for (const [name, x] of Object.entries({ tokenIds, ranks, statuses, logprobs })) {
    checkSize("sample", name, x, 0, ints.size(0));
  }
  checkSize("sample", "topLogprobs", topLogprobs, 0, topTokenIds.size(0));
  for (const [name, x] of Object.entries({ ints, lists, tokenIds, ranks, statuses, topTokenIds })) {
    checkDType("sample", name, x, "i32");
  }
  for (const [name, x] of Object.entries({ floats, logprobs, topLogprobs })) checkDType("sample", name, x, "f32");
  const inputs = [logits, ints, floats, lists, tokenIds, ranks, statuses, logprobs, topTokenIds, topLogprobs];
  for (const x of inputs) {
    if (x !== logits && (x.storage.kind !== "external" || !x.isDense))
      throw new ShapeError(`sample: ${x} must be a dense tensor at a fixed address`);
  }
  if (logits.size(0) > ints.size(0))
    throw new ShapeError(`sample: metadata for ${ints.size(0)} rows, but logits has ${logits.size(0)} (${logits})`);
  programOf("sample", logits).record("sample", inputs, [], { logprobsMode });
}
