// Sums of rows for norms: four chains of 16 lanes, a fixed order that depends on the row's length alone.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// Folds f(lanes, sum) over x; a last part of 16 is filled with zeros, which f must not count.
template <class F>
static QUIRE_INLINE float sumRow(const float* x, int64_t n, F f) {
  Vec s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
  int64_t k = 0;
  for (; k + 64 <= n; k += 64) {
    s0 = f(load(x + k), s0);
    s1 = f(load(x + k + 16), s1);
    s2 = f(load(x + k + 32), s2);
    s3 = f(load(x + k + 48), s3);
  }
  for (; k + 16 <= n; k += 16) s0 = f(load(x + k), s0);
  if (k < n) s1 = f(loadPartial(x + k, n - k), s1);
  return sum(add(add(s0, s1), add(s2, s3)));
}

// 1 / sqrt(mean(x^2) + eps)
static QUIRE_INLINE float rmsFactor(const float* x, int64_t n, float eps) {
  const float squares = sumRow(x, n, [](Vec v, Vec s) { return fma(v, v, s); });
  return 1.f / sqrtf(squares / static_cast<float>(n) + eps);
}

}  // namespace quire::QUIRE_ISA
