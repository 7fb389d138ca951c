/** What every checkpoint reader gives: named tensors whose bytes are read in slices. Readers move bytes and compute nothing. */
import type { Shape } from "../tensor/shape.js";
import type { StorageType } from "../tensor/storage-type.js";
export type { GgufBlockType, StorageType } from "../tensor/storage-type.js";
/** One tensor of a checkpoint, known before any of its bytes are read. */
export interface TensorInfo {
    /** Its Hugging Face name. */
    name: string;
    storage: StorageType;
    /** Outermost first, row-major like torch. */
    shape: Shape;
    /** Bytes of the dense tensor in `storage`. */
    byteLength: number;
    /** Path of the file that holds it, for errors. */
    file: string;
}
/** Where a tensor lies in an open file, for platforms that read files with threads of their own. */
export interface FilePlace {
    /** Of the open file; valid until the checkpoint is closed. */
    descriptor: number;
    /** Byte of the tensor's first row. */
    position: number;
    /**
     * Rows of one attention head whose two rotary halves alternate in the file: row i of the first half lies at 2i, row i of the
     * second at 2i + 1. 0: rows lie in order.
     */
    pairedRows: number;
}
/** A folder or file with weights and their config, open for reading. */
export interface Checkpoint {
    /** The folder or file, for errors. */
    readonly path: string;
    /** config.json, snake_case as published, or the same made from GGUF metadata. */
    readonly config: Record<string, unknown>;
    /** generation_config.json, if there is one. */
    readonly generationConfig: Record<string, unknown> | undefined;
    /** By Hugging Face name; names of GGUF files are mapped to those of the architecture. */
    readonly tensors: ReadonlyMap<string, TensorInfo>;
    /**
     * Reads bytes [offset, offset + length) of the tensor's own dense data, and no more of the file than they need,
     * into `target` from `targetOffset` (0) on. Synchronous.
     *
     * @throws CheckpointError for an unknown name, a range outside the tensor or the target, a closed checkpoint, or a failing file
     */
    read(name: string, offset: number, length: number, target: Uint8Array, targetOffset?: number): void;
    /** Where the tensor lies, if it lies dense in one file; undefined otherwise, and for an unknown name. */
    place(name: string): FilePlace | undefined;
    /** Closes the files; reading afterwards throws. May be called twice. */
    close(): void;
}
