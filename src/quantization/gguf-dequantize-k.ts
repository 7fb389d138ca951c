/** GGUF's K types to float32: super-blocks of 256 elements, whose sub-blocks have small integer scales of their own. */
import { f16Values } from "../tensor/convert.js";

/** 16 bytes (scale low nibble, min high nibble), 64 bytes of 2-bit quants, d and dmin f16: d * scale * quant - dmin * min. */
export function dequantizeQ2K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 84) {
    const d = f16[bytes[at + 80]! | (bytes[at + 81]! << 8)]!;
    const dmin = f16[bytes[at + 82]! | (bytes[at + 83]! << 8)]!;
    for (let sub = 0; sub < 16; sub++, to += 16) {
      const scales = bytes[at + sub]!;
      const scale = d * (scales & 15);
      const min = dmin * (scales >> 4);
      // Each half of 128 elements takes 32 bytes; a byte holds elements 32 apart, lowest bits first.
      const quants = at + 16 + (sub >> 3) * 32 + (sub & 1) * 16;
      const shift = sub & 6;
      for (let j = 0; j < 16; j++) out[to + j] = scale * ((bytes[quants + j]! >> shift) & 3) - min;
    }
  }
}

/** 32 bytes of third bits, 64 bytes of 2-bit quants, 12 bytes of 6-bit scales, d f16: d * (scale - 32) * (quant - 4). */
export function dequantizeQ3K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 110) {
    const d = f16[bytes[at + 108]! | (bytes[at + 109]! << 8)]!;
    for (let sub = 0; sub < 16; sub++, to += 16) {
      // Low nibbles of the 16 scales lie in 8 bytes, their upper 2 bits in 4 more.
      const low = (bytes[at + 96 + (sub & 7)]! >> (sub < 8 ? 0 : 4)) & 15;
      const high = (bytes[at + 104 + (sub & 3)]! >> (2 * (sub >> 2))) & 3;
      const scale = d * ((low | (high << 4)) - 32);
      const quants = at + 32 + (sub >> 3) * 32 + (sub & 1) * 16;
      const masks = at + (sub & 1) * 16;
      const shift = sub & 6;
      const maskShift = sub >> 1;
      for (let j = 0; j < 16; j++) {
        const quant = ((bytes[quants + j]! >> shift) & 3) | (((bytes[masks + j]! >> maskShift) & 1) << 2);
        out[to + j] = scale * (quant - 4);
      }
    }
  }
}

/** The 6-bit scale of sub-block `sub` (0 to 7) of Q4_K and Q5_K, whose 12 packed bytes begin at `at`. */
function scaleK4(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return bytes[at + sub]! & 63;
  return (bytes[at + sub + 4]! & 15) | ((bytes[at + sub - 4]! >> 6) << 4);
}

/** The 6-bit minimum of sub-block `sub`, packed as the scales are. */
function minK4(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return bytes[at + sub + 4]! & 63;
  return (bytes[at + sub + 4]! >> 4) | ((bytes[at + sub]! >> 6) << 4);
}

/** d and dmin f16, 12 bytes of scales and minima, 128 bytes of nibbles: d * scale * quant - dmin * min. */
export function dequantizeQ4K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 144) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const dmin = f16[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let sub = 0; sub < 8; sub++, to += 32) {
      const scale = d * scaleK4(bytes, at + 4, sub);
      const min = dmin * minK4(bytes, at + 4, sub);
      const quants = at + 16 + (sub >> 1) * 32;
      const shift = (sub & 1) * 4;
      for (let j = 0; j < 32; j++) out[to + j] = scale * ((bytes[quants + j]! >> shift) & 15) - min;
    }
  }
}

/** As Q4_K, with 32 bytes of fifth bits before the nibbles. */
export function dequantizeQ5K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 176) {
    const d = f16[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const dmin = f16[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let sub = 0; sub < 8; sub++, to += 32) {
      const scale = d * scaleK4(bytes, at + 4, sub);
      const min = dmin * minK4(bytes, at + 4, sub);
      const quants = at + 48 + (sub >> 1) * 32;
      const shift = (sub & 1) * 4;
      for (let j = 0; j < 32; j++) {
        const quant = ((bytes[quants + j]! >> shift) & 15) | (((bytes[at + 16 + j]! >> sub) & 1) << 4);
        out[to + j] = scale * quant - min;
      }
    }
  }
}

/** 128 bytes of nibbles, 64 bytes of upper 2 bits, 16 signed scales, d f16: d * scale * (quant - 32). */
export function dequantizeQ6K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  const f16 = f16Values();
  for (let block = 0, at = 0, to = 0; block < blocks; block++, at += 210) {
    const d = f16[bytes[at + 208]! | (bytes[at + 209]! << 8)]!;
    for (let sub = 0; sub < 16; sub++, to += 16) {
      // Within a half of 128: four runs of 32. Runs 0 and 1 are low nibbles, 2 and 3 high ones; a byte of upper bits serves all four.
      const half = sub >> 3;
      const run = (sub >> 1) & 3;
      const within = (sub & 1) * 16;
      const scale = d * ((bytes[at + 192 + sub]! << 24) >> 24);
      const low = at + half * 64 + (run & 1) * 32 + within;
      const high = at + 128 + half * 32 + within;
      const lowShift = (run >> 1) * 4;
      const highShift = run * 2;
      for (let j = 0; j < 16; j++) {
        const quant = ((bytes[low + j]! >> lowShift) & 15) | (((bytes[high + j]! >> highShift) & 3) << 4);
        out[to + j] = scale * (quant - 32);
      }
    }
  }
}
