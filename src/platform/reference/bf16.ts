/** bfloat16 bits to numbers and back, for the reference kernels. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Value of bfloat16 bits. */
export function fromBf16(value: number): number {
  bits[0] = value << 16;
  return float[0]!;
}

/** Bits of the nearest bfloat16 (ties to even; NaN stays NaN). */
export function toBf16(value: number): number {
  float[0] = value;
  const u = bits[0]!;
  if ((u & 0x7fffffff) > 0x7f800000) return (u >>> 16) | 0x40;
  return (u + 0x7fff + ((u >>> 16) & 1)) >>> 16;
}

/** The nearest bfloat16 value. */
export function roundToBf16(value: number): number {
  return fromBf16(toBf16(value));
}
