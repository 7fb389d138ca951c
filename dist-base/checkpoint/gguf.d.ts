/** The GGUF format, versions 2 and 3, little-endian: metadata, then tensor infos, then aligned data. */
import { type StorageType } from "../tensor/storage-type.js";
import { type GgufMetadata } from "./gguf-value.js";
import type { RandomAccessFile } from "./random-access-file.js";
/** A tensor as the file describes it. */
export interface GgufTensor {
    /** llama.cpp's name, "blk.0.attn_q.weight". */
    name: string;
    storage: StorageType;
    /** Outermost first (the file has it innermost first). */
    shape: number[];
    byteLength: number;
    /** Position of its first byte in the file. */
    position: number;
}
/** What a GGUF file says about itself. */
export interface GgufFile {
    version: number;
    metadata: GgufMetadata;
    /** In the file's order, each name once. */
    tensors: GgufTensor[];
}
/**
 * Reads metadata and tensor infos, and checks that every tensor lies inside the file and none overlaps another.
 *
 * @throws CheckpointError if the file is not GGUF, damaged, cut off or contradicts itself; problems of tensors all at once
 */
export declare function readGguf(file: RandomAccessFile): GgufFile;
