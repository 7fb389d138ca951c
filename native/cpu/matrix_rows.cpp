// Packs rows into the matrix layout at load, and unpacks them again.
#include "matrix.h"

namespace quire::QUIRE_ISA {

constexpr int64_t kBlock = 128;  // columns converted at a time, even

// `count` elements of a source row as elements of the matrix.
static void convert(const char* source, int sourceDtype, int64_t k0, int64_t count, int dtype, char* to) {
  if (sourceDtype == dtype) {
    memcpy(to, source + k0 * elementBytes(dtype), static_cast<size_t>(count * elementBytes(dtype)));
    return;
  }
  for (int64_t k = 0; k < count; k += 16) {
    float tail[16];
    bf16 tail16[16];
    const int64_t n = count - k < 16 ? count - k : 16;
    Vec x;
    if (sourceDtype == kF32) {
      x = n == 16 ? load(reinterpret_cast<const float*>(source) + k0 + k) : loadPartial(reinterpret_cast<const float*>(source) + k0 + k, n);
    } else {
      const uint16_t* from = reinterpret_cast<const uint16_t*>(source) + k0 + k;
      if (n < 16) {
        memset(tail16, 0, sizeof tail16);
        memcpy(tail16, from, static_cast<size_t>(n) * 2);
        from = tail16;
      }
      x = sourceDtype == kBF16 ? loadBf16(from) : loadF16(from);
    }
    if (dtype == kF32) {
      store(tail, x);
      memcpy(to + k * 4, tail, static_cast<size_t>(n) * 4);
    } else {
      bf16 rounded[16];
      storeBf16(rounded, x);
      memcpy(to + k * 2, rounded, static_cast<size_t>(n) * 2);
    }
  }
}

template <class Word>
static QUIRE_INLINE void transpose(const char* rows, int64_t rowBytes, int64_t first, int64_t last, int64_t words, char* panel) {
  Word* to = reinterpret_cast<Word*>(panel);
  if (first == 0 && last == 16) {
    for (int64_t k = 0; k < words; k++)
      _Pragma("GCC unroll 16") for (int64_t r = 0; r < 16; r++) to[k * 16 + r] = reinterpret_cast<const Word*>(rows + r * rowBytes)[k];
    return;
  }
  for (int64_t k = 0; k < words; k++)
    for (int64_t r = first; r < last; r++) to[k * 16 + r] = reinterpret_cast<const Word*>(rows + r * rowBytes)[k];
}

// source, sourceDtype, matrix, dtype, rows, columns, rowStart, numRows
void writeMatrixRows(const Args& args, Worker& worker) {
  const char* source = args.pointer<const char>(0);
  const int sourceDtype = static_cast<int>(args.integer(1)), dtype = static_cast<int>(args.integer(3));
  char* matrix = args.pointer<char>(2);
  const int64_t columns = args.integer(5), rowStart = args.integer(6), rowEnd = rowStart + args.integer(7);
  const int64_t sourceBytes = columns * elementBytes(sourceDtype), bytes = elementBytes(dtype);
  const int64_t firstPanel = rowStart / 16, lastPanel = (rowEnd + 15) / 16;
  alignas(64) char rows[16 * kBlock * 4];
  for (int64_t panel; (panel = firstPanel + worker.next()) < lastPanel;) {
    char* to = matrix + panel * panelBytes(columns, dtype);
    const int64_t first = rowStart > panel * 16 ? rowStart - panel * 16 : 0;
    const int64_t last = rowEnd < panel * 16 + 16 ? rowEnd - panel * 16 : 16;
    for (int64_t k0 = 0; k0 < columns; k0 += kBlock) {
      const int64_t count = columns - k0 < kBlock ? columns - k0 : kBlock, rowBytes = kBlock * bytes;
      for (int64_t r = first; r < last; r++) {
        char* row = rows + r * rowBytes;
        convert(source + (panel * 16 + r - rowStart) * sourceBytes, sourceDtype, k0, count, dtype, row);
        if (count % 2) memset(row + count * bytes, 0, static_cast<size_t>(bytes));
      }
      char* block = to + panelOffset(0, k0, dtype);
      const int64_t even = evenColumns(count);
      if (dtype == kF32)
        transpose<uint32_t>(rows, rowBytes, first, last, even, block);
      else if (dtype == kBF16)
        transpose<uint32_t>(rows, rowBytes, first, last, even / 2, block);
      else
        transpose<uint16_t>(rows, rowBytes, first, last, even / 2, block);
    }
  }
}

// out, matrix, dtype, rows, columns, rowStart, numRows
void readMatrixRows(const Args& args, Worker& worker) {
  float* out = args.pointer<float>(0);
  const char* matrix = args.pointer<const char>(1);
  const int dtype = static_cast<int>(args.integer(2));
  const int64_t columns = args.integer(4), rowStart = args.integer(5), numRows = args.integer(6);
  for (int64_t i; (i = worker.next()) < numRows;) {
    const int64_t row = rowStart + i;
    const char* panel = matrix + row / 16 * panelBytes(columns, dtype);
    for (int64_t k = 0; k < columns; k++) {
      const char* at = panel + panelOffset(row % 16, k, dtype);
      float value;
      if (dtype == kF32) {
        memcpy(&value, at, 4);
      } else if (dtype == kBF16) {
        bf16 half;
        memcpy(&half, at, 2);
        value = toFloat(half);
      } else {
        value = static_cast<float>(*reinterpret_cast<const int8_t*>(at));
      }
      out[i * columns + k] = value;
    }
  }
}

}  // namespace quire::QUIRE_ISA
