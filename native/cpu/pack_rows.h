// Rows into panels of the matrix layout, converting on the way. One file, because rows come from memory, from files and from
// a generator of noise.
#pragma once
#include "gguf_blocks.h"
#include "matrix.h"

namespace quire::QUIRE_ISA {

constexpr int64_t kPackBlock = 256;  // columns converted at a time: even, and whole blocks of every stored type

// `count` f32 values as elements of a matrix.
static QUIRE_INLINE void convertF32(const float* source, int64_t count, int dtype, char* to) {
  if (dtype == kF32) {
    memcpy(to, source, static_cast<size_t>(count) * 4);
    return;
  }
  int64_t k = 0;
  for (; k + 16 <= count; k += 16) storeBf16(reinterpret_cast<bf16*>(to) + k, load(source + k));
  if (k == count) return;
  bf16 rounded[16];
  storeBf16(rounded, loadPartial(source + k, count - k));
  memcpy(to + k * 2, rounded, static_cast<size_t>(count - k) * 2);
}

// Elements [k0, k0 + count) of a stored row as elements of a matrix.
static inline void convertStored(const char* row, int type, int64_t k0, int64_t count, int dtype, char* to) {
  const char* source = row + storedBytes(type, k0);
  if (type == dtype) {
    memcpy(to, source, static_cast<size_t>(count * elementBytes(dtype)));
    return;
  }
  alignas(64) float values[kPackBlock];
  if (type >= kQ4_0) {
    dequantize(type, source, count, values);
    convertF32(values, count, dtype, to);
    return;
  }
  if (type == kF32) {
    // The row may lie anywhere in a file.
    memcpy(values, source, static_cast<size_t>(count) * 4);
    convertF32(values, count, dtype, to);
    return;
  }
  uint16_t halves[kPackBlock];
  memcpy(halves, source, static_cast<size_t>(count) * 2);
  if (count % 16) memset(halves + count, 0, static_cast<size_t>(16 - count % 16) * 2);
  for (int64_t k = 0; k < count; k += 16) store(values + k, type == kBF16 ? loadBf16(halves + k) : loadF16(halves + k));
  convertF32(values, count, dtype, to);
}

template <class Word>
static QUIRE_INLINE void transposeRows(const char* rows, int64_t rowBytes, int64_t first, int64_t last, int64_t words, Word* to) {
  for (int64_t k = 0; k < words; k++)
    for (int64_t r = first; r < last; r++) to[k * 16 + r] = reinterpret_cast<const Word*>(rows + r * rowBytes)[k];
}

#if defined(QUIRE_AVX512)
// 16 rows of 16 words to 16 columns.
static QUIRE_INLINE void transpose16(const char* rows, int64_t rowBytes, uint32_t* to) {
  __m512i a[16], b[16];
  for (int r = 0; r < 16; r++) a[r] = _mm512_loadu_si512(rows + r * rowBytes);
  for (int r = 0; r < 16; r += 2) {
    b[r] = _mm512_unpacklo_epi32(a[r], a[r + 1]);
    b[r + 1] = _mm512_unpackhi_epi32(a[r], a[r + 1]);
  }
  for (int r = 0; r < 16; r += 4) {
    a[r] = _mm512_unpacklo_epi64(b[r], b[r + 2]);
    a[r + 1] = _mm512_unpackhi_epi64(b[r], b[r + 2]);
    a[r + 2] = _mm512_unpacklo_epi64(b[r + 1], b[r + 3]);
    a[r + 3] = _mm512_unpackhi_epi64(b[r + 1], b[r + 3]);
  }
  // a[4 i + c] holds columns c, c + 4, c + 8, c + 12 of rows 4 i .. 4 i + 3, one in each 128 bits.
  for (int c = 0; c < 4; c++) {
    const __m512i low01 = _mm512_shuffle_i32x4(a[c], a[c + 4], 0x88), high01 = _mm512_shuffle_i32x4(a[c], a[c + 4], 0xdd);
    const __m512i low23 = _mm512_shuffle_i32x4(a[c + 8], a[c + 12], 0x88), high23 = _mm512_shuffle_i32x4(a[c + 8], a[c + 12], 0xdd);
    _mm512_storeu_si512(to + c * 16, _mm512_shuffle_i32x4(low01, low23, 0x88));
    _mm512_storeu_si512(to + (c + 4) * 16, _mm512_shuffle_i32x4(high01, high23, 0x88));
    _mm512_storeu_si512(to + (c + 8) * 16, _mm512_shuffle_i32x4(low01, low23, 0xdd));
    _mm512_storeu_si512(to + (c + 12) * 16, _mm512_shuffle_i32x4(high01, high23, 0xdd));
  }
}
#elif defined(QUIRE_AVX2)
static QUIRE_INLINE void transpose8(const char* rows, int64_t rowBytes, uint32_t* to) {
  __m256i a[8], b[8];
  for (int r = 0; r < 8; r++) a[r] = _mm256_loadu_si256((const __m256i*)(rows + r * rowBytes));
  for (int r = 0; r < 8; r += 2) {
    b[r] = _mm256_unpacklo_epi32(a[r], a[r + 1]);
    b[r + 1] = _mm256_unpackhi_epi32(a[r], a[r + 1]);
  }
  for (int r = 0; r < 8; r += 4) {
    a[r] = _mm256_unpacklo_epi64(b[r], b[r + 2]);
    a[r + 1] = _mm256_unpackhi_epi64(b[r], b[r + 2]);
    a[r + 2] = _mm256_unpacklo_epi64(b[r + 1], b[r + 3]);
    a[r + 3] = _mm256_unpackhi_epi64(b[r + 1], b[r + 3]);
  }
  for (int c = 0; c < 4; c++) {
    _mm256_storeu_si256((__m256i*)(to + c * 16), _mm256_permute2x128_si256(a[c], a[c + 4], 0x20));
    _mm256_storeu_si256((__m256i*)(to + (c + 4) * 16), _mm256_permute2x128_si256(a[c], a[c + 4], 0x31));
  }
}
static QUIRE_INLINE void transpose16(const char* rows, int64_t rowBytes, uint32_t* to) {
  for (int k = 0; k < 16; k += 8)
    for (int r = 0; r < 16; r += 8) transpose8(rows + r * rowBytes + k * 4, rowBytes, to + k * 16 + r);
}
#else
static QUIRE_INLINE void transpose16(const char* rows, int64_t rowBytes, uint32_t* to) {
  transposeRows<uint32_t>(rows, rowBytes, 0, 16, 16, to);
}
#endif

// Rows [first, last) of one panel; fill(row of the panel, k0, count, to) gives elements of the matrix's dtype.
template <class Fill>
static QUIRE_INLINE void packPanel(char* panel, int64_t columns, int dtype, int64_t first, int64_t last, Fill fill) {
  alignas(64) char rows[16 * kPackBlock * 4];
  const int64_t bytes = elementBytes(dtype), rowBytes = kPackBlock * bytes;
  for (int64_t k0 = 0; k0 < columns; k0 += kPackBlock) {
    const int64_t count = columns - k0 < kPackBlock ? columns - k0 : kPackBlock;
    for (int64_t r = first; r < last; r++) {
      char* row = rows + r * rowBytes;
      fill(r, k0, count, row);
      if (count % 2) memset(row + count * bytes, 0, static_cast<size_t>(bytes));
    }
    char* block = panel + panelOffset(0, k0, dtype);
    const int64_t words = evenColumns(count) / (dtype == kF32 ? 1 : 2);
    if (dtype == kI8) {
      transposeRows(rows, rowBytes, first, last, words, reinterpret_cast<uint16_t*>(block));
      continue;
    }
    uint32_t* to = reinterpret_cast<uint32_t*>(block);
    int64_t k = 0;
    if (first == 0 && last == 16)
      for (; k + 16 <= words; k += 16) transpose16(rows + k * 4, rowBytes, to + k * 16);
    transposeRows(rows + k * 4, rowBytes, first, last, words - k, to + k * 16);
  }
}

}  // namespace quire::QUIRE_ISA
