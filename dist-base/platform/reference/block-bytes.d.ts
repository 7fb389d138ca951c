import type { KVCacheSpec } from "../platform.js";
/** Keys and values, or the latent row, of blockSize tokens of one layer. */
export declare function plainBlockBytes({ blockSize, numKvHeads, headDim, latentDim, dtype }: KVCacheSpec): number;
