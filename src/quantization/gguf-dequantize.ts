/** GGUF blocks to float32, exactly as ggml's reference: the 32-element types here, the 256-element types in gguf-dequantize-k.ts. */
import { f16Values } from "../tensor/convert.js";
import { ggufBlocks, type GgufBlockType } from "../tensor/storage-type.js";
import { ShapeError } from "../util/errors.js";
import { dequantizeQ2K, dequantizeQ3K, dequantizeQ4K, dequantizeQ5K, dequantizeQ6K } from "./gguf-dequantize-k.js";

/** Writes `blocks` dequantized blocks from the start of `bytes` to the start of `out`. Lengths are checked by the caller. */
export type BlockDequantizer = (bytes: Uint8Array, out: Float32Array, blocks: number) => void;

const dequantizers: Readonly<Record<GgufBlockType, BlockDequantizer>> = {
  q4_0: dequantizeQ4_0,
  q4_1: dequantizeQ4_1,
  q5_0: dequantizeQ5_0,
  q5_1: dequantizeQ5_1,
  q8_0: dequantizeQ8_0,
  q2_k: dequantizeQ2K,
  q3_k: dequantizeQ3K,
  q4_k: dequantizeQ4K,
  q5_k: dequantizeQ5K,
  q6_k: dequantizeQ6K,
  iq4_nl: dequantizeIQ4NL,
};

/**
 * Dequantizes the first `count` elements of `bytes` into out[0, count).
 *
 * The arithmetic is ggml's in float32: every product here is exact (scales have at most 17 bits, quants 8), so that a sum
 * rounds once, when it is stored, whether computed in float32 or in double as here.
 *
 * @param count a multiple of the type's block (32 or 256)
 * @throws ShapeError if count is not whole blocks, or bytes or out are too short
 */
export function dequantizeGguf(storage: GgufBlockType, bytes: Uint8Array, out: Float32Array, count: number): void {
  const block = ggufBlocks[storage];
  const blocks = count / block.elements;
  if (!Number.isInteger(blocks) || blocks < 0)
    throw new ShapeError(`dequantize ${storage}: ${count} elements are not whole blocks of ${block.elements}`);
  if (bytes.length < blocks * block.bytes)
    throw new ShapeError(
      `dequantize ${storage}: ${count} elements need ${blocks * block.bytes} bytes, got ${bytes.length}`,
    );
  if (out.length < count)
    throw new ShapeError(`dequantize ${storage}: ${count} elements do not fit into ${out.length}`);
  dequantizers[storage](bytes, out, blocks);
}

/** d f16, 16 bytes of nibbles: d * (nibble - 8). Low nibbles are elements 0 to 15, high ones 16 to 31. */
function dequantizeQ4_0(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 18, to += 32) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 2 + j]!;
      out[to + j] = d * ((pair & 15) - 8);
      out[to + j + 16] = d * ((pair >> 4) - 8);
    }
  }
}

/** d and m f16, 16 bytes of nibbles: d * nibble + m. */
function dequantizeQ4_1(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 20, to += 32) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const m = f16[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 4 + j]!;
      out[to + j] = d * (pair & 15) + m;
      out[to + j + 16] = d * (pair >> 4) + m;
    }
  }
}

/** d f16, 32 fifth bits, 16 bytes of nibbles: d * (quant - 16). */
function dequantizeQ5_0(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 22, to += 32) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const low = bytes[at + 2]! | (bytes[at + 3]! << 8);
    const high = bytes[at + 4]! | (bytes[at + 5]! << 8);
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 6 + j]!;
      out[to + j] = d * (((pair & 15) | (((low >> j) & 1) << 4)) - 16);
      out[to + j + 16] = d * (((pair >> 4) | (((high >> j) & 1) << 4)) - 16);
    }
  }
}

/** d and m f16, 32 fifth bits, 16 bytes of nibbles: d * quant + m. */
function dequantizeQ5_1(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 24, to += 32) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const m = f16[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    const low = bytes[at + 4]! | (bytes[at + 5]! << 8);
    const high = bytes[at + 6]! | (bytes[at + 7]! << 8);
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 8 + j]!;
      out[to + j] = d * ((pair & 15) | (((low >> j) & 1) << 4)) + m;
      out[to + j + 16] = d * ((pair >> 4) | (((high >> j) & 1) << 4)) + m;
    }
  }
}

/** d f16, 32 signed bytes: d * quant. */
function dequantizeQ8_0(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 34, to += 32) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let j = 0; j < 32; j++) out[to + j] = d * signed[at + 2 + j]!;
  }
}

/** IQ4_NL's sixteen values. */
const nonLinear = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

/** d f16, 16 bytes of nibbles that index a table of unevenly spaced values. */
function dequantizeIQ4NL(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 18, to += 32) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 2 + j]!;
      out[to + j] = d * nonLinear[pair & 15]!;
      out[to + j + 16] = d * nonLinear[pair >> 4]!;
    }
  }
}
