// Transposing small blocks of words.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// Words 0 .. words - 1 of rows first .. last - 1 of 16 to columns.
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

// 16 rows of 16 bf16 to 16 columns, both with neighbours of two rows side by side: from [8 row pairs][16 columns][2 rows] to
// [8 column pairs][16 rows][2 columns]. It is a transposition of 8 x 8 squares of 2 x 2.
#if defined(QUIRE_AVX512)
static QUIRE_INLINE void transposePairs(const char* from, char* to) {
  const __m512i swap = _mm512_set4_epi32(0x0f0e0b0a, 0x0d0c0908, 0x07060302, 0x05040100);
  __m512i a[8], b[8];
  for (int r = 0; r < 8; r++) a[r] = _mm512_shuffle_epi8(_mm512_loadu_si512(from + r * 64), swap);
  for (int r = 0; r < 8; r += 2) {
    b[r] = _mm512_unpacklo_epi64(a[r], a[r + 1]);
    b[r + 1] = _mm512_unpackhi_epi64(a[r], a[r + 1]);
  }
  // b[2 i + c] holds columns c, c + 2, c + 4, c + 6 of rows 2 i and 2 i + 1, one in each 128 bits.
  for (int c = 0; c < 2; c++) {
    const __m512i low01 = _mm512_shuffle_i64x2(b[c], b[c + 2], 0x88), high01 = _mm512_shuffle_i64x2(b[c], b[c + 2], 0xdd);
    const __m512i low23 = _mm512_shuffle_i64x2(b[c + 4], b[c + 6], 0x88), high23 = _mm512_shuffle_i64x2(b[c + 4], b[c + 6], 0xdd);
    _mm512_storeu_si512(to + c * 64, _mm512_shuffle_i64x2(low01, low23, 0x88));
    _mm512_storeu_si512(to + (c + 2) * 64, _mm512_shuffle_i64x2(high01, high23, 0x88));
    _mm512_storeu_si512(to + (c + 4) * 64, _mm512_shuffle_i64x2(low01, low23, 0xdd));
    _mm512_storeu_si512(to + (c + 6) * 64, _mm512_shuffle_i64x2(high01, high23, 0xdd));
  }
}
#elif defined(QUIRE_AVX2)
static QUIRE_INLINE void transposePairs(const char* from, char* to) {
  const __m256i swap = _mm256_set_epi32(0x0f0e0b0a, 0x0d0c0908, 0x07060302, 0x05040100, 0x0f0e0b0a, 0x0d0c0908, 0x07060302, 0x05040100);
  for (int r = 0; r < 8; r += 4)
    for (int c = 0; c < 8; c += 4) {
      __m256i a[4], b[4];
      for (int i = 0; i < 4; i++) a[i] = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i*)(from + (r + i) * 64 + c * 8)), swap);
      for (int i = 0; i < 4; i += 2) {
        b[i] = _mm256_unpacklo_epi64(a[i], a[i + 1]);
        b[i + 1] = _mm256_unpackhi_epi64(a[i], a[i + 1]);
      }
      for (int i = 0; i < 2; i++) {
        _mm256_storeu_si256((__m256i*)(to + (c + i) * 64 + r * 8), _mm256_permute2x128_si256(b[i], b[i + 2], 0x20));
        _mm256_storeu_si256((__m256i*)(to + (c + i + 2) * 64 + r * 8), _mm256_permute2x128_si256(b[i], b[i + 2], 0x31));
      }
    }
}
#else
static QUIRE_INLINE void transposePairs(const char* from, char* to) {
  uint64_t squares[64], turned[64];
  memcpy(squares, from, 512);
  for (int r = 0; r < 8; r++)
    for (int c = 0; c < 8; c++) {
      const uint64_t x = squares[r * 8 + c];
      turned[c * 8 + r] = (x & 0xffff00000000ffffu) | (x << 16 & 0xffff00000000u) | (x >> 16 & 0xffff0000u);
    }
  memcpy(to, turned, 512);
}
#endif

}  // namespace quire::QUIRE_ISA
