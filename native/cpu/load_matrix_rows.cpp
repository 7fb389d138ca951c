// Rows of a matrix from a file: every thread reads a piece, dequantizes or converts it, and packs it into panels, so that the
// weights are touched once, by the threads that compute.
#include <errno.h>
#include <unistd.h>

#include "pack_rows.h"

namespace quire::QUIRE_ISA {

// A piece is read and packed while it is in a core's own cache.
constexpr int64_t kPieceBytes = 256 << 10;

// False at the end of the file or where it cannot be read.
static bool readFully(int file, char* to, int64_t bytes, int64_t position) {
  while (bytes > 0) {
    const ssize_t got = pread(file, to, static_cast<size_t>(bytes), position);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    position += got;
    bytes -= got;
  }
  return true;
}

// file, position, rowBytes, sourceRow, pairedRows, sourceType, matrix, dtype, rows, columns, rowStart, numRows, progress
void loadMatrixRows(const Args& args, Worker& worker) {
  const int file = static_cast<int>(args.integer(0));
  const int64_t position = args.integer(1), rowBytes = args.integer(2), sourceRow = args.integer(3), paired = args.integer(4);
  const int type = static_cast<int>(args.integer(5)), dtype = static_cast<int>(args.integer(7));
  char* matrix = args.pointer<char>(6);
  const int64_t columns = args.integer(9), rowStart = args.integer(10), rowEnd = rowStart + args.integer(11);
  auto* progress = args.pointer<std::atomic<int64_t>>(12);
  const int64_t firstPanel = rowStart / 16, lastPanel = (rowEnd + 15) / 16, usedBytes = storedBytes(type, columns);
  int64_t step = kPieceBytes / (16 * rowBytes) > 1 ? kPieceBytes / (16 * rowBytes) : 1;
  // Rows of one head lie mixed: whole heads are read.
  if (paired % 16 == 0 && paired > 0) step = (step * 16 + paired - 1) / paired * (paired / 16);
  const int64_t share = (lastPanel - firstPanel + worker.threads - 1) / worker.threads;
  if (step > share) step = share;
  for (int64_t panel; (panel = firstPanel + worker.next(step)) < lastPanel;) {
    const int64_t endPanel = panel + step < lastPanel ? panel + step : lastPanel;
    const int64_t start = panel * 16 > rowStart ? panel * 16 : rowStart, end = endPanel * 16 < rowEnd ? endPanel * 16 : rowEnd;
    int64_t from = sourceRow + start - rowStart, to = sourceRow + end - rowStart;
    const int64_t offset = sourceRow - rowStart;  // matrix row r is row r + offset of the file
    if (paired > 0) {
      from = from / paired * paired;
      to = (to + paired - 1) / paired * paired;
    }
    const int64_t bytes = (to - from - 1) * rowBytes + usedBytes;
    char* piece = static_cast<char*>(worker.scratch(static_cast<size_t>(bytes)));
    if (piece == nullptr) return;
    if (!readFully(file, piece, bytes, position + from * rowBytes)) {
      worker.fail("the file ends before its rows do, or cannot be read");
      return;
    }
    for (int64_t p = panel; p < endPanel; p++) {
      const int64_t first = start > p * 16 ? start - p * 16 : 0, last = end < p * 16 + 16 ? end - p * 16 : 16;
      packPanel(matrix + p * panelBytes(columns, dtype), columns, dtype, first, last,
                [&](int64_t r, int64_t k0, int64_t count, char* out) {
                  int64_t row = p * 16 + r + offset;
                  if (paired > 0) {
                    const int64_t within = row % paired, half = paired / 2;
                    row += (within < half ? 2 * within : 2 * (within - half) + 1) - within;
                  }
                  convertStored(piece + (row - from) * rowBytes, type, k0, count, dtype, out);
                });
    }
    progress->fetch_add((end - start) * usedBytes, std::memory_order_relaxed);
  }
}

}  // namespace quire::QUIRE_ISA
