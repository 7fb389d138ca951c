// Packs rows for a linear layer; kernels that produce such rows directly make this unnecessary.
#include "packed.h"

namespace quire::QUIRE_ISA {

// view x, packed, isBf16
void packActivations(const Args& args, Worker& worker) {
  const View x = args.view(0);
  void* packed = args.pointer<void>(6);
  const bool isBf16 = args.integer(7) != 0;
  const Tiling tiling(x.rows());
  forEachTiledRow(worker, tiling, [&](int64_t row) { PackedRow(packed, tiling, row, x.n2, isBf16).putRow(x.row(row), x.n2); });
}

}  // namespace quire::QUIRE_ISA
