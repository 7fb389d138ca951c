/**
 * Sizes of the CPU platform's paged KV cache and of paged attention's workspace; native/cpu/kv_cache.h and attention_tile.h
 * mirror them.
 *
 * A block holds, for each kv head, for each 16 tokens in turn, a key panel and then a value panel, so that one line of
 * 64 bytes feeds one multiply-add of 16 lanes:
 *   bf16  keys [headDim / 2][16 tokens][2]      values [headDim / 16][8][16 elements][2 tokens]
 *   f32   keys [headDim][16 tokens]             values [headDim / 16][16 tokens][16 elements]
 * headDim is padded to a multiple of 2 in bf16 keys and of 16 in values; the padding is zero. Latents have keys only.
 */
import { UnsupportedError } from "../../util/errors.js";
import { attentionPartition } from "../attention-partition.js";
import type { KVCacheShape, KVCacheSpec } from "../platform.js";

/** Tokens of one panel; block sizes are multiples of it. */
const panelTokens = 16;

/** Query rows (tokens times heads of one kv head) that attention handles together, also of latents. */
const tileRows = 24;
const latentTileRows = 48;

/** Long sequences are split over partitions only when there are fewer tiles than this per thread. */
const splitTilesPerThread = 4;

/** Partial results never take more; beyond it, sequences are not split. */
const maxPartialBytes = 32 * 2 ** 20;

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Bytes of the panels of 16 tokens of one kv head. */
export function kvPanelBytes(headDim: number, dtype: KVCacheSpec["dtype"]): { keys: number; values: number } {
  const line = 64;
  return dtype === "bf16"
    ? { keys: (roundUp(headDim, 2) / 2) * line, values: (roundUp(headDim, 16) / 16) * 8 * line }
    : { keys: headDim * line, values: roundUp(headDim, 16) * line };
}

/**
 * Bytes of one block (keys and values of blockSize tokens of all kv heads); a multiple of 64.
 * @throws UnsupportedError when blockSize is not a multiple of 16
 */
export function kvCacheBlockBytes(spec: KVCacheSpec): number {
  const { blockSize, headDim, numKvHeads, dtype, latentDim } = spec;
  if (!Number.isInteger(blockSize / panelTokens) || blockSize < 1)
    throw new UnsupportedError(
      `cpu platform: KV cache blocks must hold a multiple of ${panelTokens} tokens, got ${blockSize}; set --block-size 16`,
    );
  const { keys, values } = kvPanelBytes(headDim, dtype);
  return numKvHeads * (blockSize / panelTokens) * (latentDim === undefined ? keys + values : keys);
}

/**
 * Bytes of workspace that one pagedAttention needs for partial results of sequences that are split over partitions; 0
 * when no sequence can have more than one. Less is allowed: then fewer sequences are split, with the same results.
 *
 * @param numHeads  query heads
 * @param numTokens rows of the step
 * @param maxTokens longest sequence: maxBlocksPerSeq * blockSize
 * @param threads   of the pool
 */
export function attentionPartialBytes(
  spec: KVCacheShape,
  numHeads: number,
  numTokens: number,
  maxTokens: number,
  threads: number,
): number {
  const partitions = Math.ceil(maxTokens / attentionPartition);
  if (partitions < 2 || threads < 2) return 0;
  const group = numHeads / spec.numKvHeads;
  const mostRows = spec.latentDim === undefined ? tileRows : latentTileRows;
  const rowsPerTile = Math.min(mostRows, group * numTokens);
  const tiles = Math.min(splitTilesPerThread * threads, numTokens * spec.numKvHeads * Math.ceil(group / mostRows));
  const rowBytes = 4 * (roundUp(spec.latentDim ?? spec.headDim, 16) + 16);
  return Math.min(maxPartialBytes, tiles * rowsPerTile * partitions * rowBytes);
}
