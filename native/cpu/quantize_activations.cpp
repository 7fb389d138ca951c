// quantizeActivations: inputs of a quantized product, rounded to int8 or e4m3 numbers of a scale. The loops are the compiler's to make vectors of.
#include "elementwise.h"

#include <math.h>
#include <string.h>

namespace quire::QUIRE_ISA {

struct Rounding {
  bool isInt8;
  float scale, zeroPoint, minScale;
};

static QUIRE_INLINE float clampTo(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

// Nearest e4m3 number of a value within -448 .. 448, halves to even. Below 2^-6 all steps are 2^-9.
static QUIRE_INLINE float nearestE4m3(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  uint32_t normal = (bits + 0x7ffffu + ((bits >> 20) & 1u)) & ~0xfffffu;
  float large;
  memcpy(&large, &normal, 4);
  const float small = rintf(x * 512.0f) * 0.001953125f;
  return fabsf(x) < 0.015625f ? small : large;
}

static QUIRE_INLINE void quantizeGroup(const float* x, float* out, int64_t n, const Rounding& rounding) {
  float most = 0;
  for (int64_t k = 0; k < n; k++) {
    const float value = fabsf(x[k]);
    most = value > most ? value : most;
  }
  const float fp8 = most / 448.0f;
  const float own = rounding.isInt8 ? most / 127.0f : (fp8 > rounding.minScale ? fp8 : rounding.minScale);
  const float scale = rounding.scale > 0 ? rounding.scale : own;
  if (scale == 0) {
    for (int64_t k = 0; k < n; k++) out[k] = x[k] * 0.0f;
    return;
  }
  const float zero = rounding.zeroPoint;
  if (rounding.isInt8) {
    for (int64_t k = 0; k < n; k++) {
      const float q = x[k] / scale;
      const float code = clampTo(rintf(q) + zero, -128.0f, 127.0f) - zero;
      out[k] = q != q ? q : code * scale;
    }
    return;
  }
  for (int64_t k = 0; k < n; k++) {
    const float q = x[k] / scale;
    out[k] = q != q ? q : nearestE4m3(clampTo(q, -448.0f, 448.0f)) * scale;
  }
}

// view x, isInt8, groupSize (0: the row), scale (0: of the group), zeroPoint, minScale, out
void quantizeActivations(const Args& args, Worker& worker) {
  const View x = args.view(0);
  const int64_t size = x.n2, groupSize = args.integer(7) > 0 ? args.integer(7) : size;
  const Rounding rounding = {args.integer(6) != 0, args.number(8), args.number(9), args.number(10)};
  float* out = args.pointer<float>(11);
  forEachRow(worker, x.rows(), size, [&](int64_t row) {
    for (int64_t first = 0; first < size; first += groupSize) {
      const int64_t count = size - first < groupSize ? size - first : groupSize;
      quantizeGroup(x.row(row) + first, out + row * size + first, count, rounding);
    }
  });
}

}  // namespace quire::QUIRE_ISA
