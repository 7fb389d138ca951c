// The matrix layout: panels of 16 output rows, K ascending inside a panel, pairs of k side by side for 16-bit and 8-bit types.
//   f32   [rows / 16][kp][16]
//   bf16  [rows / 16][kp / 2][16][2]
//   i8    [rows / 16][kp / 2][16][2]
// kp = columns rounded up to even; rows are rounded up to 16. What was rounded up is zero. src/platform/cpu/matrix-layout.ts
// knows the total size.
#pragma once
#include "packed.h"

namespace quire::QUIRE_ISA {

static QUIRE_INLINE int64_t elementBytes(int dtype) { return dtype == kF32 ? 4 : dtype == kI8 ? 1 : 2; }
static QUIRE_INLINE int64_t panelBytes(int64_t columns, int dtype) { return evenColumns(columns) * 16 * elementBytes(dtype); }

// Byte offset inside a panel of element (row, k).
static QUIRE_INLINE int64_t panelOffset(int64_t row, int64_t k, int dtype) {
  return dtype == kF32 ? (k * 16 + row) * 4 : (k / 2 * 32 + row * 2 + (k & 1)) * elementBytes(dtype);
}

}  // namespace quire::QUIRE_ISA
