// A vector of 16 floats on every instruction set: one zmm, two ymm, or four 128-bit vectors. Included by kernel.h.
//
//   Vec load(p) / loadPartial(p, n)      16 floats, unaligned / the first n, the rest 0 (touches no memory beyond)
//   store(p, v) / storePartial(p, v, n)
//   loadBf16(p), storeBf16(p, v)         16 bf16; storing rounds to nearest even (NaN stays NaN)
//   loadF16(p)                           16 IEEE half floats, exact
//   roundBf16(v)                         f32 values that are rounded to bf16
//   set1, zero, add, sub, mul, div, max, min, fma(a, b, c) = a * b + c, neg, abs, sqrt, exp, tanh
//   sum(v), largest(v)                   over the 16 lanes, in one fixed order: (i, i+8), (i, i+4), (i, i+2), (i, i+1)
//
// fma rounds once where the instruction set has it (all but `portable`, which multiplies, then adds). max and min return the
// second operand if either is NaN. Scalar helpers: toFloat(bf16), toBf16(float), halfToFloat(f16).
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(QUIRE_AVX2)
#include <immintrin.h>
#elif defined(QUIRE_NEON)
#include <arm_neon.h>
#endif

namespace quire::QUIRE_ISA {

static QUIRE_INLINE uint32_t bitsOf(float x) {
  uint32_t u;
  memcpy(&u, &x, 4);
  return u;
}
static QUIRE_INLINE float floatOf(uint32_t u) {
  float x;
  memcpy(&x, &u, 4);
  return x;
}
static QUIRE_INLINE float toFloat(bf16 b) { return floatOf(static_cast<uint32_t>(b) << 16); }
static QUIRE_INLINE bf16 toBf16(float x) {
  const uint32_t u = bitsOf(x);
  if ((u & 0x7fffffff) > 0x7f800000) return static_cast<bf16>(u >> 16 | 0x40);
  return static_cast<bf16>((u + 0x7fff + (u >> 16 & 1)) >> 16);
}
static QUIRE_INLINE float halfToFloat(f16 h) {
  const uint32_t sign = static_cast<uint32_t>(h & 0x8000) << 16, magnitude = h & 0x7fff;
  if (magnitude >= 0x7c00) return floatOf(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
  // A half's bits moved to f32's place are the value times 2^-112; exact, also for subnormals.
  return floatOf(sign | bitsOf(floatOf(magnitude << 13) * 0x1p112f));
}

#if defined(QUIRE_AVX512)

struct Vec {
  __m512 v;
};
static QUIRE_INLINE __mmask16 firstLanes(int64_t n) { return n >= 16 ? 0xffff : static_cast<__mmask16>((1u << n) - 1); }
static QUIRE_INLINE Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
static QUIRE_INLINE void store(float* p, Vec a) { _mm512_storeu_ps(p, a.v); }
static QUIRE_INLINE Vec loadPartial(const float* p, int64_t n) { return {_mm512_maskz_loadu_ps(firstLanes(n), p)}; }
static QUIRE_INLINE void storePartial(float* p, Vec a, int64_t n) { _mm512_mask_storeu_ps(p, firstLanes(n), a.v); }
static QUIRE_INLINE Vec set1(float x) { return {_mm512_set1_ps(x)}; }
static QUIRE_INLINE Vec zero() { return {_mm512_setzero_ps()}; }
static QUIRE_INLINE Vec add(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
static QUIRE_INLINE Vec sub(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
static QUIRE_INLINE Vec mul(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
static QUIRE_INLINE Vec div(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
static QUIRE_INLINE Vec max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
static QUIRE_INLINE Vec min(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
static QUIRE_INLINE Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
static QUIRE_INLINE Vec neg(Vec a) { return {_mm512_xor_ps(a.v, _mm512_set1_ps(-0.f))}; }
static QUIRE_INLINE Vec abs(Vec a) { return {_mm512_andnot_ps(_mm512_set1_ps(-0.f), a.v)}; }
static QUIRE_INLINE Vec sqrt(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
static QUIRE_INLINE Vec roundNearest(Vec a) { return {_mm512_roundscale_ps(a.v, 8)}; }
// a * 2^n, n whole and within -126 .. 127
static QUIRE_INLINE Vec timesPowerOfTwo(Vec a, Vec n) {
  const __m512i e = _mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n.v), _mm512_set1_epi32(127)), 23);
  return {_mm512_mul_ps(a.v, _mm512_castsi512_ps(e))};
}
// a where x >= limit (or NaN), else 0
static QUIRE_INLINE Vec zeroBelow(Vec a, Vec x, float limit) {
  return {_mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x.v, _mm512_set1_ps(limit), _CMP_NLT_UQ), a.v)};
}
static QUIRE_INLINE Vec loadBf16(const bf16* p) {
  return {_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)p)), 16))};
}
static QUIRE_INLINE Vec loadF16(const f16* p) { return {_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i*)p))}; }
static QUIRE_INLINE __m512i bf16Bits(Vec a) {  // rounded, in the upper halves; lower halves undefined
  const __m512i u = _mm512_castps_si512(a.v);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(u, 16), _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(u, _mm512_set1_epi32(0x7fff)), odd);
  const __mmask16 nan = _mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q);
  return _mm512_mask_or_epi32(rounded, nan, u, _mm512_set1_epi32(0x400000));
}
static QUIRE_INLINE void storeBf16(bf16* p, Vec a) {
  _mm256_storeu_si256((__m256i*)p, _mm512_cvtepi32_epi16(_mm512_srli_epi32(bf16Bits(a), 16)));
}
static QUIRE_INLINE Vec roundBf16(Vec a) {
  return {_mm512_castsi512_ps(_mm512_and_si512(bf16Bits(a), _mm512_set1_epi32((int)0xffff0000)))};
}
static QUIRE_INLINE __m256 lowerHalf(Vec a) { return _mm512_castps512_ps256(a.v); }
static QUIRE_INLINE __m256 upperHalf(Vec a) { return _mm512_extractf32x8_ps(a.v, 1); }

