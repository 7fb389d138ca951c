/** Packer: plain data to MessagePack. What comes out of `unpack` is the same to the last bit. */
import { ShapeError } from "../../util/errors.js";
import { Extension, typedArrayKind } from "./extensions.js";

const INITIAL_BYTES = 16 * 1024;
/** A larger scratch buffer is not kept. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;
/** Longer strings are written by Buffer, which is slower for few characters. */
const SHORT_STRING = 48;

/**
 * Numbers, strings (lone surrogates too), booleans, null, undefined, bigints of 64 bits, arrays, typed arrays and plain objects. The
 * format is MessagePack's; undefined, typed arrays and strings that are no UTF-8 are extensions (see extensions.ts).
 *
 * Keeps a scratch buffer: one per connection.
 */
export class Packer {
  #bytes: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #view = viewOf(this.#bytes);
  #at = 0;

  /**
   * @param reserve bytes that are left free at the start, for a header
   * @returns bytes of their own, not used again
   * @throws ShapeError for what is not plain data: functions, symbols, class instances
   */
  pack(value: unknown, reserve = 0): Buffer {
    this.#at = 0;
    this.#room(reserve);
    this.#at = reserve;
    this.#value(value);
    const packed = Buffer.from(this.#bytes.subarray(0, this.#at));
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#use(Buffer.allocUnsafe(INITIAL_BYTES));
    return packed;
  }

  #use(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#use(larger);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "number":
        return this.#number(value);
      case "string":
        return this.#string(value);
      case "boolean":
        return this.#byte(value ? 0xc3 : 0xc2);
      case "undefined":
        return this.#extension(Extension.undefined, EMPTY);
      case "bigint":
        return this.#bigint(value);
      case "object":
        return value === null ? this.#byte(0xc0) : this.#object(value);
      default:
        throw notPlain(`a ${typeof value}`);
    }
  }

  #byte(byte: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = byte;
  }

  #number(value: number): void {
    this.#room(9);
    const view = this.#view;
    const at = this.#at;
    if (!Number.isInteger(value) || Object.is(value, -0) || value > 0xffffffff || value < -0x80000000) {
      view.setUint8(at, 0xcb);
      view.setFloat64(at + 1, value);
      this.#at += 9;
    } else if (value >= 0) {
      if (value < 0x80) view.setUint8(this.#at++, value);
      else this.#at += unsigned(view, at, value, 0xcc);
    } else if (value >= -32) {
      view.setInt8(this.#at++, value);
    } else if (value >= -0x80) {
      view.setUint8(at, 0xd0);
      view.setInt8(at + 1, value);
      this.#at += 2;
    } else if (value >= -0x8000) {
      view.setUint8(at, 0xd1);
      view.setInt16(at + 1, value);
      this.#at += 3;
    } else {
      view.setUint8(at, 0xd2);
      view.setInt32(at + 1, value);
      this.#at += 5;
    }
  }

  /** A length or count: in the first byte if it is below `small`, else in the 1, 2 or 4 bytes after `code` (no 1 if `code8` is 0). */
  #length(length: number, fix: number, small: number, code8: number, code16: number): void {
    this.#room(5);
    if (length < small) this.#bytes[this.#at++] = fix | length;
    else if (code8 !== 0 && length < 0x100) this.#at += unsigned(this.#view, this.#at, length, code8);
    else this.#at += unsigned(this.#view, this.#at, Math.max(length, 0), code16 - 1, length < 0x10000 ? 2 : 4);
  }

  #string(text: string): void {
    const { length } = text;
    if (length <= SHORT_STRING && this.#ascii(text)) return;
    if (LONE_SURROGATE.test(text)) return this.#extension(Extension.utf16, Buffer.from(text, "utf16le"));
    const numBytes = Buffer.byteLength(text);
    this.#length(numBytes, 0xa0, 32, 0xd9, 0xda);
    this.#room(numBytes);
    this.#at += this.#bytes.write(text, this.#at, "utf8");
  }

  /** Writes a short string of ASCII; false, and nothing is written, for others. */
  #ascii(text: string): boolean {
    const { length } = text;
    const start = this.#at;
    this.#length(length, 0xa0, 32, 0xd9, 0xda);
    this.#room(length);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.#at = start;
        return false;
      }
      this.#bytes[this.#at++] = code;
    }
    return true;
  }

  #bigint(value: bigint): void {
    this.#room(9);
    if (BigInt.asIntN(64, value) === value) {
      this.#view.setUint8(this.#at, 0xd3);
      this.#view.setBigInt64(this.#at + 1, value);
    } else if (BigInt.asUintN(64, value) === value) {
      this.#view.setUint8(this.#at, 0xcf);
      this.#view.setBigUint64(this.#at + 1, value);
    } else throw notPlain(`the bigint ${value}, which has more than 64 bits,`);
    this.#at += 9;
  }

  #object(value: object): void {
    if (Array.isArray(value)) {
      this.#length(value.length, 0x90, 16, 0, 0xdc);
      for (const member of value) this.#value(member);
    } else if (ArrayBuffer.isView(value)) {
      this.#typedArray(value);
    } else {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null)
        throw notPlain(`a ${value.constructor?.name ?? "class instance"}`);
      const keys = Object.keys(value);
      this.#length(keys.length, 0x80, 16, 0, 0xde);
      for (const key of keys) {
        this.#string(key);
        this.#value((value as Record<string, unknown>)[key]);
      }
    }
  }

  #typedArray(array: ArrayBufferView): void {
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
    if (array instanceof Uint8Array) {
      this.#length(bytes.length, 0, 0, 0xc4, 0xc5);
      this.#append(bytes);
    } else {
      const kind = typedArrayKind(array);
      if (kind === undefined) throw notPlain(`a ${array.constructor.name}`);
      this.#extension(kind, bytes);
    }
  }

  #extension(type: number, bytes: Buffer): void {
    this.#length(bytes.length, 0, 0, 0xc7, 0xc8);
    this.#byte(type);
    this.#append(bytes);
  }

  #append(bytes: Buffer): void {
    this.#room(bytes.length);
    bytes.copy(this.#bytes, this.#at);
    this.#at += bytes.length;
  }
}

const EMPTY = Buffer.alloc(0);
/** Half of a pair of UTF-16 codes, alone. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Writes `code` for 1 byte, `code` + 1 for 2, `code` + 2 for 4, and the number. Returns how many bytes that took. */
function unsigned(view: DataView, at: number, value: number, code: number, bytes = 0): number {
  const size = bytes || (value < 0x100 ? 1 : value < 0x10000 ? 2 : 4);
  view.setUint8(at, code + (size === 1 ? 0 : size === 2 ? 1 : 2));
  if (size === 1) view.setUint8(at + 1, value);
  else if (size === 2) view.setUint16(at + 1, value);
  else view.setUint32(at + 1, value);
  return 1 + size;
}

function notPlain(what: string): ShapeError {
  return new ShapeError(
    `${what} cannot be sent to the engine's process: only plain data can; use engine "in-process", or name a module that makes it there`,
  );
}
