// The inner loops of attention: rows of queries (or of softmax weights) times panels of the KV cache.
//
// One line of 64 bytes holds 16 lanes of one panel. With f32 it is one step of the sum; with bf16 it is two steps side by
// side. Every output element has one accumulator, and steps are added in ascending order, however many rows and panels are
// computed side by side.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// Asks for a line into the second-level cache: there are more of such requests at a time than the first level allows.
static QUIRE_INLINE void prefetch(const char* line) { __builtin_prefetch(line, 0, 2); }

// A format says what one line is multiplied with: kFactors numbers of type Factor a row, the first at q[0], the second at
// q[secondFactor]. kRows x kPanels accumulators fit into the registers; so do kTallRows with fewer panels, which are better where
// panels are long and many rows share them.

struct FormatF32 {
  typedef float Factor;
  static constexpr int kFactors = 1;
#if defined(QUIRE_AVX512)
  static constexpr int kRows = 6, kPanels = 4, kTallRows = 12;
#elif defined(QUIRE_AVX2) || defined(QUIRE_NEON)
  static constexpr int kRows = 4, kPanels = 1, kTallRows = 4;
#else
  static constexpr int kRows = 2, kPanels = 1, kTallRows = 2;
#endif
  template <int rows, int panels, int rowStride, int secondFactor>
  static QUIRE_INLINE void step(Vec (&c)[rows][panels], const float* q, const char* const (&panel)[panels], int64_t at) {
    Vec b[panels];
#pragma GCC unroll 16
    for (int j = 0; j < panels; j++) b[j] = load(reinterpret_cast<const float*>(panel[j] + at));
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
      const Vec a = set1(q[i * rowStride]);
#pragma GCC unroll 16
      for (int j = 0; j < panels; j++) c[i][j] = fma(a, b[j], c[i][j]);
    }
  }
};

#if defined(QUIRE_AVX512_BF16)

// vdpbf16ps: both steps of a line by one instruction.
struct FormatBF16 {
  typedef uint32_t Factor;  // a pair of bf16
  static constexpr int kFactors = 1, kRows = 6, kPanels = 4, kTallRows = 12;
  template <int rows, int panels, int rowStride, int secondFactor>
  static QUIRE_INLINE void step(Vec (&c)[rows][panels], const uint32_t* q, const char* const (&panel)[panels], int64_t at) {
    __m512i b[panels];
#pragma GCC unroll 16
    for (int j = 0; j < panels; j++) b[j] = _mm512_loadu_si512(panel[j] + at);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
      const __m512i a = _mm512_set1_epi32(static_cast<int>(q[i * rowStride]));
#pragma GCC unroll 16
      for (int j = 0; j < panels; j++) c[i][j].v = _mm512_dpbf16_ps(c[i][j].v, (__m512bh)a, (__m512bh)b[j]);
    }
  }
};

#else

// A line is taken apart into its even and odd bf16, each widened to f32: exact products.
static QUIRE_INLINE void splitLine(const char* line, Vec& even, Vec& odd) {
#if defined(QUIRE_AVX512)
  const __m512i b = _mm512_loadu_si512(line);
  even.v = _mm512_castsi512_ps(_mm512_slli_epi32(b, 16));
  odd.v = _mm512_castsi512_ps(_mm512_and_si512(b, _mm512_set1_epi32(static_cast<int>(0xffff0000))));
#elif defined(QUIRE_AVX2)
  const __m256i mask = _mm256_set1_epi32(static_cast<int>(0xffff0000));
  const __m256i b0 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(line));
  const __m256i b1 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(line + 32));
  even = {_mm256_castsi256_ps(_mm256_slli_epi32(b0, 16)), _mm256_castsi256_ps(_mm256_slli_epi32(b1, 16))};
  odd = {_mm256_castsi256_ps(_mm256_and_si256(b0, mask)), _mm256_castsi256_ps(_mm256_and_si256(b1, mask))};
#else
  U4 b[4];
  memcpy(b, line, 64);
  for (int i = 0; i < 4; i++) {
    even.q[i] = (V4)(b[i] << 16);
    odd.q[i] = (V4)(b[i] & 0xffff0000u);
  }
#endif
}

struct FormatBF16 {
  typedef float Factor;
  static constexpr int kFactors = 2;
#if defined(QUIRE_AVX512)
  static constexpr int kRows = 6, kPanels = 2, kTallRows = 12;
#elif defined(QUIRE_AVX2) || defined(QUIRE_NEON)
  static constexpr int kRows = 4, kPanels = 1, kTallRows = 4;
#else
  static constexpr int kRows = 2, kPanels = 1, kTallRows = 2;
#endif
  template <int rows, int panels, int rowStride, int secondFactor>
  static QUIRE_INLINE void step(Vec (&c)[rows][panels], const float* q, const char* const (&panel)[panels], int64_t at) {
#pragma GCC unroll 16
    for (int j = 0; j < panels; j++) {
      Vec even, odd;
      splitLine(panel[j] + at, even, odd);
#pragma GCC unroll 16
      for (int i = 0; i < rows; i++) {
        c[i][j] = fma(set1(q[i * rowStride]), even, c[i][j]);
        c[i][j] = fma(set1(q[i * rowStride + secondFactor]), odd, c[i][j]);
      }
    }
  }
};