#elif defined(QUIRE_AVX2)

struct Vec {
  __m256 lo, hi;
};
static QUIRE_INLINE Vec load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
static QUIRE_INLINE void store(float* p, Vec a) {
  _mm256_storeu_ps(p, a.lo);
  _mm256_storeu_ps(p + 8, a.hi);
}
static QUIRE_INLINE __m256i firstLanes(int64_t n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static QUIRE_INLINE Vec loadPartial(const float* p, int64_t n) {
  return {_mm256_maskload_ps(p, firstLanes(n)), _mm256_maskload_ps(p + 8, firstLanes(n - 8))};
}
static QUIRE_INLINE void storePartial(float* p, Vec a, int64_t n) {
  _mm256_maskstore_ps(p, firstLanes(n), a.lo);
  _mm256_maskstore_ps(p + 8, firstLanes(n - 8), a.hi);
}
static QUIRE_INLINE Vec set1(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
static QUIRE_INLINE Vec zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
static QUIRE_INLINE Vec add(Vec a, Vec b) { return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)}; }
static QUIRE_INLINE Vec sub(Vec a, Vec b) { return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)}; }
static QUIRE_INLINE Vec mul(Vec a, Vec b) { return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)}; }
static QUIRE_INLINE Vec div(Vec a, Vec b) { return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)}; }
static QUIRE_INLINE Vec max(Vec a, Vec b) { return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)}; }
static QUIRE_INLINE Vec min(Vec a, Vec b) { return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)}; }
static QUIRE_INLINE Vec fma(Vec a, Vec b, Vec c) {
  return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}
