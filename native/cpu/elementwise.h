// Walks over rows 16 elements at a time; for kernels whose elements do not depend on each other.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// Rows that one thread takes at once: about 4096 elements.
static QUIRE_INLINE int64_t rowsPerChunk(int64_t width) {
  return width >= 4096 ? 1 : 4096 / (width < 1 ? 1 : width);
}

// Calls visit(row) for this thread's share of rows 0 .. count - 1.
template <class Visit>
static QUIRE_INLINE void forEachRow(Worker& worker, int64_t count, int64_t width, Visit visit) {
  const int64_t chunk = rowsPerChunk(width);
  for (int64_t first; (first = worker.next(chunk)) < count;)
    for (int64_t row = first; row < first + chunk && row < count; row++) visit(row);
}

// out[k] = f(x[k]), k < n
template <class F>
static QUIRE_INLINE void mapRow(const float* x, float* out, int64_t n, F f) {
  int64_t k = 0;
  for (; k + 16 <= n; k += 16) store(out + k, f(load(x + k)));
  if (k < n) storePartial(out + k, f(loadPartial(x + k, n - k)), n - k);
}

// out[k] = f(a[k], b[k]), k < n
template <class F>
static QUIRE_INLINE void mapRows(const float* a, const float* b, float* out, int64_t n, F f) {
  int64_t k = 0;
  for (; k + 16 <= n; k += 16) store(out + k, f(load(a + k), load(b + k)));
  if (k < n) storePartial(out + k, f(loadPartial(a + k, n - k), loadPartial(b + k, n - k)), n - k);
}

// out = f(x) for all rows of a view; out is dense.
template <class F>
static QUIRE_INLINE void mapView(const View& x, float* out, Worker& worker, F f) {
  forEachRow(worker, x.rows(), x.n2, [&](int64_t row) { mapRow(x.row(row), out + row * x.n2, x.n2, f); });
}

}  // namespace quire::QUIRE_ISA
