// GGUF's block types to f32. src/quantization/gguf-dequantize*.ts says what each block holds, and both give the same bits:
// every product here is exact in f32, so that a sum rounds once.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// How stored rows are kept, beside DType; src/platform/cpu/weight-records.ts mirrors it.
enum BlockType : int {
  kQ4_0 = 16, kQ4_1, kQ5_0, kQ5_1, kQ8_0, kQ2_K, kQ3_K, kQ4_K, kQ5_K, kQ6_K, kIQ4_NL
};

static QUIRE_INLINE int64_t blockElements(int type) { return type >= kQ2_K && type <= kQ6_K ? 256 : type >= kQ4_0 ? 32 : 1; }
static QUIRE_INLINE int64_t blockBytes(int type) {
  constexpr int16_t bytes[] = {18, 20, 22, 24, 34, 84, 110, 144, 176, 210, 18};
  return type >= kQ4_0 ? bytes[type - kQ4_0] : type == kF32 ? 4 : type == kI8 ? 1 : 2;
}
// Bytes of `count` elements; whole blocks.
static QUIRE_INLINE int64_t storedBytes(int type, int64_t count) { return count / blockElements(type) * blockBytes(type); }

static QUIRE_INLINE float halfAt(const uint8_t* p) { return halfToFloat(static_cast<f16>(p[0] | p[1] << 8)); }
static QUIRE_INLINE uint32_t wordAt(const uint8_t* p) {
  uint32_t word;
  memcpy(&word, p, 4);
  return word;
}

static QUIRE_INLINE void dequantizeQ4_0(const uint8_t* p, float* out) {
  const float d = halfAt(p);
  for (int j = 0; j < 16; j++) {
    out[j] = d * static_cast<float>((p[2 + j] & 15) - 8);
    out[j + 16] = d * static_cast<float>((p[2 + j] >> 4) - 8);
  }
}

static QUIRE_INLINE void dequantizeQ4_1(const uint8_t* p, float* out) {
  const float d = halfAt(p), m = halfAt(p + 2);
  for (int j = 0; j < 16; j++) {
    out[j] = d * static_cast<float>(p[4 + j] & 15) + m;
    out[j + 16] = d * static_cast<float>(p[4 + j] >> 4) + m;
  }
}

static QUIRE_INLINE void dequantizeQ5_0(const uint8_t* p, float* out) {
  const float d = halfAt(p);
  const uint32_t fifth = wordAt(p + 2);
  for (int j = 0; j < 16; j++) {
    out[j] = d * static_cast<float>(static_cast<int>((p[6 + j] & 15) | (fifth >> j & 1) << 4) - 16);
    out[j + 16] = d * static_cast<float>(static_cast<int>(p[6 + j] >> 4 | (fifth >> (j + 16) & 1) << 4) - 16);
  }
}

static QUIRE_INLINE void dequantizeQ5_1(const uint8_t* p, float* out) {
  const float d = halfAt(p), m = halfAt(p + 2);
  const uint32_t fifth = wordAt(p + 4);
  for (int j = 0; j < 16; j++) {
    out[j] = d * static_cast<float>(static_cast<int>((p[8 + j] & 15) | (fifth >> j & 1) << 4)) + m;
    out[j + 16] = d * static_cast<float>(static_cast<int>(p[8 + j] >> 4 | (fifth >> (j + 16) & 1) << 4)) + m;
  }
}

static QUIRE_INLINE void dequantizeQ8_0(const uint8_t* p, float* out) {
  const float d = halfAt(p);
  for (int j = 0; j < 32; j++) out[j] = d * static_cast<float>(static_cast<int8_t>(p[2 + j]));
}

static QUIRE_INLINE void dequantizeIQ4_NL(const uint8_t* p, float* out) {
  constexpr int8_t values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
  const float d = halfAt(p);
  for (int j = 0; j < 16; j++) {
    out[j] = d * static_cast<float>(values[p[2 + j] & 15]);
    out[j + 16] = d * static_cast<float>(values[p[2 + j] >> 4]);
  }
}

static QUIRE_INLINE void dequantizeQ2_K(const uint8_t* p, float* out) {
  const float d = halfAt(p + 80), dmin = halfAt(p + 82);
  for (int sub = 0; sub < 16; sub++, out += 16) {
    const float scale = d * static_cast<float>(p[sub] & 15), min = dmin * static_cast<float>(p[sub] >> 4);
    const uint8_t* quants = p + 16 + (sub >> 3) * 32 + (sub & 1) * 16;
    const int shift = sub & 6;
    for (int j = 0; j < 16; j++) out[j] = scale * static_cast<float>(quants[j] >> shift & 3) - min;
  }
}

