/** The extension types that `pack` and `unpack` add to MessagePack. */

/** Numbers of the types; typed arrays have those from `TYPED_ARRAYS` on. */
export const Extension = {
  /** No bytes. */
  undefined: 0,
  /** A string with lone surrogates, which UTF-8 cannot say: little-endian UTF-16. */
  utf16: 1,
} as const;

const FIRST_TYPED_ARRAY = 16;

/** Uint8Array is MessagePack's own "bin". In the machine's byte order: both ends are on one machine. */
const TYPED_ARRAYS = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;

/** Extension type of a typed array; undefined for other views. */
export function typedArrayKind(array: ArrayBufferView): number | undefined {
  const index = TYPED_ARRAYS.findIndex((type) => array instanceof type);
  return index < 0 ? undefined : FIRST_TYPED_ARRAY + index;
}

/** The array of an extension type, with a copy of the bytes; undefined for other types. */
export function typedArrayOf(kind: number, bytes: Uint8Array): ArrayBufferView | undefined {
  const type = TYPED_ARRAYS[kind - FIRST_TYPED_ARRAY];
  return type && new type(new Uint8Array(bytes).buffer);
}
