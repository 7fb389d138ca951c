/** Bytes of a KV cache block without padding: as the reference platform lays it out, and as `quire inspect` counts. */
import { dtypeBytes } from "../../tensor/dtype.js";
import type { KVCacheSpec } from "../platform.js";

/** Keys and values, or the latent row, of blockSize tokens of one layer. */
export function plainBlockBytes({ blockSize, numKvHeads, headDim, latentDim, dtype }: KVCacheSpec): number {
  const rows = latentDim === undefined ? 2 * numKvHeads : 1;
  return rows * blockSize * headDim * dtypeBytes[dtype];
}
