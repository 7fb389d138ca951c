/** How a tensor's bytes are stored in a checkpoint: a plain element type, or a GGUF block type. */
import { type DType } from "./dtype.js";
import type { Shape } from "./shape.js";
/** GGUF's quantized types: fixed blocks of elements along the innermost dimension. */
export type GgufBlockType = "q4_0" | "q4_1" | "q5_0" | "q5_1" | "q8_0" | "q2_k" | "q3_k" | "q4_k" | "q5_k" | "q6_k" | "iq4_nl";
/** How a tensor's bytes are stored: a plain dtype, or a GGUF block type such as "q4_1". */
export type StorageType = DType | GgufBlockType;
/** Elements in one block, and the bytes that hold them. */
export interface BlockLayout {
    elements: number;
    bytes: number;
}
/** The layout of every GGUF block type, as ggml defines it. */
export declare const ggufBlocks: Readonly<Record<GgufBlockType, BlockLayout>>;
/** True for GGUF's quantized types, false for plain dtypes. */
export declare function isGgufBlockType(storage: StorageType): storage is GgufBlockType;
/** Elements per block and bytes per block of any storage type; a plain dtype is a block of one. */
export declare function blockLayout(storage: StorageType): BlockLayout;
/**
 * Bytes of a dense tensor, or a sentence that says why there is no such tensor: a size that is not a whole number from 0,
 * more bytes than a number counts exactly (2^53), or rows that are not whole blocks.
 */
export declare function storageBytes(storage: StorageType, shape: Shape): number | string;
