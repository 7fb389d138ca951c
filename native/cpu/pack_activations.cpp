// Packs rows for a linear layer; the layers that produce such rows directly skip this.
#include "packed.h"

namespace quire::QUIRE_ISA {

// view x, packed, isBf16
void packActivations(const Args& args, Worker& worker) {
  const View x = args.view(0);
  void* packed = args.pointer<void>(6);
  const bool isBf16 = args.integer(7) != 0;
  const Tiling tiling(x.rows());
  // Whole tiles: rows of one tile share cache lines.
  for (int64_t tile; (tile = worker.next()) < tiling.tiles;) {
    for (int64_t row = tiling.start(tile); row < tiling.start(tile + 1); row++) {
      const PackedRow to(packed, tiling, row, x.n2, isBf16);
      const float* from = x.row(row);
      int64_t k = 0;
      for (; k + 16 <= x.n2; k += 16) to.put(k, load(from + k));
      if (k < x.n2) to.put(k, loadPartial(from + k, x.n2 - k), x.n2 - k);
    }
  }
}

}  // namespace quire::QUIRE_ISA