#endif

constexpr int kPartition = 512;  // src/platform/attention-partition.ts

// Scores of `rows` queries with the keys of `panels` panels of 16 tokens.
//   q      [line][factor][row], packed
//   panel  keys of each panel; `ahead` as many panels that are needed soon, or null
//   out    row i, panel j: 16 scores at out + i * kPartition + j * 16
template <class Format, int rows, int panels>
static __attribute__((noinline)) void scorePanels(const void* q, const char* const* keys, const char* const* ahead, int64_t lines,
                                                  float* out) {
  const typename Format::Factor* factors = static_cast<const typename Format::Factor*>(q);
  const char* panel[panels];
  Vec c[rows][panels];
#pragma GCC unroll 16
  for (int j = 0; j < panels; j++) {
    panel[j] = keys[j];
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) c[i][j] = zero();
  }
  for (int64_t k = 0; k < lines; k++) {
    if (ahead)
#pragma GCC unroll 16
      for (int j = 0; j < panels; j++) prefetch(ahead[j] + k * 64);
    Format::template step<rows, panels, 1, rows>(c, factors + k * Format::kFactors * rows, panel, k * 64);
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 16
    for (int j = 0; j < panels; j++) store(out + i * kPartition + j * 16, c[i][j]);
}

// Weighted sums of the values of `count` blocks of 16 tokens, for `rows` rows and `panels` panels of 16 elements.
//   weights  row i: kPartition / 2 * kFactors (pairs: kPartition / 2) factors further; block by block
//   values   first value panel of each block; `offset` bytes further the first one wanted; panels lie panelBytes apart
//   ahead    how many blocks ahead to prefetch; values[count ...] must be readable addresses as far as that; 0: none
template <class Format, int rows, int panels>
static __attribute__((noinline)) void weighValues(const void* weights, const char* const* values, int64_t offset, int64_t count,
                                                  int ahead, float* out, int64_t outStride) {
  constexpr bool isPair = sizeof(typename Format::Factor) == 4 && Format::kFactors == 1 && !__is_same(typename Format::Factor, float);
  constexpr int factorsPerBlock = isPair ? 8 : 16, rowStride = isPair ? kPartition / 2 : kPartition;
  constexpr int lines = factorsPerBlock / Format::kFactors;
  const typename Format::Factor* factors = static_cast<const typename Format::Factor*>(weights);
  Vec c[rows][panels];
#pragma GCC unroll 16
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 16
    for (int j = 0; j < panels; j++) c[i][j] = zero();
  for (int64_t b = 0; b < count; b++, factors += factorsPerBlock) {
    const char* panel[panels];
#pragma GCC unroll 16
    for (int j = 0; j < panels; j++) panel[j] = values[b] + offset + j * lines * 64;
    const char* next = ahead ? values[b + ahead] + offset : nullptr;
    for (int k = 0; k < lines; k++) {
      if (next)
#pragma GCC unroll 16
        for (int j = 0; j < panels; j++) prefetch(next + (j * lines + k) * 64);
      Format::template step<rows, panels, rowStride, 1>(c, factors + k * Format::kFactors, panel, k * 64);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 16
    for (int j = 0; j < panels; j++) store(out + i * outStride + j * 16, c[i][j]);
}

// The functions above by rows (1 .. kTallRows) and by the largest power of two of panels that is wanted and that there is.
template <class Format>
struct Kernels {
  typedef void (*Score)(const void*, const char* const*, const char* const*, int64_t, float*);
  typedef void (*Weigh)(const void*, const char* const*, int64_t, int64_t, int, float*, int64_t);
  struct Choice {
    Score score;
    Weigh weigh;
    int panels;
  };
  template <int rows>
  static Choice choose(int64_t panels) {
    constexpr int most = rows > Format::kRows ? Format::kPanels / 2 : Format::kPanels;
    if constexpr (rows > Format::kTallRows) {
      return {};
    } else {
      if constexpr (most >= 4)
        if (panels >= 4) return {scorePanels<Format, rows, 4>, weighValues<Format, rows, 4>, 4};
      if constexpr (most >= 2)
        if (panels >= 2) return {scorePanels<Format, rows, 2>, weighValues<Format, rows, 2>, 2};
      return {scorePanels<Format, rows, 1>, weighValues<Format, rows, 1>, 1};
    }
  }
  static Choice get(int64_t rows, int64_t panels) {
    switch (rows) {
      case 1: return choose<1>(panels);
      case 2: return choose<2>(panels);
      case 3: return choose<3>(panels);
      case 4: return choose<4>(panels);
      case 5: return choose<5>(panels);
      case 6: return choose<6>(panels);
      case 7: return choose<7>(panels);
      case 8: return choose<8>(panels);
      case 9: return choose<9>(panels);
      case 10: return choose<10>(panels);
      case 11: return choose<11>(panels);
      default: return choose<12>(panels);
    }
  }
};

}  // namespace quire::QUIRE_ISA
