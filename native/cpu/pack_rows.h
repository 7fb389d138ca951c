// Rows into panels of the matrix layout, converting on the way. One file, because rows come from memory, from files and from
// a generator of noise.
#pragma once
#include "gguf_blocks.h"
#include "matrix.h"
#include "transpose.h"

namespace quire::QUIRE_ISA {

constexpr int64_t kPackBlock = 256;  // columns converted at a time: even, and whole blocks of every stored type

// `count` f32 values as elements of a matrix.
static QUIRE_INLINE void convertF32(const float* source, int64_t count, int dtype, char* to) {
  if (dtype == kF32) {
    memcpy(to, source, static_cast<size_t>(count) * 4);
    return;
  }
  int64_t k = 0;
  for (; k + 16 <= count; k += 16) storeBf16(reinterpret_cast<bf16*>(to) + k, load(source + k));
  if (k == count) return;
  bf16 rounded[16];
  storeBf16(rounded, loadPartial(source + k, count - k));
  memcpy(to + k * 2, rounded, static_cast<size_t>(count - k) * 2);
}

// Elements [k0, k0 + count) of a stored row as elements of a matrix.
static inline void convertStored(const char* row, int type, int64_t k0, int64_t count, int dtype, char* to) {
  const char* source = row + storedBytes(type, k0);
  if (type == dtype) {
    memcpy(to, source, static_cast<size_t>(count * elementBytes(dtype)));
    return;
  }
  alignas(64) float values[kPackBlock];
  if (type >= kQ4_0) {
    dequantize(type, source, count, values);
    convertF32(values, count, dtype, to);
    return;
  }
  if (type == kF32) {
    // The row may lie anywhere in a file.
    memcpy(values, source, static_cast<size_t>(count) * 4);
    convertF32(values, count, dtype, to);
    return;
  }
  uint16_t halves[kPackBlock];
  memcpy(halves, source, static_cast<size_t>(count) * 2);
  if (count % 16) memset(halves + count, 0, static_cast<size_t>(16 - count % 16) * 2);
  for (int64_t k = 0; k < count; k += 16) store(values + k, type == kBF16 ? loadBf16(halves + k) : loadF16(halves + k));
  convertF32(values, count, dtype, to);
}

// Rows [first, last) of one panel; fill(row of the panel, k0, count, to) gives elements of the matrix's dtype.
template <class Fill>
static QUIRE_INLINE void packPanel(char* panel, int64_t columns, int dtype, int64_t first, int64_t last, Fill fill) {
  alignas(64) char rows[16 * kPackBlock * 4];
  const int64_t bytes = elementBytes(dtype), rowBytes = kPackBlock * bytes;
  for (int64_t k0 = 0; k0 < columns; k0 += kPackBlock) {
    const int64_t count = columns - k0 < kPackBlock ? columns - k0 : kPackBlock;
    for (int64_t r = first; r < last; r++) {
      char* row = rows + r * rowBytes;
      fill(r, k0, count, row);
      if (count % 2) memset(row + count * bytes, 0, static_cast<size_t>(bytes));
    }
    char* block = panel + panelOffset(0, k0, dtype);
    const int64_t words = evenColumns(count) / (dtype == kF32 ? 1 : 2);
    if (dtype == kI8) {
      transposeRows(rows, rowBytes, first, last, words, reinterpret_cast<uint16_t*>(block));
      continue;
    }
    uint32_t* to = reinterpret_cast<uint32_t*>(block);
    int64_t k = 0;
    if (first == 0 && last == 16)
      for (; k + 16 <= words; k += 16) transpose16(rows + k * 4, rowBytes, to + k * 16);
    transposeRows(rows + k * 4, rowBytes, first, last, words - k, to + k * 16);
  }
}

}  // namespace quire::QUIRE_ISA
