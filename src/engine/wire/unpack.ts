/** Unpacker: MessagePack to plain data; the other half of pack.ts. */
import { ShapeError } from "../../util/errors.js";
import { Extension, typedArrayOf } from "./extensions.js";

/** Longer strings are read by Buffer, which is slower for few characters. */
const SHORT_STRING = 24;

/**
 * The value in `bytes`, all of them.
 * @throws ShapeError if they are cut off, too many, or not what `Packer` writes
 */
export function unpack(bytes: Buffer): unknown {
  const unpacker = new Unpacker(bytes);
  try {
    const value = unpacker.value();
    if (unpacker.at === bytes.length) return value;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ShapeError(`a message of ${bytes.length} bytes is cut off`, { cause });
  }
  throw new ShapeError(`a message of ${bytes.length} bytes has ${bytes.length - unpacker.at} too many`);
}

class Unpacker {
  at = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(): unknown {
    const code = this.#view.getUint8(this.at++);
    if (code < 0x80) return code;
    if (code < 0x90) return this.#map(code & 0x0f);
    if (code < 0xa0) return this.#array(code & 0x0f);
    if (code < 0xc0) return this.#string(code & 0x1f);
    if (code >= 0xe0) return code - 0x100;
    switch (code) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return new Uint8Array(this.#take(this.#unsigned(code - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(code - 0xc7));
      case 0xcb:
        return this.#view.getFloat64((this.at += 8) - 8);
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(code - 0xcc);
      case 0xcf:
        return this.#view.getBigUint64((this.at += 8) - 8);
      case 0xd0:
        return this.#view.getInt8((this.at += 1) - 1);
      case 0xd1:
        return this.#view.getInt16((this.at += 2) - 2);
      case 0xd2:
        return this.#view.getInt32((this.at += 4) - 4);
      case 0xd3:
        return this.#view.getBigInt64((this.at += 8) - 8);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#unsigned(code - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(code - 0xdc + 1));
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(code - 0xde + 1));
      default:
        throw new ShapeError(`a message has the code ${code} at byte ${this.at - 1}, which is not in use`);
    }
  }

  /** @param power 0, 1, 2 for 1, 2, 4 bytes */
  #unsigned(power: number): number {
    if (power === 0) return this.#view.getUint8(this.at++);
    if (power === 1) return this.#view.getUint16((this.at += 2) - 2);
    return this.#view.getUint32((this.at += 4) - 4);
  }

  #take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.#bytes.length) throw new RangeError("cut off");
    return this.#bytes.subarray(this.at, (this.at = end));
  }

  #string(length: number): string {
    const start = this.at;
    const end = start + length;
    if (end > this.#bytes.length) throw new RangeError("cut off");
    this.at = end;
    if (length > SHORT_STRING) return this.#bytes.toString("utf8", start, end);
    let text = "";
    for (let i = start; i < end; i++) {
      const code = this.#bytes[i]!;
      if (code >= 0x80) return this.#bytes.toString("utf8", start, end);
      text += String.fromCharCode(code);
    }
    return text;
  }

  #array(length: number): unknown[] {
    if (this.at + length > this.#bytes.length) throw new RangeError("cut off");
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) list.push(this.value());
    return list;
  }

  #map(length: number): object {
    const map: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const key = this.value() as string;
      const value = this.value();
      if (key === "__proto__") Object.defineProperty(map, key, { value, enumerable: true, writable: true });
      else map[key] = value;
    }
    return map;
  }

  #extension(length: number): unknown {
    const type = this.#view.getUint8(this.at++);
    const bytes = this.#take(length);
    if (type === Extension.undefined) return undefined;
    if (type === Extension.utf16) return bytes.toString("utf16le");
    const array = typedArrayOf(type, bytes);
    if (array !== undefined) return array;
    throw new ShapeError(`a message has the extension type ${type}, which is not in use`);
  }
}