static QUIRE_INLINE void dequantizeQ3_K(const uint8_t* p, float* out) {
  const float d = halfAt(p + 108);
  for (int sub = 0; sub < 16; sub++, out += 16) {
    const int low = p[96 + (sub & 7)] >> (sub < 8 ? 0 : 4) & 15, high = p[104 + (sub & 3)] >> (2 * (sub >> 2)) & 3;
    const float scale = d * static_cast<float>((low | high << 4) - 32);
    const uint8_t *quants = p + 32 + (sub >> 3) * 32 + (sub & 1) * 16, *masks = p + (sub & 1) * 16;
    const int shift = sub & 6, maskShift = sub >> 1;
    for (int j = 0; j < 16; j++)
      out[j] = scale * static_cast<float>(((quants[j] >> shift & 3) | (masks[j] >> maskShift & 1) << 2) - 4);
  }
}

// The 6-bit scale and minimum of sub-block `sub` (0 to 7) of Q4_K and Q5_K, from their 12 packed bytes.
static QUIRE_INLINE int scaleK4(const uint8_t* p, int sub) {
  return sub < 4 ? p[sub] & 63 : (p[sub + 4] & 15) | p[sub - 4] >> 6 << 4;
}
static QUIRE_INLINE int minK4(const uint8_t* p, int sub) {
  return sub < 4 ? p[sub + 4] & 63 : p[sub + 4] >> 4 | p[sub] >> 6 << 4;
}

static QUIRE_INLINE void dequantizeQ4_K(const uint8_t* p, float* out) {
  const float d = halfAt(p), dmin = halfAt(p + 2);
  for (int sub = 0; sub < 8; sub++, out += 32) {
    const float scale = d * static_cast<float>(scaleK4(p + 4, sub)), min = dmin * static_cast<float>(minK4(p + 4, sub));
    const uint8_t* quants = p + 16 + (sub >> 1) * 32;
    const int shift = (sub & 1) * 4;
    for (int j = 0; j < 32; j++) out[j] = scale * static_cast<float>(quants[j] >> shift & 15) - min;
  }
}

static QUIRE_INLINE void dequantizeQ5_K(const uint8_t* p, float* out) {
  const float d = halfAt(p), dmin = halfAt(p + 2);
  for (int sub = 0; sub < 8; sub++, out += 32) {
    const float scale = d * static_cast<float>(scaleK4(p + 4, sub)), min = dmin * static_cast<float>(minK4(p + 4, sub));
    const uint8_t* quants = p + 48 + (sub >> 1) * 32;
    const int shift = (sub & 1) * 4;
    for (int j = 0; j < 32; j++)
      out[j] = scale * static_cast<float>((quants[j] >> shift & 15) | (p[16 + j] >> sub & 1) << 4) - min;
  }
}

static QUIRE_INLINE void dequantizeQ6_K(const uint8_t* p, float* out) {
  const float d = halfAt(p + 208);
  for (int sub = 0; sub < 16; sub++, out += 16) {
    // Within a half of 128: four runs of 32. Runs 0 and 1 are low nibbles, 2 and 3 high ones; a byte of upper bits serves all four.
    const int half = sub >> 3, run = sub >> 1 & 3, within = (sub & 1) * 16;
    const float scale = d * static_cast<float>(static_cast<int8_t>(p[192 + sub]));
    const uint8_t *low = p + half * 64 + (run & 1) * 32 + within, *high = p + 128 + half * 32 + within;
    const int lowShift = (run >> 1) * 4, highShift = run * 2;
    for (int j = 0; j < 16; j++)
      out[j] = scale * static_cast<float>(((low[j] >> lowShift & 15) | (high[j] >> highShift & 3) << 4) - 32);
  }
}

// `count` elements (whole blocks) from `blocks` on.
static inline void dequantize(int type, const void* blocks, int64_t count, float* out) {
  const uint8_t* p = static_cast<const uint8_t*>(blocks);
  const int64_t elements = blockElements(type), bytes = blockBytes(type);
  for (int64_t k = 0; k < count; k += elements, p += bytes) {
    switch (type) {
      case kQ4_0: dequantizeQ4_0(p, out + k); break;
      case kQ4_1: dequantizeQ4_1(p, out + k); break;
      case kQ5_0: dequantizeQ5_0(p, out + k); break;
      case kQ5_1: dequantizeQ5_1(p, out + k); break;
      case kQ8_0: dequantizeQ8_0(p, out + k); break;
      case kQ2_K: dequantizeQ2_K(p, out + k); break;
      case kQ3_K: dequantizeQ3_K(p, out + k); break;
      case kQ4_K: dequantizeQ4_K(p, out + k); break;
      case kQ5_K: dequantizeQ5_K(p, out + k); break;
      case kQ6_K: dequantizeQ6_K(p, out + k); break;
      default: dequantizeIQ4_NL(p, out + k); break;
    }
  }
}

}  // namespace quire::QUIRE_ISA
