// layerNorm: (x - mean) / sqrt(variance + eps) * weight + bias; two passes.
#include "elementwise.h"
#include "norm.h"

namespace quire::QUIRE_ISA {

// Sum of (x - mean)^2, in the order of sumRow; lanes beyond the end count nothing.
static QUIRE_INLINE float sumSquaredDistances(const float* x, int64_t n, float mean) {
  const Vec m = set1(mean);
  const int64_t whole = n / 16 * 16;
  const float squares = sumRow(x, whole, [=](Vec v, Vec s) {
    const Vec d = sub(v, m);
    return fma(d, d, s);
  });
  float tail = 0;
  for (int64_t k = whole; k < n; k++) tail += (x[k] - mean) * (x[k] - mean);
  return squares + tail;
}

void layerNorm(const Args& args, Worker& worker) {
  const View x = args.view(0);
  const float* weight = args.pointer<const float>(6);
  const float* bias = args.pointer<const float>(7);
  const float eps = args.number(8);
  float* out = args.pointer<float>(9);
  const int64_t weightStride = args.integer(10);
  const float size = static_cast<float>(x.n2);
  forEachRow(worker, x.rows(), x.n2, [&](int64_t row) {
    const float* from = x.row(row);
    float* to = out + row * x.n2;
    const int64_t head = weightStride ? row % x.n1 * weightStride : 0;
    const float mean = sumRow(from, x.n2, [](Vec v, Vec s) { return add(v, s); }) / size;
    const Vec m = set1(mean), factor = set1(1.f / sqrtf(sumSquaredDistances(from, x.n2, mean) / size + eps));
    mapRows(from, weight + head, to, x.n2, [=](Vec v, Vec w) { return mul(mul(sub(v, m), factor), w); });
    if (bias) mapRows(to, bias + head, to, x.n2, [](Vec v, Vec b) { return add(v, b); });
  });
}

}  // namespace quire::QUIRE_ISA
