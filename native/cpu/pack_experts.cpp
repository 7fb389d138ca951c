// Packs rows in the order of their experts, each block as the left side of a product of its own.
#include "experts.h"

namespace quire::QUIRE_ISA {

ReadAhead planNothing(const Args&, int, int) { return {}; }

// view x, rowsPerX, numRows, groups, packed, isBf16
void packExperts(const Args& args, Worker& worker) {
  const View x = args.view(0);
  const int64_t rowsPerX = args.integer(6);
  const ExpertGroups groups(args.pointer<void>(8), args.integer(7));
  char* packed = args.pointer<char>(9);
  const bool isBf16 = args.integer(10) != 0;
  const int64_t numBlocks = *groups.numBlocks;
  for (int64_t block; (block = worker.next()) < numBlocks;) {
    const int64_t start = groups.blocks[block].start, count = groups.rows(block);
    const Tiling tiling(count);
    PackedRow to(packedBlock(packed, start, x.n2, isBf16), tiling, 0, x.n2, isBf16);
    for (int64_t i = 0; i < count; i++, to.next()) to.putRow(x.row(groups.order[start + i] / rowsPerX), x.n2);
  }
}

}  // namespace quire::QUIRE_ISA
