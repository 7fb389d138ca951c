/** Which part of a dimension each rank owns. Pure arithmetic, for any number of ranks. */
import { ConfigError } from "../util/errors.js";

/** This process among its tensor-parallel group. */
export interface ParallelConfig {
  readonly rank: number;
  readonly worldSize: number;
}

/** `count` elements from `start`. */
export interface Range {
  readonly start: number;
  readonly count: number;
}

/**
 * An equal part of `size` for each rank.
 * @throws ConfigError if size does not divide
 */
export function shardRange(what: string, size: number, { rank, worldSize }: ParallelConfig): Range {
  if (size % worldSize !== 0)
    throw new ConfigError(
      `${what}: ${size} does not divide by --tensor-parallel-size ${worldSize}; choose a divisor of ${size}`,
    );
  const count = size / worldSize;
  return { start: rank * count, count };
}

/**
 * KV heads of this rank. With fewer heads than ranks each is held by several ranks, next to the query heads that use it.
 * @throws ConfigError if neither divides the other
 */
export function kvHeadRange(what: string, numKvHeads: number, { rank, worldSize }: ParallelConfig): Range {
  if (numKvHeads >= worldSize) return shardRange(`${what}: KV heads`, numKvHeads, { rank, worldSize });
  if (worldSize % numKvHeads !== 0)
    throw new ConfigError(
      `${what}: ${numKvHeads} KV heads cannot be replicated evenly over --tensor-parallel-size ${worldSize}`,
    );
  return { start: Math.floor(rank / (worldSize / numKvHeads)), count: 1 };
}

/** Rows that the padded vocabulary of each rank has are a multiple of this. Source: vLLM DEFAULT_VOCAB_PADDING_SIZE. */
const vocabPadding = 64;

/**
 * Vocabulary rows of this rank: the vocabulary is padded so that all ranks own equally many; `used` of them exist.
 * One rank pads nothing.
 */
export function vocabRange(vocabSize: number, { rank, worldSize }: ParallelConfig): Range & { used: number } {
  if (worldSize === 1) return { start: 0, count: vocabSize, used: vocabSize };
  const unit = vocabPadding * worldSize;
  const count = (Math.ceil(vocabSize / unit) * unit) / worldSize;
  const start = rank * count;
  return { start, count, used: Math.max(0, Math.min(vocabSize - start, count)) };
}
