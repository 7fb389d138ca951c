// Random weights: value (row, column) is a function of the seed alone. src/tensor/noise.ts is the same in TypeScript.
#include "pack_rows.h"

namespace quire::QUIRE_ISA {

static QUIRE_INLINE uint32_t mixed(uint32_t x) {
  x = (x ^ x >> 16) * 0x85ebca6bu;
  x = (x ^ x >> 13) * 0xc2b2ae35u;
  return x ^ x >> 16;
}

// centre + scale * u, u evenly distributed in [-1, 1)
static QUIRE_INLINE void noiseRow(uint32_t seed, int64_t row, int64_t k0, int64_t count, float centre, float scale, float* out) {
  const uint32_t start = mixed(seed + static_cast<uint32_t>(row) * 0x9e3779b1u);
  for (int64_t k = 0; k < count; k++) {
    const uint32_t bits = mixed(start + static_cast<uint32_t>(k0 + k) * 0x9e3779b1u);
    out[k] = centre + scale * (static_cast<float>(static_cast<int32_t>(bits)) * 0x1p-31f);
  }
}

// data, dtype, isMatrix (else dense f32), rows, columns, seed, centre, scale
void fillNoise(const Args& args, Worker& worker) {
  char* data = args.pointer<char>(0);
  const int dtype = static_cast<int>(args.integer(1));
  const bool isMatrix = args.integer(2) != 0;
  const int64_t rows = args.integer(3), columns = args.integer(4);
  const uint32_t seed = static_cast<uint32_t>(args.integer(5));
  const float centre = args.number(6), scale = args.number(7);
  for (int64_t panel; (panel = worker.next()) * 16 < rows;) {
    const int64_t last = rows - panel * 16 < 16 ? rows - panel * 16 : 16;
    if (!isMatrix) {
      for (int64_t row = panel * 16; row < panel * 16 + last; row++)
        noiseRow(seed, row, 0, columns, centre, scale, reinterpret_cast<float*>(data) + row * columns);
      continue;
    }
    packPanel(data + panel * panelBytes(columns, dtype), columns, dtype, 0, last,
              [&](int64_t r, int64_t k0, int64_t count, char* to) {
                alignas(64) float values[kPackBlock];
                noiseRow(seed, panel * 16 + r, k0, count, centre, scale, values);
                convertF32(values, count, dtype, to);
              });
  }
}

}  // namespace quire::QUIRE_ISA
