// Philox4x32-10 (Salmon et al. 2011): random words as a function of a counter and a key. As src/platform/reference/philox.ts.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

struct PhiloxKey {
  uint32_t low, high;
};

// Lanes of 32-bit words; multiply(a, m) gives the high and low halves of a * m, lane by lane.
struct Word {
  uint32_t v;
};
static QUIRE_INLINE void multiply(Word a, uint32_t m, Word& high, Word& low) {
  const uint64_t product = static_cast<uint64_t>(m) * a.v;
  high.v = static_cast<uint32_t>(product >> 32);
  low.v = static_cast<uint32_t>(product);
}
static QUIRE_INLINE Word exclusiveOr(Word a, Word b, uint32_t key) { return {a.v ^ b.v ^ key}; }

#if defined(QUIRE_AVX512)
struct Words {
  __m512i v;
};
static QUIRE_INLINE Words words(uint32_t x) { return {_mm512_set1_epi32(static_cast<int>(x))}; }
static QUIRE_INLINE Words wordsFrom(uint32_t x) {
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return {_mm512_add_epi32(words(x).v, lanes)};
}
static QUIRE_INLINE void multiply(Words a, uint32_t m, Words& high, Words& low) {
  const __m512i even = _mm512_mul_epu32(a.v, words(m).v), odd = _mm512_mul_epu32(_mm512_srli_epi64(a.v, 32), words(m).v);
  high.v = _mm512_mask_mov_epi32(_mm512_srli_epi64(even, 32), 0xaaaa, odd);
  low.v = _mm512_mask_mov_epi32(even, 0xaaaa, _mm512_slli_epi64(odd, 32));
}
static QUIRE_INLINE Words exclusiveOr(Words a, Words b, uint32_t key) {
  return {_mm512_xor_si512(_mm512_xor_si512(a.v, b.v), words(key).v)};
}
static QUIRE_INLINE void storeWords(uint32_t* p, Words a) { _mm512_storeu_si512(p, a.v); }
#elif defined(QUIRE_AVX2)
struct Words {
  __m256i half[2];
};
static QUIRE_INLINE Words words(uint32_t x) {
  return {{_mm256_set1_epi32(static_cast<int>(x)), _mm256_set1_epi32(static_cast<int>(x))}};
}
static QUIRE_INLINE Words wordsFrom(uint32_t x) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return {{_mm256_add_epi32(words(x).half[0], lanes), _mm256_add_epi32(words(x + 8).half[0], lanes)}};
}
static QUIRE_INLINE void multiply(Words a, uint32_t m, Words& high, Words& low) {
  const __m256i factor = words(m).half[0];
  for (int i = 0; i < 2; i++) {
    const __m256i even = _mm256_mul_epu32(a.half[i], factor), odd = _mm256_mul_epu32(_mm256_srli_epi64(a.half[i], 32), factor);
    high.half[i] = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
    low.half[i] = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
  }
}
static QUIRE_INLINE Words exclusiveOr(Words a, Words b, uint32_t key) {
  const __m256i k = words(key).half[0];
  return {{_mm256_xor_si256(_mm256_xor_si256(a.half[0], b.half[0]), k),
           _mm256_xor_si256(_mm256_xor_si256(a.half[1], b.half[1]), k)}};
}
static QUIRE_INLINE void storeWords(uint32_t* p, Words a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a.half[0]);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p + 8), a.half[1]);
}
#else
struct Words {
  uint32_t v[16];
};
static QUIRE_INLINE Words wordsFrom(uint32_t x) {
  Words a;
  for (uint32_t l = 0; l < 16; l++) a.v[l] = x + l;
  return a;
}
static QUIRE_INLINE Words words(uint32_t x) {
  Words a;
  for (int l = 0; l < 16; l++) a.v[l] = x;
  return a;
}
static QUIRE_INLINE void multiply(const Words& a, uint32_t m, Words& high, Words& low) {
  for (int l = 0; l < 16; l++) {
    const uint64_t product = static_cast<uint64_t>(m) * a.v[l];
    high.v[l] = static_cast<uint32_t>(product >> 32);
    low.v[l] = static_cast<uint32_t>(product);
  }
}
static QUIRE_INLINE Words exclusiveOr(const Words& a, const Words& b, uint32_t key) {
  Words c;
  for (int l = 0; l < 16; l++) c.v[l] = a.v[l] ^ b.v[l] ^ key;
  return c;
}
static QUIRE_INLINE void storeWords(uint32_t* p, const Words& a) { memcpy(p, a.v, 64); }
#endif

// Ten rounds on the four words of each lane's counter.
template <class W>
static QUIRE_INLINE void philox(W (&c)[4], PhiloxKey key) {
  for (int round = 0; round < 10; round++) {
    W high0, low0, high1, low1;
    multiply(c[0], 0xd2511f53u, high0, low0);
    multiply(c[2], 0xcd9e8d57u, high1, low1);
    c[0] = exclusiveOr(high1, c[1], key.low);
    c[2] = exclusiveOr(high0, c[3], key.high);
    c[1] = low1;
    c[3] = low0;
    key.low += 0x9e3779b9u;
    key.high += 0xbb67ae85u;
  }
}

// The first random words of the 64 tokens of block `block`, in the order of their ids.
static QUIRE_INLINE void randomBlock(uint32_t (&random)[64], PhiloxKey key, uint32_t drawIndex, int64_t block) {
  Words c[4] = {wordsFrom(static_cast<uint32_t>(block * 16)), words(drawIndex), words(0), words(0)};
  philox(c, key);
  for (int w = 0; w < 4; w++) storeWords(random + w * 16, c[w]);
}

// One token's second word.
static inline uint32_t secondWord(PhiloxKey key, uint32_t drawIndex, int64_t token) {
  Word c[4] = {{static_cast<uint32_t>(token / 64 * 16 + token % 16)}, {drawIndex}, {1}, {0}};
  philox(c, key);
  return c[token / 16 % 4].v;
}

}  // namespace quire::QUIRE_ISA
