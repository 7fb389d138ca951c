/** One block of every GGUF type with the values that the Python package gguf 0.19.0 makes of it. Data, no code. */
import type { GgufBlockType } from "../tensor/storage-type.js";
/** A block and what it holds. */
export interface DequantizeCase {
    storage: GgufBlockType;
    /** The block, base64. */
    block: string;
    /** Element index to value. */
    values: readonly [number, number][];
    /** CRC-32 of all values as little-endian float32. */
    crc32: number;
}
export declare const dequantizeCases: readonly DequantizeCase[];
