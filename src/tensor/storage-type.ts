/** How a tensor's bytes are stored in a checkpoint: a plain element type, or a GGUF block type. */
import { dtypeBytes, type DType } from "./dtype.js";
import type { Shape } from "./shape.js";

/** GGUF's quantized types: fixed blocks of elements along the innermost dimension. */
export type GgufBlockType =
  "q4_0" | "q4_1" | "q5_0" | "q5_1" | "q8_0" | "q2_k" | "q3_k" | "q4_k" | "q5_k" | "q6_k" | "iq4_nl";

/** How a tensor's bytes are stored: a plain dtype, or a GGUF block type such as "q4_1". */
export type StorageType = DType | GgufBlockType;

/** Elements in one block, and the bytes that hold them. */
export interface BlockLayout {
  elements: number;
  bytes: number;
}

/** The layout of every GGUF block type, as ggml defines it. */
export const ggufBlocks: Readonly<Record<GgufBlockType, BlockLayout>> = {
  q4_0: { elements: 32, bytes: 18 },
  q4_1: { elements: 32, bytes: 20 },
  q5_0: { elements: 32, bytes: 22 },
  q5_1: { elements: 32, bytes: 24 },
  q8_0: { elements: 32, bytes: 34 },
  q2_k: { elements: 256, bytes: 84 },
  q3_k: { elements: 256, bytes: 110 },
  q4_k: { elements: 256, bytes: 144 },
  q5_k: { elements: 256, bytes: 176 },
  q6_k: { elements: 256, bytes: 210 },
  iq4_nl: { elements: 32, bytes: 18 },
};

/** True for GGUF's quantized types, false for plain dtypes. */
export function isGgufBlockType(storage: StorageType): storage is GgufBlockType {
  return Object.hasOwn(ggufBlocks, storage);
}

/** Elements per block and bytes per block of any storage type; a plain dtype is a block of one. */
export function blockLayout(storage: StorageType): BlockLayout {
  return isGgufBlockType(storage) ? ggufBlocks[storage] : { elements: 1, bytes: dtypeBytes[storage] };
}

/**
 * Bytes of a dense tensor, or a sentence that says why there is no such tensor: a size that is not a whole number from 0,
 * more bytes than a number counts exactly (2^53), or rows that are not whole blocks.
 */
export function storageBytes(storage: StorageType, shape: Shape): number | string {
  const block = blockLayout(storage);
  let count = 1;
  let exact = true;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return `size ${size} is not a whole number from 0`;
    count *= size;
    if (!Number.isSafeInteger(count * block.bytes)) exact = false;
    if (size === 0) return 0;
  }
  if (!exact) return "more bytes than 2^53";
  const row = shape.length === 0 ? 1 : shape[shape.length - 1]!;
  if (row % block.elements !== 0) return `rows of ${row} are not whole blocks of ${block.elements} (${storage})`;
  return (count / block.elements) * block.bytes;
}
