import type { Checkpoint } from "./tensor-source.js";
/**
 * Opens a Hugging Face folder (safetensors or pytorch_model*.bin, one file or several), a .gguf file, or a folder whose only
 * weights are one .gguf file. Where a folder has several formats, safetensors is taken. Only headers are read.
 *
 * @throws CheckpointError if there is nothing to open, or files, headers or the index are damaged or contradict each other
 */
export declare function openCheckpoint(path: string): Checkpoint;
