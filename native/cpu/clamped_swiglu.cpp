// clampedSwiglu of rows that hold gate columns, then as many up columns.
#include "activation_functions.h"
#include "elementwise.h"

namespace quire::QUIRE_ISA {

// view x, alpha, limit, out
void clampedSwiglu(const Args& args, Worker& worker) {
  const View x = args.view(0);
  const Vec alpha = set1(args.number(6)), limit = set1(args.number(7));
  float* out = args.pointer<float>(8);
  const int64_t n = x.n2 / 2;
  forEachRow(worker, x.rows(), n, [&](int64_t row) {
    const float* gate = x.row(row);
    mapRows(gate, gate + n, out + row * n, n, [&](Vec g, Vec u) { return clampedSwiglu(g, u, alpha, limit); });
  });
}

}  // namespace quire::QUIRE_ISA
