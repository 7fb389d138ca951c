// y = x w^T, times a scale per output (int8), plus bias, plus a residual.
#include "product.h"

namespace quire::QUIRE_ISA {

// Panels of the product's chunks.
struct LinearPanels {
  const Product& p;
  const Grid& grid;
  QUIRE_INLINE int operator()(int64_t chunk, const char** panels) const {
    const int64_t first = chunk * grid.panelsPerChunk, stride = panelBytes(p.columns, p.dtype);
    int count = 0;
    for (; count < grid.panelsPerChunk && first + count < grid.panels; count++) panels[count] = p.weight + (first + count) * stride;
    return count;
  }
};

ReadAhead planLinear(const Args& args, int thread, int threads) {
  const Product p(args, 0);
  const Tiling tiling(p.numTokens);
  const Grid grid((p.rows + 15) / 16, tiling, threads);
  return planProduct(p, grid, tiling, thread, threads, LinearPanels{p, grid});
}

// packed, isBf16, numTokens, weight, dtype, rows, columns, scale?, bias?, out, outStride, residual?, residualStride
void linear(const Args& args, Worker& worker) {
  const Product p(args, 0);
  const float* scale = args.pointer<const float>(7);
  const float* bias = args.pointer<const float>(8);
  float* out = args.pointer<float>(9);
  const int64_t outStride = args.integer(10), residualStride = args.integer(12);
  const float* residual = args.pointer<const float>(11);
  const Tiling tiling(p.numTokens);
  const Grid grid((p.rows + 15) / 16, tiling, worker.threads);

  const auto finish = [&](int64_t chunk, const float* c, int64_t row0, int64_t row1) {
    const int64_t n0 = chunk * grid.panelsPerChunk * 16;
    for (int64_t row = row0; row < row1; row++, c += kLineOfC) {
      for (int64_t j = 0; j < grid.panelsPerChunk * 16 && n0 + j < p.rows; j += 16) {
        const int64_t n = n0 + j, count = p.rows - n;
        Vec y = load(c + j);
        if (count >= 16) {
          if (scale) y = mul(y, load(scale + n));
          if (bias) y = add(y, load(bias + n));
          if (residual) y = add(y, load(residual + row * residualStride + n));
          store(out + row * outStride + n, y);
        } else {
          if (scale) y = mul(y, loadPartial(scale + n, count));
          if (bias) y = add(y, loadPartial(bias + n, count));
          if (residual) y = add(y, loadPartial(residual + row * residualStride + n, count));
          storePartial(out + row * outStride + n, y, count);
        }
      }
    }
  };
  runProduct(p, grid, tiling, worker, LinearPanels{p, grid}, finish);
}

}  // namespace quire::QUIRE_ISA
