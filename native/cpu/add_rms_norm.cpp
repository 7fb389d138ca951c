// Fused: the RMS norm of a block's result, the residual sum, its RMS norm, and packing for the linear layers that follow; each
// part is optional. The arithmetic is that of rms_norm.cpp, add.cpp and pack_activations.cpp, element for element.
#include "elementwise.h"
#include "norm.h"
#include "packed.h"

namespace quire::QUIRE_ISA {

// One norm's weight (nullptr: no norm), eps and weight offset, as they follow each other in the arguments.
struct NormArguments {
  const float* weight;
  float eps;
  Vec offset;
  QUIRE_INLINE NormArguments(const Args& args, int i)
      : weight(args.pointer<const float>(i)), eps(args.number(i + 1)), offset(set1(args.number(i + 2))) {}
};

// Calls put(k, value, lanes) with the norm of a row, or the row itself, 16 elements at a time.
template <class Put>
static QUIRE_INLINE void normalizeRow(const float* x, int64_t n, const NormArguments& norm, Put put) {
  int64_t k = 0;
  if (!norm.weight) {
    for (; k + 16 <= n; k += 16) put(k, load(x + k), 16);
    if (k < n) put(k, loadPartial(x + k, n - k), n - k);
    return;
  }
  const Vec factor = set1(rmsFactor(x, n, norm.eps));
  const auto f = [&](Vec v, Vec w) { return mul(mul(v, factor), add(norm.offset, w)); };
  for (; k + 16 <= n; k += 16) put(k, f(load(x + k), load(norm.weight + k)), 16);
  if (k < n) put(k, f(loadPartial(x + k, n - k), loadPartial(norm.weight + k, n - k)), n - k);
}

static QUIRE_INLINE void storeLanes(float* to, Vec v, int64_t lanes) {
  if (lanes == 16)
    store(to, v);
  else
    storePartial(to, v, lanes);
}

// view a, view b (address 0: none), b's norm: weight?, eps, weightOffset, sum?, the sum's norm: weight?, eps, weightOffset, out?,
// packed?, isBf16
void addRmsNorm(const Args& args, Worker& worker) {
  const View a = args.view(0), b = args.view(6);
  const NormArguments before(args, 12), after(args, 16);
  float* sums = args.pointer<float>(15);
  float* out = args.pointer<float>(19);
  void* packed = args.pointer<void>(20);
  const bool isBf16 = args.integer(21) != 0;
  const int64_t n = a.n2;
  const Tiling tiling(a.rows());
  forEachTiledRow(worker, tiling, [&](int64_t row) {
    const float* x = a.row(row);
    if (b.data) {
      float* total = sums + row * n;
      normalizeRow(b.row(row), n, before, [&](int64_t k, Vec v, int64_t lanes) {
        storeLanes(total + k, add(lanes == 16 ? load(x + k) : loadPartial(x + k, lanes), v), lanes);
      });
      x = total;
    }
    if (packed) {
      const PackedRow to(packed, tiling, row, n, isBf16);
      if (out)
        normalizeRow(x, n, after, [&](int64_t k, Vec v, int64_t lanes) {
          storeLanes(out + row * n + k, v, lanes);
          lanes == 16 ? to.put(k, v) : to.put(k, v, lanes);
        });
      else
        normalizeRow(x, n, after, [&](int64_t k, Vec v, int64_t lanes) { lanes == 16 ? to.put(k, v) : to.put(k, v, lanes); });
    } else if (out) {
      normalizeRow(x, n, after, [&](int64_t k, Vec v, int64_t lanes) { storeLanes(out + row * n + k, v, lanes); });
    }
  });
}

}  // namespace quire::QUIRE_ISA
