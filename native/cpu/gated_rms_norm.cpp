// gatedRmsNorm: rmsNorm of x * silu(gate), over groups of a row.
#include "activation_functions.h"
#include "elementwise.h"
#include "norm.h"

namespace quire::QUIRE_ISA {

void gatedRmsNorm(const Args& args, Worker& worker) {
  const View x = args.view(0), gate = args.view(6);
  const float* weight = args.pointer<const float>(12);
  const float eps = args.number(13);
  const int64_t size = args.integer(14), groups = x.n2 / size;
  float* out = args.pointer<float>(15);
  forEachRow(worker, x.rows() * groups, size, [&](int64_t i) {
    const int64_t row = i / groups, first = i % groups * size;
    float* to = out + row * x.n2 + first;
    mapRows(x.row(row) + first, gate.row(row) + first, to, size, [](Vec v, Vec g) { return mul(v, activate<kSilu>(g)); });
    const Vec factor = set1(rmsFactor(to, size, eps));
    mapRows(to, weight + first, to, size, [=](Vec v, Vec w) { return mul(mul(v, factor), w); });
  });
}

}  // namespace quire::QUIRE_ISA
