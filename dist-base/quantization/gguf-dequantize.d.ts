import { type GgufBlockType } from "../tensor/storage-type.js";
/** Writes `blocks` dequantized blocks from the start of `bytes` to the start of `out`. Lengths are checked by the caller. */
export type BlockDequantizer = (bytes: Uint8Array, out: Float32Array, blocks: number) => void;
/**
 * Dequantizes the first `count` elements of `bytes` into out[0, count).
 *
 * The arithmetic is ggml's in float32: every product here is exact (scales have at most 17 bits, quants 8), so that a sum
 * rounds once, when it is stored, whether computed in float32 or in double as here.
 *
 * @param count a multiple of the type's block (32 or 256)
 * @throws ShapeError if count is not whole blocks, or bytes or out are too short
 */
export declare function dequantizeGguf(storage: GgufBlockType, bytes: Uint8Array, out: Float32Array, count: number): void;
