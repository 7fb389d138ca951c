import type { RandomAccessFile } from "./random-access-file.js";
import { type StoredTensor } from "./stored-checkpoint.js";
/**
 * The tensors of one file, lazily read. Entries of the state dict that are no tensors are left out. Tensors may share a storage;
 * those that are not contiguous are put in order when they are read.
 *
 * @throws CheckpointError if the file is in torch's old format, is no zip, asks for anything but tensors, or lies about sizes
 */
export declare function readPytorchBin(file: RandomAccessFile): StoredTensor[];
