// Packs rows into the matrix layout at load, and unpacks them again.
#include "pack_rows.h"

namespace quire::QUIRE_ISA {

// source, sourceDtype, matrix, dtype, rows, columns, rowStart, numRows
void writeMatrixRows(const Args& args, Worker& worker) {
  const char* source = args.pointer<const char>(0);
  const int type = static_cast<int>(args.integer(1)), dtype = static_cast<int>(args.integer(3));
  char* matrix = args.pointer<char>(2);
  const int64_t columns = args.integer(5), rowStart = args.integer(6), rowEnd = rowStart + args.integer(7);
  const int64_t sourceBytes = storedBytes(type, columns);
  const int64_t firstPanel = rowStart / 16, lastPanel = (rowEnd + 15) / 16;
  for (int64_t panel; (panel = firstPanel + worker.next()) < lastPanel;) {
    const int64_t first = rowStart > panel * 16 ? rowStart - panel * 16 : 0;
    const int64_t last = rowEnd < panel * 16 + 16 ? rowEnd - panel * 16 : 16;
    const char* rows = source + (panel * 16 - rowStart) * sourceBytes;
    packPanel(matrix + panel * panelBytes(columns, dtype), columns, dtype, first, last,
              [&](int64_t r, int64_t k0, int64_t count, char* to) { convertStored(rows + r * sourceBytes, type, k0, count, dtype, to); });
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
