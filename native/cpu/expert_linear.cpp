// Each expert's rows times its matrix; results go back to their rows' places.
#include "experts.h"

namespace quire::QUIRE_ISA {

ReadAhead planExpertLinear(const Args& args, int thread, int threads) { return planExperts(ExpertProduct(args, false), thread, threads); }

// packed, isBf16, numRows, weight, dtype, rows, columns, scale?, bias?, groups, out
void expertLinear(const Args& args, Worker& worker) {
  const ExpertProduct experts(args, false);
  float* out = args.pointer<float>(10);
  const int64_t rows = experts.all.rows;
  const auto finish = [&](int64_t block, int64_t chunk, const float* c, int64_t row0, int64_t row1) {
    const int64_t n0 = experts.firstPanel(chunk) * 16, expert = experts.expert(block);
    const float* scale = experts.scale ? experts.scale + expert * rows : nullptr;
    const float* bias = experts.bias ? experts.bias + expert * rows : nullptr;
    const int32_t* order = experts.groups.order + experts.groups.blocks[block].start;
    for (int64_t row = row0; row < row1; row++, c += kLineOfC) {
      float* to = out + order[row] * rows;
      for (int64_t j = 0; j < kLineOfC && n0 + j < rows; j += 16) {
        const int64_t n = n0 + j, count = rows - n;
        Vec y = load(c + j);
        if (count >= 16) {
          if (scale) y = mul(y, load(scale + n));
          if (bias) y = add(y, load(bias + n));
          store(to + n, y);
        } else {
          if (scale) y = mul(y, loadPartial(scale + n, count));
          if (bias) y = add(y, loadPartial(bias + n, count));
          storePartial(to + n, y, count);
        }
      }
    }
  };
  runExperts(experts, worker, finish);
}

}  // namespace quire::QUIRE_ISA
