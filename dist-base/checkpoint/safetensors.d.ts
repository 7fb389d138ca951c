import type { RandomAccessFile } from "./random-access-file.js";
import { type StoredTensor } from "./stored-checkpoint.js";
/**
 * The tensors of one safetensors file. Reads the header only.
 *
 * @throws CheckpointError if the header lies in any way: length, JSON, dtypes, shapes, byte ranges, gaps, overlaps; all problems at once
 */
export declare function readSafetensors(file: RandomAccessFile): StoredTensor[];
