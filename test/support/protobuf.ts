/** A reader of protobuf's wire format, for tests: fields by number, without a schema. */

export interface Field {
  readonly number: number;
  /** Varints and 64-bit values as numbers or bigints, the rest as bytes. */
  readonly value: bigint | Buffer;
}

export function fields(bytes: Buffer): Field[] {
  const all: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const type = tag & 7;
    const number = tag >> 3;
    if (type === 0) all.push({ number, value: varint() });
    else if (type === 2) {
      const length = Number(varint());
      all.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    } else {
      const length = type === 1 ? 8 : 4;
      all.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    }
  }
  return all;
}

/** Values of one field, in order. */
export function values(bytes: Buffer, number: number): Buffer[] {
  return fields(bytes).flatMap((field) => (field.number === number ? [field.value as Buffer] : []));
}
