// Fused: a merged gate/up product, its gated activation, and packing for the linear layer that follows. Gate and up panels are
// streamed together, so the product itself is never stored. The arithmetic is that of linear.cpp and gated_activation.cpp.
#include "activation_functions.h"
#include "product.h"

namespace quire::QUIRE_ISA {

// packed, isBf16, numTokens, weight, dtype, rows, columns, scale?, bias?, kind, out?, packedOut?, isBf16Out; rows = 2 n, n a multiple of 16
void gatedLinear(const Args& args, Worker& worker) {
  const Product p(args, 0);
  const float* scale = args.pointer<const float>(7);
  const float* bias = args.pointer<const float>(8);
  float* out = args.pointer<float>(10);
  void* packed = args.pointer<void>(11);
  const bool isBf16 = args.integer(12) != 0;
  const int64_t n = p.rows / 2, gatePanels = n / 16;
  const Tiling tiling(p.numTokens);
  const Grid grid(2 * gatePanels, tiling, worker.threads);
  const int64_t stride = panelBytes(p.columns, p.dtype), pairs = grid.panelsPerChunk / 2;  // of a gate and an up panel

  const auto panelOf = [&](int64_t chunk, const char** panels) {
    const int64_t first = chunk * pairs;
    const int count = static_cast<int>(gatePanels - first < pairs ? gatePanels - first : pairs);
    for (int i = 0; i < count; i++) {
      panels[i] = p.weight + (first + i) * stride;
      panels[count + i] = p.weight + (gatePanels + first + i) * stride;
    }
    return 2 * count;
  };
  const bool known = withActivation(args.integer(9), [&](auto f) {
    const auto finish = [&](int64_t chunk, const float* c, int64_t row0, int64_t row1) {
      const int64_t first = chunk * pairs, count = gatePanels - first < pairs ? gatePanels - first : pairs;
      for (int64_t row = row0; row < row1; row++, c += kLineOfC) {
        const PackedRow to(packed, tiling, row, n, isBf16);
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
          const Vec y = mul(f(gate), up);
          if (out) store(out + row * n + k, y);
          if (packed) to.put(k, y);
        }
      }
    };
    runProduct(p, grid, tiling, worker, panelOf, finish);
  });
  if (!known) worker.fail("gatedLinear: unknown kind of activation");
}

}  // namespace quire::QUIRE_ISA
