// Rotation of one head by its position's cosines and sines.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// to = from rotated; cosSin holds `half` cosines, then as many sines; elements beyond 2 * half are copied.
// (a, b) becomes (a cos - b sin, b cos + a sin); a pair's arithmetic depends on headDim, style and its index alone.
static QUIRE_INLINE void rotateHead(const float* from, float* to, const float* cosSin, int64_t half, int64_t headDim, bool isGptj) {
  const float *cosines = cosSin, *sines = cosSin + half;
  if (isGptj) {
    for (int64_t i = 0; i < half; i++) {
      const float a = from[2 * i], b = from[2 * i + 1];
      to[2 * i] = a * cosines[i] - b * sines[i];
      to[2 * i + 1] = b * cosines[i] + a * sines[i];
    }
  } else {
    for (int64_t i = 0; i < half; i += 16) {
      const int64_t n = half - i;
      if (n >= 16) {
        const Vec a = load(from + i), b = load(from + half + i), c = load(cosines + i), s = load(sines + i);
        store(to + i, fma(a, c, neg(mul(b, s))));
        store(to + half + i, fma(b, c, mul(a, s)));
      } else {
        const Vec a = loadPartial(from + i, n), b = loadPartial(from + half + i, n);
        const Vec c = loadPartial(cosines + i, n), s = loadPartial(sines + i, n);
        storePartial(to + i, fma(a, c, neg(mul(b, s))), n);
        storePartial(to + half + i, fma(b, c, mul(a, s)), n);
      }
    }
  }
  for (int64_t k = 2 * half; k < headDim; k++) to[k] = from[k];
}

}  // namespace quire::QUIRE_ISA
