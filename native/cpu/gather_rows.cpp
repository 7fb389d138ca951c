// gatherRows: out[i] = x[rows[i]].
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void gatherRows(const Args& args, Worker& worker) {
  const View x = args.view(0);
  const int32_t* rows = args.pointer<const int32_t>(6);
  const int64_t numRows = args.integer(7);
  float* out = args.pointer<float>(8);
  forEachRow(worker, numRows, x.n2, [&](int64_t i) {
    if (rows[i] < 0 || rows[i] >= x.rows()) return worker.fail("gatherRows: a row index is outside of the rows of x");
    memcpy(out + i * x.n2, x.row(rows[i]), static_cast<size_t>(x.n2) * 4);
  });
}

}  // namespace quire::QUIRE_ISA
