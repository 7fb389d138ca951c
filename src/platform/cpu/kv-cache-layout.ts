/** Bytes of the CPU platform's paged KV cache; the order inside a block is native/cpu/kv_cache.h's. */
import type { KVCacheSpec } from "../platform.js";

/**
 * One block: for every kv head a part for keys and one for values, each with tokens and head elements padded to 16.
 * The native kernels lay these bytes out as they like, but need no more.
 */
export function kvCacheBlockBytes(spec: KVCacheSpec): number {
  const tokens = Math.ceil(spec.blockSize / 16) * 16;
  const elements = Math.ceil(spec.headDim / 16) * 16;
  return 2 * spec.numKvHeads * tokens * elements * (spec.dtype === "f32" ? 4 : 2);
}
