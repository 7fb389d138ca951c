/** A file read by position: exact slices, never the whole. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { CheckpointError } from "../util/errors.js";

/** One read call is at most this long: larger ones are refused by some systems. */
const maxReadBytes = 2 ** 30;

/** An open regular file. Its size is taken when it is opened. */
export class RandomAccessFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  private openDescriptor: number | undefined;

  /** @throws CheckpointError if the path is not a readable regular file */
  constructor(path: string) {
    this.path = path;
    try {
      if (!statSync(path).isFile()) throw new CheckpointError(`${path}: expected a regular file`);
      this.openDescriptor = openSync(path, "r");
      this.size = fstatSync(this.openDescriptor).size;
    } catch (error) {
      if (error instanceof CheckpointError) throw error;
      throw new CheckpointError(`${path}: cannot be opened: ${(error as Error).message}`, { cause: error });
    }
  }

  /** The system's number of the open file. @throws CheckpointError if it is closed */
  get descriptor(): number {
    if (this.openDescriptor === undefined) throw new CheckpointError(`${this.path}: is closed`);
    return this.openDescriptor;
  }

  /**
   * Fills target[targetOffset, targetOffset + length) with the bytes from `position` on.
   *
   * @throws CheckpointError if the file is closed, ends earlier, or cannot be read
   */
  readInto(position: number, length: number, target: Uint8Array, targetOffset = 0): void {
    const { descriptor } = this;
    for (let done = 0; done < length;) {
      let got: number;
      try {
        got = readSync(descriptor, target, targetOffset + done, Math.min(length - done, maxReadBytes), position + done);
      } catch (error) {
        throw new CheckpointError(`${this.path}: reading ${length} bytes at ${position}: ${(error as Error).message}`, {
          cause: error,
        });
      }
      if (got === 0)
        throw new CheckpointError(
          `${this.path}: ends at byte ${position + done}, expected ${length} bytes at ${position}; download it again`,
        );
      done += got;
    }
  }

  /** The bytes [position, position + length) in a new array. For headers; the caller bounds `length` first. */
  readBytes(position: number, length: number): Uint8Array {
    if (position + length > this.size)
      throw new CheckpointError(
        `${this.path}: expected ${length} bytes at ${position}, but the file has ${this.size}; download it again`,
      );
    const bytes = new Uint8Array(length);
    this.readInto(position, length, bytes);
    return bytes;
  }

  close(): void {
    if (this.openDescriptor !== undefined) closeSync(this.openDescriptor);
    this.openDescriptor = undefined;
  }
}
