// headLinear: every head's rows times its own matrix, and the packing of its input.
//
// Heads are packed one after the other, each as the input of a product of its own. A chunk is some panels of one head, times all
// rows or, with many, a group of tiles of them.
#include "product.h"

namespace quire::QUIRE_ISA {

// Bytes of one head's packed rows.
static QUIRE_INLINE int64_t packedHeadBytes(int64_t rows, int64_t columns, bool isBf16) {
  return rows * evenColumns(columns) * packedElementBytes(isBf16);
}

// view x, packed, isBf16
void packHeads(const Args& args, Worker& worker) {
  const View x = args.view(0);
  char* packed = args.pointer<char>(6);
  const bool isBf16 = args.integer(7) != 0;
  const Tiling tiling(x.n0);
  const int64_t headBytes = packedHeadBytes(x.n0, x.n2, isBf16);
  for (int64_t i; (i = worker.next()) < x.n1 * tiling.tiles;) {
    const int64_t head = i / tiling.tiles, tile = i % tiling.tiles;
    PackedRow to(packed + head * headBytes, tiling, tiling.start(tile), x.n2, isBf16);
    for (int64_t row = tiling.start(tile); row < tiling.start(tile + 1); row++, to.next())
      to.putRow(x.data + row * x.stride0 + head * x.stride1, x.n2);
  }
}

struct HeadProduct {
  Product all;  // of head 0
  int64_t numHeads, panels, chunksPerHead, headBytes, weightBytes;
  Tiling tiling;
  int64_t tileGroups;

  // packed, isBf16, numTokens, weight, dtype, rows, columns, numHeads
  QUIRE_INLINE explicit HeadProduct(const Args& args)
      : all(args, 0),
        numHeads(args.integer(7)),
        panels((all.rows + 15) / 16),
        chunksPerHead((panels + kChunkPanels - 1) / kChunkPanels),
        headBytes(packedHeadBytes(all.numTokens, all.columns, all.isBf16)),
        weightBytes(panels * panelBytes(all.columns, all.dtype)),
        tiling(all.numTokens),
        tileGroups((all.numTokens + 511) / 512) {}

  QUIRE_INLINE int64_t chunks() const { return numHeads * chunksPerHead * tileGroups; }
  QUIRE_INLINE int64_t head(int64_t chunk) const { return chunk / tileGroups / chunksPerHead; }
  QUIRE_INLINE int64_t firstPanel(int64_t chunk) const { return chunk / tileGroups % chunksPerHead * kChunkPanels; }
  // Fills in the addresses of a chunk's panels and returns how many.
  QUIRE_INLINE int panelsOf(int64_t chunk, const char** to) const {
    const int64_t stride = panelBytes(all.columns, all.dtype), first = firstPanel(chunk);
    const int64_t count = panels - first < kChunkPanels ? panels - first : kChunkPanels;
    for (int64_t i = 0; i < count; i++) to[i] = all.weight + head(chunk) * weightBytes + (first + i) * stride;
    return static_cast<int>(count);
  }
};

ReadAhead planHeadLinear(const Args& args, int thread, int threads) {
  const HeadProduct p(args);
  ReadAhead ahead;
  if (p.tiling.rows > kMiddleRows || thread >= p.chunks()) return ahead;
  ahead.count = p.panelsOf(thread, ahead.streams);
  ahead.bytes = panelBytes(p.all.columns, p.all.dtype);
  const int64_t most = kMostAhead / ahead.count, left = p.chunks() / threads - 2, fits = most / ahead.bytes - 1;
  if (ahead.bytes > most) ahead.bytes = most;
  // Whole chunks lie one after the other.
  if (p.panels % kChunkPanels != 0 || fits < 1 || left < 1) return ahead;
  ahead.step = threads * kChunkPanels * ahead.bytes;
  ahead.times = left < fits ? left : fits;
  return ahead;
}

// packed, isBf16, numTokens, weight, dtype, rows, columns, numHeads, out [numTokens][numHeads][rows]
void headLinear(const Args& args, Worker& worker) {
  const HeadProduct heads(args);
  float* out = args.pointer<float>(8);
  const Tiling& tiling = heads.tiling;
  if (tiling.tiles == 0) return;
  const int64_t tallest = (tiling.rows + tiling.tiles - 1) / tiling.tiles;
  const int64_t mostRows = (tiling.tiles + heads.tileGroups - 1) / heads.tileGroups * tallest;
  char* scratch = static_cast<char*>(worker.scratch(kSlabBytes + static_cast<size_t>(mostRows * kLineOfC * 4)));
  if (scratch == nullptr) return;
  float* c = reinterpret_cast<float*>(scratch + kSlabBytes);
  // This chunk's panels, then those that are fetched ahead.
  const char* panels[3 * kChunkPanels];
  const char* ahead[kChunkPanels];
  ReservedChunks chunks(worker, heads.chunks());
  for (int64_t chunk = chunks.next(), following; chunk >= 0; chunk = following) {
    following = chunks.next();
    const int aheadCount = following >= 0 ? heads.panelsOf(following, ahead) : 0;
    for (int j = 0; j < aheadCount; j++)
      for (int line = 0; line < kAheadLines; line++) __builtin_prefetch(ahead[j] + line * 64, 0, 2);
    const int64_t head = heads.head(chunk), group = chunk % heads.tileGroups, n0 = heads.firstPanel(chunk) * 16;
    Product p = heads.all;
    p.packed += head * heads.headBytes;
    const int count = heads.panelsOf(chunk, panels);
    for (int j = 0; j < kChunkPanels; j++) panels[count + j] = aheadCount > 0 ? ahead[j < aheadCount ? j : 0] : panels[0];
    const auto finish = [&](const float* sums, int64_t row0, int64_t row1) {
      for (int64_t row = row0; row < row1; row++, sums += kLineOfC) {
        float* to = out + (row * heads.numHeads + head) * p.rows + n0;
        for (int64_t j = 0; j < kLineOfC && n0 + j < p.rows; j += 16) storePartial(to + j, load(sums + j), p.rows - n0 - j);
      }
    };
    const int64_t tile0 = tiling.tiles * group / heads.tileGroups, tile1 = tiling.tiles * (group + 1) / heads.tileGroups;
    multiplyAny(panels, count, p, tiling, tile0, tile1, c, scratch, finish);
  }
}

}  // namespace quire::QUIRE_ISA
