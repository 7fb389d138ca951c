// gatedActivation: f(gate) * up, of rows that hold gate columns, then as many up columns.
#include "activation_functions.h"
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void gatedActivation(const Args& args, Worker& worker) {
  const View x = args.view(0);
  float* out = args.pointer<float>(7);
  const int64_t n = x.n2 / 2;
  const bool known = withActivation(args.integer(6), [&](auto f) {
    forEachRow(worker, x.rows(), n, [&](int64_t row) {
      const float* gate = x.row(row);
      mapRows(gate, gate + n, out + row * n, n, [&](Vec g, Vec u) { return mul(f(g), u); });
    });
  });
  if (!known) worker.fail("gatedActivation: unknown kind");
}

}  // namespace quire::QUIRE_ISA
