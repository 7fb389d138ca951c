/** Conversions between 16-bit and 32-bit floats, array to array. Widening is exact; narrowing rounds to nearest, ties to even. */
import { ShapeError } from "../util/errors.js";

let table: Float32Array | undefined;

/** The value of every float16, indexed by its bits; made on first use (256 KiB). Do not write to it. */
export function f16Values(): Float32Array {
  if (table !== undefined) return table;
  table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return table;
}

/** Widens float16 bits to float32. `target` is at least as long as `source`. @throws ShapeError if it is not */
export function f16ToF32(source: Uint16Array, target: Float32Array): void {
  checkLength(source, target);
  const values = f16Values();
  for (let i = 0; i < source.length; i++) target[i] = values[source[i]!]!;
}

/** Widens bfloat16 bits to float32, NaN payloads kept. @throws ShapeError if `target` is shorter than `source` */
export function bf16ToF32(source: Uint16Array, target: Float32Array): void {
  checkLength(source, target);
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16;
}

/** Rounds float32 to bfloat16 bits; too large values become infinite, NaN stays a quiet NaN. @throws ShapeError if `target` is shorter */
export function f32ToBf16(source: Float32Array, target: Uint16Array): void {
  checkLength(source, target);
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i]!;
    if ((x & 0x7fffffff) > 0x7f800000) target[i] = (x >>> 16) | 0x40;
    else target[i] = (x + 0x7fff + ((x >>> 16) & 1)) >>> 16;
  }
}

/** Rounds float32 to float16 bits; from 65520 on values become infinite, NaN stays a quiet NaN. @throws ShapeError if `target` is shorter */
export function f32ToF16(source: Float32Array, target: Uint16Array): void {
  checkLength(source, target);
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    const x = bits[i]! & 0x7fffffff;
    if (x > 0x7f800000) target[i] = sign | 0x7e00 | ((x >>> 13) & 0x3ff);
    else if (x >= 0x477ff000) target[i] = sign | 0x7c00;
    else if (x >= 0x38800000) target[i] = sign | ((x - 0x38000000 + 0xfff + ((x >>> 13) & 1)) >>> 13);
    else target[i] = sign | subnormalF16(x);
  }
}

/** Float16 bits of a float32 (bits x, sign off) below 2^-14. */
function subnormalF16(x: number): number {
  const shift = 126 - (x >>> 23);
  if (shift > 24) return 0;
  const fraction = (x & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0);
}

function checkLength(source: ArrayLike<number>, target: ArrayLike<number>): void {
  if (target.length < source.length)
    throw new ShapeError(`convert: ${source.length} elements do not fit into a target of ${target.length}`);
}
