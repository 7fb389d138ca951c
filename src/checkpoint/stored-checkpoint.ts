/** The Checkpoint that all formats share: a map of tensors, each with a function that reads a slice of it. */
import { CheckpointError } from "../util/errors.js";
import { closest } from "../util/closest.js";
import { quote } from "./problems.js";
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
export function denseTensor(info: TensorInfo, file: RandomAccessFile, position: number): StoredTensor {
  return {
    info,
    read: (offset, length, target, targetOffset) => file.readInto(position + offset, length, target, targetOffset),
    place: { file, position, pairedRows: 0 },
  };
}

/** Checks every range, then asks the tensor's own reader. Owns the files. */
export class StoredCheckpoint implements Checkpoint {
  readonly path: string;
  readonly config: Record<string, unknown>;
  readonly generationConfig: Record<string, unknown> | undefined;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  private readonly stored = new Map<string, StoredTensor>();
  private readonly files: readonly RandomAccessFile[];

  /** @throws CheckpointError if two tensors have one name */
  constructor(parts: StoredCheckpointParts) {
    this.path = parts.path;
    this.config = parts.config;
    this.generationConfig = parts.generationConfig;
    this.files = parts.files;
    const tensors = new Map<string, TensorInfo>();
    for (const tensor of parts.tensors) {
      const { info } = tensor;
      if (tensors.has(info.name))
        throw new CheckpointError(`${parts.path}: tensor ${quote(info.name)} appears twice, in ${info.file}`);
      tensors.set(info.name, info);
      this.stored.set(info.name, tensor);
    }
    this.tensors = tensors;
  }

  read(name: string, offset: number, length: number, target: Uint8Array, targetOffset = 0): void {
    const info = this.tensors.get(name);
    const stored = this.stored.get(name);
    if (info === undefined || stored === undefined) {
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
    if (length > 0) stored.read(offset, length, target, targetOffset);
  }

  place(name: string): FilePlace | undefined {
    const place = this.stored.get(name)?.place;
    if (place === undefined) return undefined;
    const { file, position, pairedRows } = place;
    return { descriptor: file.descriptor, position, pairedRows };
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