static QUIRE_INLINE Vec neg(Vec a) {
  const __m256 s = _mm256_set1_ps(-0.f);
  return {_mm256_xor_ps(a.lo, s), _mm256_xor_ps(a.hi, s)};
}
static QUIRE_INLINE Vec abs(Vec a) {
  const __m256 s = _mm256_set1_ps(-0.f);
  return {_mm256_andnot_ps(s, a.lo), _mm256_andnot_ps(s, a.hi)};
}
static QUIRE_INLINE Vec sqrt(Vec a) { return {_mm256_sqrt_ps(a.lo), _mm256_sqrt_ps(a.hi)}; }
static QUIRE_INLINE Vec roundNearest(Vec a) { return {_mm256_round_ps(a.lo, 8), _mm256_round_ps(a.hi, 8)}; }
static QUIRE_INLINE __m256 powerOfTwo(__m256 n) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23));
}
static QUIRE_INLINE Vec timesPowerOfTwo(Vec a, Vec n) {
  return {_mm256_mul_ps(a.lo, powerOfTwo(n.lo)), _mm256_mul_ps(a.hi, powerOfTwo(n.hi))};
}
static QUIRE_INLINE Vec zeroBelow(Vec a, Vec x, float limit) {
  const __m256 l = _mm256_set1_ps(limit);
  return {_mm256_and_ps(_mm256_cmp_ps(x.lo, l, _CMP_NLT_UQ), a.lo), _mm256_and_ps(_mm256_cmp_ps(x.hi, l, _CMP_NLT_UQ), a.hi)};
}
static QUIRE_INLINE __m256 widenBf16(const bf16* p) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i*)p)), 16));
}
static QUIRE_INLINE Vec loadBf16(const bf16* p) { return {widenBf16(p), widenBf16(p + 8)}; }
static QUIRE_INLINE Vec loadF16(const f16* p) {
  return {_mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)p)), _mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)(p + 8)))};
}
static QUIRE_INLINE __m256i bf16Bits(__m256 a) {
  const __m256i u = _mm256_castps_si256(a);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(u, 16), _mm256_set1_epi32(1));
  const __m256i rounded = _mm256_add_epi32(_mm256_add_epi32(u, _mm256_set1_epi32(0x7fff)), odd);
  const __m256i quiet = _mm256_or_si256(u, _mm256_set1_epi32(0x400000));
  return _mm256_blendv_epi8(rounded, quiet, _mm256_castps_si256(_mm256_cmp_ps(a, a, _CMP_UNORD_Q)));
}
static QUIRE_INLINE void storeBf16(bf16* p, Vec a) {
  const __m256i packed = _mm256_packus_epi32(_mm256_srli_epi32(bf16Bits(a.lo), 16), _mm256_srli_epi32(bf16Bits(a.hi), 16));
  _mm256_storeu_si256((__m256i*)p, _mm256_permute4x64_epi64(packed, 0xd8));
}
static QUIRE_INLINE Vec roundBf16(Vec a) {
  const __m256i upper = _mm256_set1_epi32((int)0xffff0000);
  return {_mm256_castsi256_ps(_mm256_and_si256(bf16Bits(a.lo), upper)), _mm256_castsi256_ps(_mm256_and_si256(bf16Bits(a.hi), upper))};
}
static QUIRE_INLINE __m256 lowerHalf(Vec a) { return a.lo; }
static QUIRE_INLINE __m256 upperHalf(Vec a) { return a.hi; }

#else  // portable and neon: four 128-bit vectors of the compiler's own

typedef float V4 __attribute__((vector_size(16)));
typedef int32_t I4 __attribute__((vector_size(16)));
typedef uint32_t U4 __attribute__((vector_size(16)));
struct Vec {
  V4 q[4];
};
#define QUIRE_QUARTERS(expression)                                     \
  Vec r;                                                               \
  _Pragma("GCC unroll 4") for (int i = 0; i < 4; i++) r.q[i] = (expression); \
  return r
