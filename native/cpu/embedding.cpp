// Gathers embedding rows, out of panels or of plain rows.
#include "matrix.h"

namespace quire::QUIRE_ISA {

static void copyFromPanel(const char* panel, int64_t row, int64_t columns, int dtype, float* out) {
  if (dtype == kF32) {
    const float* from = reinterpret_cast<const float*>(panel) + row;
    for (int64_t k = 0; k < columns; k++) out[k] = from[k * 16];
    return;
  }
  const uint32_t* from = reinterpret_cast<const uint32_t*>(panel) + row;  // pairs of bf16
  for (int64_t k = 0; k + 1 < columns; k += 2) {
    const uint32_t pair = from[k * 8];
    out[k] = floatOf(pair << 16);
    out[k + 1] = floatOf(pair & 0xffff0000u);
  }
  if (columns % 2) out[columns - 1] = floatOf(from[(columns - 1) * 8] << 16);
}

static void copyRow(const char* row, int64_t columns, int dtype, float* out) {
  int64_t k = 0;
  if (dtype == kF32) {
    memcpy(out, row, static_cast<size_t>(columns) * 4);
    return;
  }
  const bf16* from = reinterpret_cast<const bf16*>(row);
  for (; k + 16 <= columns; k += 16) store(out + k, loadBf16(from + k));
  for (; k < columns; k++) out[k] = toFloat(from[k]);
}

// ids, weight, dtype, isMatrixLayout, numRows, columns, rowStart, out, numTokens
void embedding(const Args& args, Worker& worker) {
  const int32_t* ids = args.pointer<const int32_t>(0);
  const char* weight = args.pointer<const char>(1);
  const int dtype = static_cast<int>(args.integer(2));
  const bool isMatrixLayout = args.integer(3) != 0;
  const int64_t numRows = args.integer(4), columns = args.integer(5), rowStart = args.integer(6), numTokens = args.integer(8);
  float* out = args.pointer<float>(7);
  for (int64_t i; (i = worker.next()) < numTokens;) {
    const int64_t row = ids[i] - rowStart;
    float* to = out + i * columns;
    if (row < 0 || row >= numRows)
      memset(to, 0, static_cast<size_t>(columns) * 4);
    else if (isMatrixLayout)
      copyFromPanel(weight + row / 16 * panelBytes(columns, dtype), row % 16, columns, dtype, to);
    else
      copyRow(weight + row * columns * elementBytes(dtype), columns, dtype, to);
  }
}

}  // namespace quire::QUIRE_ISA
