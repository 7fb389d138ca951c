// add: a + b.
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void add(const Args& args, Worker& worker) {
  const View a = args.view(0), b = args.view(6);
  float* out = args.pointer<float>(12);
  forEachRow(worker, a.rows(), a.n2, [&](int64_t row) {
    mapRows(a.row(row), b.row(row), out + row * a.n2, a.n2, [](Vec x, Vec y) { return add(x, y); });
  });
}

}  // namespace quire::QUIRE_ISA
