// Fused: the experts' merged gate/up product, its gated activation, and packing for the experts' next product.
#include "activation_functions.h"
#include "experts.h"

namespace quire::QUIRE_ISA {

ReadAhead planExpertGatedLinear(const Args& args, int thread, int threads) {
  return planExperts(ExpertProduct(args, true), thread, threads);
}

// packed, isBf16, numRows, weight, dtype, rows, columns, scale?, bias?, groups, kind (-1: clampedSwiglu), alpha, limit, packedOut, isBf16Out;
// rows = 2 n, n a multiple of 16
void expertGatedLinear(const Args& args, Worker& worker) {
  const ExpertProduct experts(args, true);
  char* packed = args.pointer<char>(13);
  const bool isBf16 = args.integer(14) != 0;
  const int64_t rows = experts.all.rows, n = rows / 2, kind = args.integer(10);
  const Vec alpha = set1(args.number(11)), limit = set1(args.number(12));
  const auto gated = [&](Vec gate, Vec up) {
    Vec y = gate;
    if (kind < 0)
      y = clampedSwiglu(gate, up, alpha, limit);
    else
      withActivation(kind, [&](auto f) { y = mul(f(gate), up); });
    return y;
  };
  if (kind >= 0 && !withActivation(kind, [](auto) {})) return worker.fail("expertGatedLinear: unknown kind of activation");

  const auto finish = [&](int64_t block, int64_t chunk, const float* c, int64_t row0, int64_t row1) {
    const int64_t first = experts.firstPanel(chunk), count = experts.countOfPanels(chunk), expert = experts.expert(block);
    const float* scale = experts.scale ? experts.scale + expert * rows : nullptr;
    const float* bias = experts.bias ? experts.bias + expert * rows : nullptr;
    const Tiling tiling(experts.groups.rows(block));
    PackedRow to(packedBlock(packed, experts.groups.blocks[block].start, n, isBf16), tiling, row0, n, isBf16);
    for (int64_t row = row0; row < row1; row++, c += kLineOfC, to.next()) {
      for (int64_t i = 0; i < count; i++) {
        const int64_t k = (first + i) * 16;
        Vec gate = load(c + i * 16), up = load(c + (count + i) * 16);
        if (scale) {
          gate = mul(gate, load(scale + k));
          up = mul(up, load(scale + n + k));
        }
        if (bias) {
          gate = add(gate, load(bias + k));
          up = add(up, load(bias + n + k));
        }
        to.put(k, gated(gate, up));
      }
    }
  };
  runExperts(experts, worker, finish);
}

}  // namespace quire::QUIRE_ISA
