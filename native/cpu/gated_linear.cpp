// Fused: a merged gate/up product, its gated activation, and packing for the linear layer that follows. Gate and up panels are
// streamed together, so the product itself is never stored. The arithmetic is that of linear.cpp and gated_activation.cpp.
#include "activation_functions.h"
#include "product.h"

namespace quire::QUIRE_ISA {

// Panels of the product's chunks: some of gate, then as many of up.
struct GatedPanels {
  const Product& p;
  const Grid& grid;
  QUIRE_INLINE int64_t perChunk() const { return grid.panelsPerChunk / 2; }
  QUIRE_INLINE int64_t count(int64_t chunk) const {
    const int64_t left = p.rows / 32 - chunk * perChunk();
    return left < perChunk() ? left : perChunk();
  }
  QUIRE_INLINE int operator()(int64_t chunk, const char** panels) const {
    const int64_t first = chunk * perChunk(), stride = panelBytes(p.columns, p.dtype);
    const int n = static_cast<int>(count(chunk));
    for (int i = 0; i < n; i++) {
      panels[i] = p.weight + (first + i) * stride;
      panels[n + i] = p.weight + (p.rows / 32 + first + i) * stride;
    }
    return 2 * n;
  }
};

ReadAhead planGatedLinear(const Args& args, int thread, int threads) {
  const Product p(args, 0);
  const Tiling tiling(p.numTokens);
  const Grid grid(p.rows / 16, tiling, threads);
  return planProduct(p, grid, tiling, thread, threads, GatedPanels{p, grid});
}

// packed, isBf16, numTokens, weight, dtype, rows, columns, scale?, bias?, kind, out?, packedOut?, isBf16Out; rows = 2 n, n a multiple of 16
void gatedLinear(const Args& args, Worker& worker) {
  const Product p(args, 0);
  const float* scale = args.pointer<const float>(7);
  const float* bias = args.pointer<const float>(8);
  float* out = args.pointer<float>(10);
  void* packed = args.pointer<void>(11);
  const bool isBf16 = args.integer(12) != 0;
  const int64_t n = p.rows / 2;
  const Tiling tiling(p.numTokens);
  const Grid grid(p.rows / 16, tiling, worker.threads);
  const GatedPanels panels = {p, grid};

  const bool known = withGateActivation(args.integer(9), [&](auto f) {
    const auto finish = [&](int64_t chunk, const float* c, int64_t row0, int64_t row1) {
      const int64_t first = chunk * panels.perChunk(), count = panels.count(chunk);
      PackedRow to(packed, tiling, row0, n, isBf16);
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
          const Vec y = mul(f(gate), up);
          if (out) store(out + row * n + k, y);
          if (packed) to.put(k, y);
        }
      }
    };
    runProduct(p, grid, tiling, worker, panels, finish);
  });
  if (!known) worker.fail("gatedLinear: unknown kind of activation");
}

}  // namespace quire::QUIRE_ISA
