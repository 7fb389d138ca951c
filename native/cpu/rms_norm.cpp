// rmsNorm: x / sqrt(mean(x^2) + eps) * (weightOffset + weight).
#include "elementwise.h"
#include "norm.h"

namespace quire::QUIRE_ISA {

void rmsNorm(const Args& args, Worker& worker) {
  const View x = args.view(0);
  const float* weight = args.pointer<const float>(6);
  const float eps = args.number(7);
  float* out = args.pointer<float>(8);
  const Vec offset = set1(args.number(9));
  forEachRow(worker, x.rows(), x.n2, [&](int64_t row) {
    const float* from = x.row(row);
    const Vec factor = set1(rmsFactor(from, x.n2, eps));
    mapRows(from, weight, out + row * x.n2, x.n2, [=](Vec v, Vec w) { return mul(mul(v, factor), add(offset, w)); });
  });
}

}  // namespace quire::QUIRE_ISA
