/** How many blocks the KV cache gets: pure arithmetic, and the error that shows it. */
import type { BlockUse } from "../request/kv-cache-group.js";
import { blocksOfRequest, longestRequest } from "../request/kv-cache-group.js";
import { ResourceError } from "../util/errors.js";

export interface KVCacheSizeInput extends BlockUse {
  /** Bytes of one block over all layers of a group; every group's blocks are of this size. */
  readonly bytesPerBlock: number;
  readonly maxModelLen: number;
  readonly maxNumSeqs: number;
  /** `--kv-cache-memory-bytes`. */
  readonly kvCacheMemoryBytes: number | undefined;
  /** `--num-gpu-blocks-override`. */
  readonly numBlocksOverride: number | undefined;
  /** Bytes that are free once the weights are loaded. */
  readonly freeBytes: number;
  /** Working memory of the largest step. */
  readonly workspaceBytes: number;
  /** `--gpu-memory-utilization`. */
  readonly utilization: number;
  /** `--max-model-len auto`: a shorter limit is chosen where the cache cannot hold the model's. */
  readonly fitLength: boolean;
}

export interface KVCacheSize {
  /** Blocks, the null block included. */
  readonly numBlocks: number;
  readonly maxModelLen: number;
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/**
 * @throws ResourceError with the arithmetic when one request of maxModelLen does not fit
 */
export function sizeKVCache(input: KVCacheSizeInput): KVCacheSize {
  const { groups, bytesPerBlock, blockSize, maxModelLen, maxNumSeqs, freeBytes, workspaceBytes, utilization } = input;
  const perRequest = blocksOfRequest(input, maxModelLen);
  const needed = perRequest + 1;
  const useful = perRequest * maxNumSeqs + 1;
  const budget = input.kvCacheMemoryBytes ?? freeBytes * utilization - workspaceBytes;
  const fitting = input.numBlocksOverride ?? Math.min(useful, Math.floor(budget / bytesPerBlock));
  if (fitting >= needed) return { numBlocks: fitting, maxModelLen };
  const longest = fitting >= 2 ? longestRequest(input, fitting - 1) : 0;
  if (input.fitLength && longest > 0) return { numBlocks: fitting, maxModelLen: longest };
  const source =
    input.numBlocksOverride !== undefined
      ? `--num-gpu-blocks-override ${input.numBlocksOverride}`
      : input.kvCacheMemoryBytes !== undefined
        ? `--kv-cache-memory-bytes gives ${gib(budget)} = ${Math.max(0, fitting)} blocks`
        : `${gib(freeBytes)} free x ${utilization} - ${gib(workspaceBytes)} activations leaves ${gib(budget)} = ${Math.max(0, fitting)} blocks`;
  const isWorkspaceLarge = input.kvCacheMemoryBytes === undefined && workspaceBytes > (freeBytes * utilization) / 2;
  const more = isWorkspaceLarge ? "lower --max-num-batched-tokens, or give more memory" : "give more memory";
  const inGroups = groups.length > 1 ? ` in ${groups.length} groups of layers` : "";
  throw new ResourceError(
    `KV cache: one request of --max-model-len ${maxModelLen} needs ${needed} blocks of ${blockSize} tokens${inGroups} (${bytesPerBlock} bytes each, ` +
      `one block is kept empty) = ${gib(needed * bytesPerBlock)}; ${source}; ` +
      (longest > 0 ? `lower --max-model-len to at most ${longest}, or ${more}` : more),
  );
}