static QUIRE_INLINE Vec load(const float* p) {
  Vec r;
  memcpy(&r, p, 64);
  return r;
}
static QUIRE_INLINE void store(float* p, Vec a) { memcpy(p, &a, 64); }
static QUIRE_INLINE Vec loadPartial(const float* p, int64_t n) {
  Vec r = {};
  memcpy(&r, p, n >= 16 ? 64 : static_cast<size_t>(n) * 4);
  return r;
}
static QUIRE_INLINE void storePartial(float* p, Vec a, int64_t n) { memcpy(p, &a, n >= 16 ? 64 : static_cast<size_t>(n) * 4); }
static QUIRE_INLINE V4 splat(float x) { return V4{x, x, x, x}; }
static QUIRE_INLINE Vec set1(float x) { QUIRE_QUARTERS(splat(x)); }
static QUIRE_INLINE Vec zero() { return set1(0.f); }
static QUIRE_INLINE Vec add(Vec a, Vec b) { QUIRE_QUARTERS(a.q[i] + b.q[i]); }
static QUIRE_INLINE Vec sub(Vec a, Vec b) { QUIRE_QUARTERS(a.q[i] - b.q[i]); }
static QUIRE_INLINE Vec mul(Vec a, Vec b) { QUIRE_QUARTERS(a.q[i] * b.q[i]); }
static QUIRE_INLINE Vec div(Vec a, Vec b) { QUIRE_QUARTERS(a.q[i] / b.q[i]); }
static QUIRE_INLINE V4 pick(I4 mask, V4 a, V4 b) { return (V4)(((I4)a & mask) | ((I4)b & ~mask)); }
static QUIRE_INLINE Vec max(Vec a, Vec b) { QUIRE_QUARTERS(pick(a.q[i] > b.q[i], a.q[i], b.q[i])); }
static QUIRE_INLINE Vec min(Vec a, Vec b) { QUIRE_QUARTERS(pick(a.q[i] < b.q[i], a.q[i], b.q[i])); }
#if defined(QUIRE_NEON)
static QUIRE_INLINE Vec fma(Vec a, Vec b, Vec c) {
  QUIRE_QUARTERS((V4)vfmaq_f32((float32x4_t)c.q[i], (float32x4_t)a.q[i], (float32x4_t)b.q[i]));
}
#else
static QUIRE_INLINE Vec fma(Vec a, Vec b, Vec c) { QUIRE_QUARTERS(a.q[i] * b.q[i] + c.q[i]); }
#endif
static QUIRE_INLINE Vec neg(Vec a) { QUIRE_QUARTERS(-a.q[i]); }
static QUIRE_INLINE Vec abs(Vec a) { QUIRE_QUARTERS((V4)((U4)a.q[i] & 0x7fffffffu)); }
static QUIRE_INLINE Vec sqrt(Vec a) {
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) a.q[i][j] = ::sqrtf(a.q[i][j]);
  return a;
}
// To the nearest whole number, halves to even; |x| below 2^22
static QUIRE_INLINE Vec roundNearest(Vec a) { QUIRE_QUARTERS((a.q[i] + splat(12582912.f)) - splat(12582912.f)); }
static QUIRE_INLINE V4 powerOfTwo(V4 n) { return (V4)((__builtin_convertvector(n, I4) + 127) << 23); }
static QUIRE_INLINE Vec timesPowerOfTwo(Vec a, Vec n) { QUIRE_QUARTERS(a.q[i] * powerOfTwo(n.q[i])); }
static QUIRE_INLINE Vec zeroBelow(Vec a, Vec x, float limit) {
  QUIRE_QUARTERS((V4)((I4)a.q[i] & ~(I4)(x.q[i] < splat(limit))));
}
static QUIRE_INLINE U4 bf16Bits(V4 a) {
  const U4 u = (U4)a, rounded = u + 0x7fffu + (u >> 16 & 1u);
  const U4 nan = (U4)(a != a);
  return ((u | 0x400000u) & nan) | (rounded & ~nan);
}
static QUIRE_INLINE Vec roundBf16(Vec a) { QUIRE_QUARTERS((V4)(bf16Bits(a.q[i]) & 0xffff0000u)); }
static QUIRE_INLINE void storeBf16(bf16* p, Vec a) {
  for (int i = 0; i < 4; i++) {
    const U4 u = bf16Bits(a.q[i]) >> 16;
    for (int j = 0; j < 4; j++) p[i * 4 + j] = static_cast<bf16>(u[j]);
  }
}
static QUIRE_INLINE Vec loadBf16(const bf16* p) {
  QUIRE_QUARTERS((V4)(U4{p[i * 4], p[i * 4 + 1], p[i * 4 + 2], p[i * 4 + 3]} << 16));
}
static QUIRE_INLINE Vec loadF16(const f16* p) {
  QUIRE_QUARTERS((V4{halfToFloat(p[i * 4]), halfToFloat(p[i * 4 + 1]), halfToFloat(p[i * 4 + 2]), halfToFloat(p[i * 4 + 3])}));
}

