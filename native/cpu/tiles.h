// The innermost loops of linear layers: a tile of rows times a few panels of 16 outputs.
//
// An output element is one accumulator lane. It starts at 0 (or at what earlier K blocks left in C) and takes its products in
// ascending k, whatever the tile's height, the number of panels or the K blocks: that is what makes results independent of the batch.
#pragma once
#include "matrix.h"

#define QUIRE_UNROLL _Pragma("GCC unroll 32")

namespace quire::QUIRE_ISA {

// How a weight format meets packed activations. kSteps multiply-adds take one pair of k; kBytes is what 16 outputs x one pair occupy.
struct F32Weights {
  typedef float Activation;
  typedef Vec Panel;
  static constexpr int kSteps = 2, kBytes = 128;
  static QUIRE_INLINE Panel panel(const char* w, int step) { return load(reinterpret_cast<const float*>(w) + 16 * step); }
  static QUIRE_INLINE Vec multiplyAdd(const float* a, Panel b, Vec c) { return fma(set1(*a), b, c); }
};

struct Bf16Weights {
  typedef float Activation;
  typedef Vec Panel;
  static constexpr int kSteps = 2, kBytes = 64;
  static QUIRE_INLINE Panel panel(const char* w, int step) {
#if defined(QUIRE_AVX512)
    const __m512i b = _mm512_load_si512(w);
    return {_mm512_castsi512_ps(step ? _mm512_and_si512(b, _mm512_set1_epi32((int)0xffff0000)) : _mm512_slli_epi32(b, 16))};
#elif defined(QUIRE_AVX2)
    const __m256i lo = _mm256_load_si256((const __m256i*)w), hi = _mm256_load_si256((const __m256i*)w + 1);
    const __m256i upper = _mm256_set1_epi32((int)0xffff0000);
    return {_mm256_castsi256_ps(step ? _mm256_and_si256(lo, upper) : _mm256_slli_epi32(lo, 16)),
            _mm256_castsi256_ps(step ? _mm256_and_si256(hi, upper) : _mm256_slli_epi32(hi, 16))};
#else
    U4 words[4];
    memcpy(words, w, 64);
    QUIRE_QUARTERS((V4)(step ? words[i] & 0xffff0000u : words[i] << 16));
#endif
  }
  static QUIRE_INLINE Vec multiplyAdd(const float* a, Panel b, Vec c) { return fma(set1(*a), b, c); }
};

struct I8Weights {
  typedef float Activation;
  typedef Vec Panel;
  static constexpr int kSteps = 2, kBytes = 32;
  static QUIRE_INLINE Panel panel(const char* w, int step) {
#if defined(QUIRE_AVX512)
    const __m512i pairs = _mm512_cvtepi16_epi32(_mm256_load_si256((const __m256i*)w));
    return {_mm512_cvtepi32_ps(_mm512_srai_epi32(step ? pairs : _mm512_slli_epi32(pairs, 24), step ? 8 : 24))};
#elif defined(QUIRE_AVX2)
    const __m256i lo = _mm256_cvtepi16_epi32(_mm_load_si128((const __m128i*)w));
    const __m256i hi = _mm256_cvtepi16_epi32(_mm_load_si128((const __m128i*)w + 1));
    return {_mm256_cvtepi32_ps(step ? _mm256_srai_epi32(lo, 8) : _mm256_srai_epi32(_mm256_slli_epi32(lo, 24), 24)),
            _mm256_cvtepi32_ps(step ? _mm256_srai_epi32(hi, 8) : _mm256_srai_epi32(_mm256_slli_epi32(hi, 24), 24))};
#else
    const int8_t* b = reinterpret_cast<const int8_t*>(w) + step;
    QUIRE_QUARTERS((V4{(float)b[i * 8], (float)b[i * 8 + 2], (float)b[i * 8 + 4], (float)b[i * 8 + 6]}));
#endif
  }
  static QUIRE_INLINE Vec multiplyAdd(const float* a, Panel b, Vec c) { return fma(set1(*a), b, c); }
  // The same values as f32, for rows of tiles that share a slab.
  typedef F32Weights Wide;
  static QUIRE_INLINE void widen(const char* from, char* to) {
    store(reinterpret_cast<float*>(to), panel(from, 0));
    store(reinterpret_cast<float*>(to) + 16, panel(from, 1));
  }
};

#if defined(QUIRE_AVX512_BF16)
struct Bf16Dot {
  typedef uint32_t Activation;
  typedef __m512i Panel;
  static constexpr int kSteps = 1, kBytes = 64;
  static QUIRE_INLINE Panel panel(const char* w, int) { return _mm512_load_si512(w); }
  static QUIRE_INLINE Vec multiplyAdd(const uint32_t* a, Panel b, Vec c) {
    return {_mm512_dpbf16_ps(c.v, (__m512bh)_mm512_set1_epi32((int)*a), (__m512bh)b)};
  }
};

struct I8Dot {
  typedef uint32_t Activation;
  typedef __m512i Panel;
  static constexpr int kSteps = 1, kBytes = 32;
  static QUIRE_INLINE Panel panel(const char* w, int) {
    const __m512 lo = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_load_si128((const __m128i*)w)));
    const __m512 hi = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_load_si128((const __m128i*)w + 1)));
    return (__m512i)_mm512_cvtne2ps_pbh(hi, lo);
  }
  static QUIRE_INLINE Vec multiplyAdd(const uint32_t* a, Panel b, Vec c) { return Bf16Dot::multiplyAdd(a, b, c); }
  typedef Bf16Dot Wide;
  static QUIRE_INLINE void widen(const char* from, char* to) { _mm512_store_si512(to, panel(from, 0)); }
};
#endif

