import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
// src/platform/reference/block-bytes.ts
/** Bytes of a KV cache block without padding: as the reference platform lays it out, and as `quire inspect` counts. */
/** Keys and values, or the latent row, of blockSize tokens of one layer. */
function plainBlockBytes({ blockSize, numKvHeads, headDim, latentDim, dtype }) {
	return (latentDim === void 0 ? 2 * numKvHeads : 1) * blockSize * headDim * dtypeBytes[dtype];
}
export { plainBlockBytes as t };