#endif

#if defined(QUIRE_AVX2)
static QUIRE_INLINE float sum(Vec a) {
  const __m256 x = _mm256_add_ps(lowerHalf(a), upperHalf(a));
  __m128 y = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  y = _mm_add_ps(y, _mm_movehl_ps(y, y));
  return _mm_cvtss_f32(_mm_add_ss(y, _mm_shuffle_ps(y, y, 1)));
}
static QUIRE_INLINE float largest(Vec a) {
  const __m256 x = _mm256_max_ps(lowerHalf(a), upperHalf(a));
  __m128 y = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  y = _mm_max_ps(y, _mm_movehl_ps(y, y));
  return _mm_cvtss_f32(_mm_max_ss(y, _mm_shuffle_ps(y, y, 1)));
}
#else
static QUIRE_INLINE float sum(Vec a) {
  const V4 y = (a.q[0] + a.q[2]) + (a.q[1] + a.q[3]);
  return (y[0] + y[2]) + (y[1] + y[3]);
}
static QUIRE_INLINE float largest(Vec a) {
  const V4 x = pick(a.q[0] > a.q[2], a.q[0], a.q[2]), z = pick(a.q[1] > a.q[3], a.q[1], a.q[3]), y = pick(x > z, x, z);
  const float e = y[0] > y[2] ? y[0] : y[2], o = y[1] > y[3] ? y[1] : y[3];
  return e > o ? e : o;
}
#endif

// e^x, relative error below 2e-7; 0 below -87.3, and no more than e^88. NaN stays NaN.
// Argument reduction by ln 2 in two parts and a polynomial of degree 5, as in Cephes' expf.
static QUIRE_INLINE Vec exp(Vec x) {
  const Vec y = min(set1(88.f), max(set1(-87.33654f), x));
  const Vec n = roundNearest(mul(y, set1(1.44269504f)));
  Vec r = fma(n, set1(-0.693359375f), y);
  r = fma(n, set1(2.12194440e-4f), r);
  Vec p = fma(set1(1.9875691500e-4f), r, set1(1.3981999507e-3f));
  p = fma(p, r, set1(8.3334519073e-3f));
  p = fma(p, r, set1(4.1665795894e-2f));
  p = fma(p, r, set1(1.6666665459e-1f));
  p = fma(p, r, set1(5.0000001201e-1f));
  p = add(fma(p, mul(r, r), r), set1(1.f));
  return zeroBelow(timesPowerOfTwo(p, n), x, -87.33654f);
}

// Hyperbolic tangent, relative error below 4e-7; NaN stays NaN. Near zero an odd polynomial of degree 11, as in Cephes' tanhf.
static QUIRE_INLINE Vec tanh(Vec x) {
  constexpr float kNear = 0.625f, kBelow = 0.62499994f;  // neighbours
  const Vec large = sub(set1(1.f), div(set1(2.f), add(exp(add(x, x)), set1(1.f))));
  const Vec y = min(set1(kNear), max(set1(-kNear), x)), z = mul(y, y);
  Vec p = fma(set1(-5.70498872745e-3f), z, set1(2.06390887954e-2f));
  p = fma(p, z, set1(-5.37397155531e-2f));
  p = fma(p, z, set1(1.33314422036e-1f));
  p = fma(p, z, set1(-3.33332819422e-1f));
  const Vec small = fma(mul(p, z), y, y);
  return add(zeroBelow(large, abs(x), kNear), zeroBelow(small, neg(abs(x)), -kBelow));
}

}  // namespace quire::QUIRE_ISA