struct TileArgs {
  const void* activations;     // the tile, from this K block on
  const char* const* panels;   // each panel, from this K block on
  int64_t pairs;               // of k
  float* c;                    // [MR][ldc]
  int64_t ldc;
  bool carry;                  // go on from what is in c
  const char* prefetch;        // kFetch bytes a pair are asked for from here, into the second-level cache
};
typedef void (*TileFunction)(const TileArgs&);

template <class Weights, int MR, int NR, int kFetch>
__attribute__((noinline)) static void multiplyTile(const TileArgs& t) {
  typedef typename Weights::Activation Activation;
  constexpr int S = Weights::kSteps;
  Vec c[MR][NR];
  const char* w[NR];
  QUIRE_UNROLL for (int j = 0; j < NR; j++) w[j] = t.panels[j];
  if (t.carry) {
    QUIRE_UNROLL for (int i = 0; i < MR; i++) QUIRE_UNROLL for (int j = 0; j < NR; j++) c[i][j] = load(t.c + i * t.ldc + j * 16);
  } else {
    QUIRE_UNROLL for (int i = 0; i < MR; i++) QUIRE_UNROLL for (int j = 0; j < NR; j++) c[i][j] = zero();
  }
  const Activation* a = static_cast<const Activation*>(t.activations);
  const char* fetch = t.prefetch;
  int64_t offset = 0;
  for (int64_t k = t.pairs; k > 0; k--) {
    QUIRE_UNROLL for (int s = 0; s < S; s++) {
      typename Weights::Panel b[NR];
      QUIRE_UNROLL for (int j = 0; j < NR; j++) b[j] = Weights::panel(w[j] + offset, s);
      QUIRE_UNROLL for (int i = 0; i < MR; i++)
        QUIRE_UNROLL for (int j = 0; j < NR; j++) c[i][j] = Weights::multiplyAdd(a + s * MR + i, b[j], c[i][j]);
    }
    if (kFetch > 0) {
      QUIRE_UNROLL for (int line = 0; line < (kFetch + 63) / 64; line++) __builtin_prefetch(fetch + line * 64, 0, 2);
      fetch += kFetch;
    }
    offset += Weights::kBytes;
    a += S * MR;
  }
  QUIRE_UNROLL for (int i = 0; i < MR; i++) QUIRE_UNROLL for (int j = 0; j < NR; j++) store(t.c + i * t.ldc + j * 16, c[i][j]);
}

// Panels (4, 2 or 1) that a tile of this height takes at once: as many as the registers hold.
static QUIRE_INLINE constexpr int panelsAtOnce(int64_t height) {
#if defined(QUIRE_AVX512)
  return height <= 6 ? 4 : 2;
#elif defined(QUIRE_AVX2) || defined(QUIRE_NEON)
  return height == 1 ? 4 : height <= 3 ? 2 : 1;
#else
  return height == 1 ? 2 : 1;
#endif
}

template <class Weights, int MR, int kFetch>
static TileFunction tileOfPanels(int panels) {
  if constexpr (panelsAtOnce(MR) >= 4)
    if (panels == 4) return multiplyTile<Weights, MR, 4, kFetch>;
  if constexpr (panelsAtOnce(MR) >= 2)
    if (panels == 2) return multiplyTile<Weights, MR, 2, kFetch>;
  return multiplyTile<Weights, MR, 1, kFetch>;
}

// The loop for a tile's height and panels; panels <= panelsAtOnce(height).
template <class Weights, int kFetch>
static TileFunction tileFunction(int64_t height, int panels) {
  switch (height) {
    case 1: return tileOfPanels<Weights, 1, kFetch>(panels);
    case 2: return tileOfPanels<Weights, 2, kFetch>(panels);
    case 3: return tileOfPanels<Weights, 3, kFetch>(panels);
#if defined(QUIRE_AVX2) || defined(QUIRE_NEON)
    case 4: return tileOfPanels<Weights, 4, kFetch>(panels);
    case 5: return tileOfPanels<Weights, 5, kFetch>(panels);
    case 6: return tileOfPanels<Weights, 6, kFetch>(panels);
#endif
#if defined(QUIRE_AVX512)
    case 7: return tileOfPanels<Weights, 7, kFetch>(panels);
    case 8: return tileOfPanels<Weights, 8, kFetch>(panels);
    case 9: return tileOfPanels<Weights, 9, kFetch>(panels);
    case 10: return tileOfPanels<Weights, 10, kFetch>(panels);
    case 11: return tileOfPanels<Weights, 11, kFetch>(panels);
    case 12: return tileOfPanels<Weights, 12, kFetch>(panels);
#endif
    default: return nullptr;
  }
}

}  // namespace quire::QUIRE_ISA
