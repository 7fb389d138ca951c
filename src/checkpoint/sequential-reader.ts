/** Reads little-endian values one after the other from a file, through a window, never past a limit. */
import { CheckpointError } from "../util/errors.js";
import { quote } from "./problems.js";
import type { RandomAccessFile } from "./random-access-file.js";

const windowBytes = 1 << 20;

/** A cursor over the first `limit` bytes of a file. Every read throws CheckpointError instead of passing the limit. */
export class SequentialReader {
  private readonly file: RandomAccessFile;
  private readonly limit: number;
  private readonly window: Buffer;
  private readonly view: DataView;
  /** File position of the window's first byte. */
  private windowStart = 0;
  private windowLength = 0;
  /** Cursor, relative to the window. */
  private at = 0;

  constructor(file: RandomAccessFile, limit: number = file.size) {
    this.file = file;
    this.limit = Math.min(limit, file.size);
    this.window = Buffer.alloc(Math.min(windowBytes, Math.max(this.limit, 16)));
    this.view = new DataView(this.window.buffer, this.window.byteOffset, this.window.byteLength);
  }

  /** File position of the next byte. */
  get position(): number {
    return this.windowStart + this.at;
  }

  /** Bytes up to the limit. */
  get remaining(): number {
    return this.limit - this.position;
  }

  u8 = (): number => this.view.getUint8(this.take(1));
  i8 = (): number => this.view.getInt8(this.take(1));
  u16 = (): number => this.view.getUint16(this.take(2), true);
  i16 = (): number => this.view.getInt16(this.take(2), true);
  u32 = (): number => this.view.getUint32(this.take(4), true);
  i32 = (): number => this.view.getInt32(this.take(4), true);
  f32 = (): number => this.view.getFloat32(this.take(4), true);
  f64 = (): number => this.view.getFloat64(this.take(8), true);
  u64 = (): number | bigint => narrow(this.view.getBigUint64(this.take(8), true));
  i64 = (): number | bigint => narrow(this.view.getBigInt64(this.take(8), true));

  /**
   * A u64 that counts things of at least `bytesEach` bytes each, which must fit into the rest.
   *
   * @param what names the count in the error, with `of`: the key or so that it belongs to
   */
  count(what: string, bytesEach: number, most: number, of?: string): number {
    const position = this.position;
    const count = this.u64();
    if (count > most || Number(count) * bytesEach > this.remaining)
      throw new CheckpointError(
        `${this.file.path}: ${what}${of === undefined ? "" : ` of ${quote(of)}`} at byte ${position} is ${count}, more than ${Math.min(most, Math.floor(this.remaining / bytesEach))} can be there; the file is damaged or cut off`,
      );
    return Number(count);
  }

  /** `length` bytes as UTF-8; bytes that are none become U+FFFD. */
  text(length: number): string {
    if (length <= this.window.length) {
      const start = this.take(length);
      return this.window.toString("utf8", start, start + length);
    }
    return Buffer.from(this.bytes(length).buffer).toString("utf8");
  }

  /**
   * Passes over `count` texts, each with its length in front as a u64, without decoding them: a vocabulary has many.
   *
   * @param most bytes of one text
   * @param of names the key in errors
   * @returns the bytes passed over, lengths included
   */
  skipTexts(count: number, most: number, of: string): Uint8Array<ArrayBuffer> {
    const start = this.position;
    for (let i = 0; i < count; i++) {
      const at = this.take(8);
      const length = this.view.getUint32(at, true);
      if (this.view.getUint32(at + 4, true) !== 0 || length > most || length > this.remaining) {
        this.at -= 8;
        this.count("the length of a string", 1, most, of);
      }
      this.skip(length);
    }
    const bytes = new Uint8Array(this.position - start);
    this.file.readInto(start, bytes.length, bytes);
    return bytes;
  }

  /** `length` bytes in an array of their own. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    this.need(length);
    const bytes = new Uint8Array(length);
    this.file.readInto(this.position, length, bytes);
    this.windowStart += this.at + length;
    this.windowLength = 0;
    this.at = 0;
    return bytes;
  }

  /** Moves the cursor over the next `length` (at most the window's) bytes; their index in the window. */
  private take(length: number): number {
    if (this.at + length > this.windowLength) this.fill(length);
    const start = this.at;
    this.at += length;
    return start;
  }

  private skip(length: number): void {
    this.at += length;
    if (this.at <= this.windowLength) return;
    this.windowStart += this.at;
    this.windowLength = 0;
    this.at = 0;
  }

  private fill(length: number): void {
    this.need(length);
    this.windowStart += this.at;
    this.at = 0;
    this.windowLength = Math.min(this.window.length, this.limit - this.windowStart);
    this.file.readInto(this.windowStart, this.windowLength, this.window);
  }

  private need(length: number): void {
    if (length > this.remaining)
      throw new CheckpointError(
        `${this.file.path}: ${length} bytes expected at byte ${this.position}, but only ${this.remaining} are left; the file is damaged or cut off`,
      );
  }
}

/** A number where it is exact. */
function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
