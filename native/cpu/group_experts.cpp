// Sorts rows by their expert: a counting sort by one thread.
#include "experts.h"

namespace quire::QUIRE_ISA {

// ids, numRows, numExperts, groups
void groupExperts(const Args& args, Worker& worker) {
  if (worker.next() != 0) return;
  const int32_t* ids = args.pointer<const int32_t>(0);
  const int64_t numRows = args.integer(1), numExperts = args.integer(2);
  const ExpertGroups groups(args.pointer<void>(3), numRows);
  int32_t* next = static_cast<int32_t*>(worker.scratch(static_cast<size_t>(numExperts) * 4));
  if (next == nullptr) return;
  *groups.numBlocks = 0;
  memset(next, 0, static_cast<size_t>(numExperts) * 4);
  for (int64_t r = 0; r < numRows; r++) {
    if (ids[r] < 0 || ids[r] >= numExperts) {
      worker.fail("an expert's id is negative, or not below the number of experts");
      return;
    }
    next[ids[r]]++;
  }
  int32_t start = 0, blocks = 0;
  for (int64_t e = 0; e < numExperts; e++) {
    const int32_t count = next[e];
    next[e] = start;
    for (int32_t row = 0; row < count; row += kBlockRows) groups.blocks[blocks++] = {static_cast<int32_t>(e), start + row};
    start += count;
  }
  groups.blocks[blocks] = {0, start};
  for (int64_t r = 0; r < numRows; r++) groups.order[next[ids[r]]++] = static_cast<int32_t>(r);
  *groups.numBlocks = blocks;
}

}  // namespace quire::QUIRE_ISA
