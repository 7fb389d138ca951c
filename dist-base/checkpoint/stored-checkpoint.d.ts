import type { RandomAccessFile } from "./random-access-file.js";
import type { Checkpoint, FilePlace, TensorInfo } from "./tensor-source.js";
/** Copies bytes [offset, offset + length) of one tensor's dense data to target[targetOffset, ...). Ranges are checked. */
export type SliceReader = (offset: number, length: number, target: Uint8Array, targetOffset: number) => void;
/** A tensor and how to read it. */
export interface StoredTensor {
    info: TensorInfo;
    read: SliceReader;
    /** Where it lies, if it is dense in one file. */
    place?: StoredPlace;
}
/** A FilePlace whose file may be closed later. */
export interface StoredPlace {
    file: RandomAccessFile;
    position: number;
    pairedRows: number;
}
/** What a format's reader finds. */
export interface StoredCheckpointParts {
    path: string;
    config: Record<string, unknown>;
    generationConfig: Record<string, unknown> | undefined;
    tensors: readonly StoredTensor[];
    files: readonly RandomAccessFile[];
}
/** A tensor that lies dense in one file from `position` on. */
export declare function denseTensor(info: TensorInfo, file: RandomAccessFile, position: number): StoredTensor;
/** Checks every range, then asks the tensor's own reader. Owns the files. */
export declare class StoredCheckpoint implements Checkpoint {
    readonly path: string;
    readonly config: Record<string, unknown>;
    readonly generationConfig: Record<string, unknown> | undefined;
    readonly tensors: ReadonlyMap<string, TensorInfo>;
    private readonly stored;
    private readonly files;
    /** @throws CheckpointError if two tensors have one name */
    constructor(parts: StoredCheckpointParts);
    read(name: string, offset: number, length: number, target: Uint8Array, targetOffset?: number): void;
    place(name: string): FilePlace | undefined;
    close(): void;
}
