// mul: a * b, where b may have one element a row.
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void mul(const Args& args, Worker& worker) {
  const View a = args.view(0), b = args.view(6);
  float* out = args.pointer<float>(12);
  const bool isPerRow = b.n2 != a.n2;
  forEachRow(worker, a.rows(), a.n2, [&](int64_t row) {
    if (isPerRow) {
      const Vec factor = set1(*b.row(row));
      mapRow(a.row(row), out + row * a.n2, a.n2, [=](Vec x) { return mul(x, factor); });
    } else {
      mapRows(a.row(row), b.row(row), out + row * a.n2, a.n2, [](Vec x, Vec y) { return mul(x, y); });
    }
  });
}

}  // namespace quire::QUIRE_ISA
