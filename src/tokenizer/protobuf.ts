/** Just enough protobuf to read a SentencePiece model: fields of a message, one after the other. */
import { CheckpointError } from "../util/errors.js";

/** One field: its number, and its value by wire type (varint, bytes, or four raw bytes as a float). */
export type ProtobufField =
  | { number: number; kind: "varint"; value: number }
  | { number: number; kind: "bytes"; value: Uint8Array }
  | { number: number; kind: "float"; value: number }
  | { number: number; kind: "other" };

/** A varint at `offset`; numbers beyond 2^53 lose their low bits (negative int32 is given as signed). */
function readVarint(bytes: Uint8Array, offset: number, where: string): { value: number; next: number } {
  const first = bytes[offset];
  if (first !== undefined && first < 0x80) return { value: first, next: offset + 1 };
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: Number(BigInt.asIntN(64, value)), next: offset + i + 1 };
  }
  throw new CheckpointError(`${where}: damaged protobuf: no end of the number at byte ${offset} of ${bytes.length}`);
}

/**
 * The fields of one message.
 * @throws CheckpointError where the bytes end too early or make no sense
 */
export function* protobufFields(bytes: Uint8Array, where: string): Generator<ProtobufField> {
  const need = (offset: number, length: number): number => {
    if (length >= 0 && offset + length <= bytes.length) return offset + length;
    throw new CheckpointError(
      `${where}: damaged protobuf: a field at byte ${offset} needs ${length} bytes, ${bytes.length - offset} are left`,
    );
  };
  let offset = 0;
  while (offset < bytes.length) {
    const tag = readVarint(bytes, offset, where);
    const number = Math.floor(tag.value / 8);
    const wireType = tag.value & 7;
    offset = tag.next;
    if (number <= 0) throw new CheckpointError(`${where}: damaged protobuf: field number ${number} at byte ${offset}`);
    if (wireType === 0) {
      const { value, next } = readVarint(bytes, offset, where);
      yield { number, kind: "varint", value };
      offset = next;
    } else if (wireType === 2) {
      const length = readVarint(bytes, offset, where);
      offset = need(length.next, length.value);
      yield { number, kind: "bytes", value: bytes.subarray(length.next, offset) };
    } else if (wireType === 5) {
      const start = offset;
      offset = need(offset, 4);
      const view = new DataView(bytes.buffer, bytes.byteOffset + start, 4);
      yield { number, kind: "float", value: view.getFloat32(0, true) };
    } else if (wireType === 1) {
      offset = need(offset, 8);
      yield { number, kind: "other" };
    } else {
      throw new CheckpointError(`${where}: damaged protobuf: wire type ${wireType} at byte ${offset}`);
    }
  }
}
