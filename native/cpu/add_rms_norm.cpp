// Fused: the residual sum, its RMS norm, and packing for the linear layers that follow; each part is optional. The arithmetic is
// that of add.cpp, rms_norm.cpp and pack_activations.cpp, element for element.
#include "elementwise.h"
#include "norm.h"
#include "packed.h"

namespace quire::QUIRE_ISA {

// view a, view b (address 0: none), sum?, weight, eps, out?, packed?, isBf16
void addRmsNorm(const Args& args, Worker& worker) {
  const View a = args.view(0), b = args.view(6);
  float* sums = args.pointer<float>(12);
  const float* weight = args.pointer<const float>(13);
  const float eps = args.number(14);
  float* out = args.pointer<float>(15);
  void* packed = args.pointer<void>(16);
  const bool isBf16 = args.integer(17) != 0;
  const int64_t n = a.n2;
  const Tiling tiling(a.rows());
  forEachTiledRow(worker, tiling, [&](int64_t row) {
    const float* x = a.row(row);
    if (b.data) {
      float* total = sums + row * n;
      mapRows(x, b.row(row), total, n, [](Vec v, Vec w) { return add(v, w); });
      x = total;
    }
    const Vec factor = set1(rmsFactor(x, n, eps));
    const auto norm = [=](Vec v, Vec w) { return mul(mul(v, factor), w); };
    if (out) mapRows(x, weight, out + row * n, n, norm);
    if (!packed) return;
    const PackedRow to(packed, tiling, row, n, isBf16);
    int64_t k = 0;
    for (; k + 16 <= n; k += 16) to.put(k, norm(load(x + k), load(weight + k)));
    if (k < n) to.put(k, norm(loadPartial(x + k, n - k), loadPartial(weight + k, n - k)), n - k);
  });
}

}  // namespace quire::QUIRE_ISA
