/** Frames: messages on a stream of bytes, each after its length in 4 bytes. */
import { ShapeError } from "../../util/errors.js";
import { Packer } from "./pack.js";
import { unpack } from "./unpack.js";

const HEADER_BYTES = 4;
/** Far more than any message; a longer one means that the stream is broken. */
const MAX_FRAME_BYTES = 2 ** 30;

/** Packs messages, one frame each. */
export class FrameWriter {
  readonly #packer = new Packer();

  /** @throws ShapeError for what is not plain data, or is larger than 1 GiB */
  frame(message: unknown): Buffer {
    const bytes = this.#packer.pack(message, HEADER_BYTES);
    const length = bytes.length - HEADER_BYTES;
    if (length > MAX_FRAME_BYTES)
      throw new ShapeError(`a message of ${length} bytes is longer than ${MAX_FRAME_BYTES}`);
    bytes.writeUInt32BE(length, 0);
    return bytes;
  }
}

/** Unpacks messages from pieces of the stream, wherever they are cut. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #numBytes = 0;
  /** Bytes that are needed before there is something to do. */
  #needed = HEADER_BYTES;

  /**
   * The messages that this piece completes, in order.
   * @throws ShapeError if the stream is broken; it cannot be read further
   */
  *read(piece: Buffer): Generator<unknown, void, undefined> {
    this.#pieces.push(piece);
    this.#numBytes += piece.length;
    while (this.#numBytes >= this.#needed) {
      const bytes = this.#joined();
      const length = bytes.readUInt32BE(0);
      if (length > MAX_FRAME_BYTES) throw new ShapeError(`the stream is broken: a message of ${length} bytes`);
      const end = HEADER_BYTES + length;
      if (bytes.length < end) {
        this.#needed = end;
        return;
      }
      const rest = bytes.subarray(end);
      this.#pieces = rest.length > 0 ? [rest] : [];
      this.#numBytes = rest.length;
      this.#needed = HEADER_BYTES;
      yield unpack(bytes.subarray(HEADER_BYTES, end));
    }
  }

  #joined(): Buffer {
    if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]!;
  }
}
