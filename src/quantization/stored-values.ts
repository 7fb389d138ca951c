/** Bytes of a checkpoint's tensors as numbers. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { bf16ToF32, f16ToF32 } from "../tensor/convert.js";
import { CheckpointError } from "../util/errors.js";
import type { ReadTensor } from "./checkpoint-scheme.js";

/** Values of an f32, f16 or bf16 tensor as f32. */
export function floatsOf(tensor: TensorInfo, read: ReadTensor): Float32Array {
  const bytes = aligned(read(tensor), 4);
  const { buffer, byteOffset, byteLength } = bytes;
  if (tensor.storage === "f32") return new Float32Array(buffer, byteOffset, byteLength / 4);
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
  const out = new Float32Array(halves.length);
  if (tensor.storage === "bf16") bf16ToF32(halves, out);
  else f16ToF32(halves, out);
  return out;
}

/** Scales: numbers to multiply with. @throws CheckpointError for one that is not finite, or 0 */
export function scalesOf(tensor: TensorInfo, read: ReadTensor): Float32Array {
  const values = floatsOf(tensor, read);
  const wrong = values.findIndex((value) => !Number.isFinite(value) || value === 0);
  if (wrong >= 0)
    throw new CheckpointError(
      `${tensor.file}: "${tensor.name}" holds the scale ${values[wrong]} at ${wrong}; scales must be finite and not 0`,
    );
  return values;
}

/** Words of an i32 tensor. */
export function wordsOf(tensor: TensorInfo, read: ReadTensor): Uint32Array {
  const { buffer, byteOffset, byteLength } = aligned(read(tensor), 4);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function aligned(bytes: Uint8Array, to: number): Uint8Array {
  return bytes.byteOffset % to === 0 ? bytes : bytes.slice();
}

let e4m3: Float32Array | undefined;

/** All 256 values of float8_e4m3fn: sign, 4 bits of exponent (bias 7), 3 of mantissa; 0x7f and 0xff are NaN. */
export function e4m3Values(): Float32Array {
  if (e4m3) return e4m3;
  e4m3 = new Float32Array(256);
  for (let code = 0; code < 256; code++) {
    const exponent = (code >> 3) & 15;
    const mantissa = code & 7;
    const size = exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10);
    e4m3[code] = (code & 127) === 127 ? Number.NaN : code < 128 ? size : -size;
  }
  return e4m3;
}
