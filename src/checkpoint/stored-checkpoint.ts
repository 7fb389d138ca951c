/** The Checkpoint that all formats share: a map of tensors, each with a function that reads a slice of it. */
import { CheckpointError } from "../util/errors.js";
import { closest } from "../util/closest.js";
import { quote } from "./problems.js";
import type { RandomAccessFile } from "./random-access-file.js";
import type { Checkpoint, TensorInfo } from "./tensor-source.js";

/** Copies bytes [offset, offset + length) of one tensor's dense data to target[targetOffset, ...). Ranges are checked. */
export type SliceReader = (offset: number, length: number, target: Uint8Array, targetOffset: number) => void;

/** A tensor and how to read it. */
export interface StoredTensor {
  info: TensorInfo;
  read: SliceReader;
}

/** What a format's reader finds. */
export interface StoredCheckpointParts {
  path: string;
  config: Record<string, unknown>;
  generationConfig: Record<string, unknown> | undefined;
  tensors: readonly StoredTensor[];
  files: readonly RandomAccessFile[];
}

/** A reader for a tensor that lies dense in one file from `start` on. */
export function denseSlice(file: RandomAccessFile, start: number): SliceReader {
  return (offset, length, target, targetOffset) => file.readInto(start + offset, length, target, targetOffset);
}

/** Checks every range, then asks the tensor's own reader. Owns the files. */
export class StoredCheckpoint implements Checkpoint {
  readonly path: string;
  readonly config: Record<string, unknown>;
  readonly generationConfig: Record<string, unknown> | undefined;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  private readonly readers = new Map<string, SliceReader>();
  private readonly files: readonly RandomAccessFile[];

  /** @throws CheckpointError if two tensors have one name */
  constructor(parts: StoredCheckpointParts) {
    this.path = parts.path;
    this.config = parts.config;
    this.generationConfig = parts.generationConfig;
    this.files = parts.files;
    const tensors = new Map<string, TensorInfo>();
    for (const { info, read } of parts.tensors) {
      if (tensors.has(info.name))
        throw new CheckpointError(`${parts.path}: tensor ${quote(info.name)} appears twice, in ${info.file}`);
      tensors.set(info.name, info);
      this.readers.set(info.name, read);
    }
    this.tensors = tensors;
  }

  read(name: string, offset: number, length: number, target: Uint8Array, targetOffset = 0): void {
    const info = this.tensors.get(name);
    const read = this.readers.get(name);
    if (info === undefined || read === undefined) {
      const [near] = closest(name, this.tensors.keys());
      throw new CheckpointError(
        `${this.path}: no tensor ${quote(name)}${near === undefined ? "" : `; closest: ${quote(near)}`}`,
      );
    }
    if (!isRange(offset, length, info.byteLength))
      throw new CheckpointError(
        `${this.path}: ${quote(name)} has ${info.byteLength} bytes, asked for ${length} at ${offset}`,
      );
    if (!isRange(targetOffset, length, target.byteLength))
      throw new CheckpointError(
        `${this.path}: ${length} bytes of ${quote(name)} do not fit at ${targetOffset} of ${target.byteLength} bytes`,
      );
    if (length > 0) read(offset, length, target, targetOffset);
  }

  close(): void {
    for (const file of this.files) file.close();
  }
}

function isRange(offset: number, length: number, size: number): boolean {
  return (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= size
  );
}
