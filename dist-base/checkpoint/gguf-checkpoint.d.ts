import { type GgufTensor } from "./gguf.js";
import type { GgufMetadata } from "./gguf-value.js";
import { RandomAccessFile } from "./random-access-file.js";
import { type StoredTensor } from "./stored-checkpoint.js";
import type { Checkpoint, TensorInfo } from "./tensor-source.js";
/** A checkpoint that came from a GGUF file, with its metadata as it is (the tokenizer is in there). */
export interface GgufCheckpoint extends Checkpoint {
    readonly ggufMetadata: GgufMetadata;
}
/** True if the checkpoint came from a GGUF file. */
export declare function isGgufCheckpoint(checkpoint: Checkpoint): checkpoint is GgufCheckpoint;
/**
 * Opens one .gguf file. Tensors have Hugging Face names and row order; those that the architecture does not know keep
 * their own name.
 *
 * @param generationConfig used instead of what the metadata says, where there is a generation_config.json
 * @throws CheckpointError if the file is damaged, split, or of an architecture that is not known (the known ones are listed)
 */
export declare function openGguf(path: string, generationConfig?: Record<string, unknown>): GgufCheckpoint;
/**
 * A tensor that is read with its rows in halves order, from a file that has them in pairs: row i of the first half of a head lies at 2i, row i of
 * the second half at 2i + 1. Rows stay whole, so any storage type will do.
 *
 * @param heads number of heads that the rows are divided into
 * @throws CheckpointError if the rows are not `heads` even parts
 */
export declare function unpairedRows(info: TensorInfo, file: RandomAccessFile, tensor: GgufTensor, heads: number): StoredTensor;
