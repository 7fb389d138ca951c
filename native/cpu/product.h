// Matrix products in chunks: which panels and rows go together, K blocks, and where accumulators wait between them.
//
// Three regimes over one weight layout:
//   one tile       (few rows)    every weight is read once, four streams at a time; the hardware prefetcher keeps up
//   several tiles  (to 64 rows)  tiles share an L1-sized slab of weights, and each fetches a part of the next slab
//   many tiles                   tiles share an L2-sized block of weights
#pragma once
#include "tiles.h"

namespace quire::QUIRE_ISA {

// The left and right side of y = x w^T.
struct Product {
  const char* packed;
  bool isBf16;
  int64_t numTokens;
  const char* weight;
  int dtype;
  int64_t rows, columns;

  // packed, isBf16, numTokens, weight, dtype, rows, columns
  QUIRE_INLINE Product(const Args& args, int i)
      : packed(args.pointer<const char>(i)),
        isBf16(args.integer(i + 1) != 0),
        numTokens(args.integer(i + 2)),
        weight(args.pointer<const char>(i + 3)),
        dtype(static_cast<int>(args.integer(i + 4))),
        rows(args.integer(i + 5)),
        columns(args.integer(i + 6)) {}
};

constexpr int kChunkPanels = 4;
constexpr int64_t kLineOfC = kChunkPanels * 16;

// Cuts panels x tiles into chunks that threads take one by one. Any cut gives the same numbers.
struct Grid {
  int64_t panels, panelsPerChunk, columnChunks, tileGroups, tiles;
  QUIRE_INLINE Grid(int64_t numPanels, const Tiling& tiling, int threads) : panels(numPanels), tiles(tiling.tiles) {
    panelsPerChunk = panels >= int64_t{16} * threads * kChunkPanels ? kChunkPanels : 2;
    // Rows are cut too when there are few columns, but never so that a slab is hardly reused.
    tileGroups = 1;
    if (tiling.rows > 2 * kMiddleRows) {
      panelsPerChunk = kChunkPanels;
      const int64_t enough = int64_t{8} * threads * kChunkPanels, most = tiling.rows / kMiddleRows;
      if (panels < enough) tileGroups = (enough + panels - 1) / panels;
      if (tileGroups > most) tileGroups = most;
      // A thread's accumulators wait in its L2.
      const int64_t least = (tiling.rows + 511) / 512;
      if (tileGroups < least) tileGroups = least;
    }
    columnChunks = (panels + panelsPerChunk - 1) / panelsPerChunk;
  }
  QUIRE_INLINE int64_t chunks() const { return columnChunks * tileGroups; }
};

// A block of K of a few panels, which tiles share. As much scratch holds the block of a format that is widened.
constexpr int64_t kSlabBytes = 256 << 10;
// One of these and a tile of activations fit the first-level cache.
constexpr int64_t kMiddleSlabBytes = 16 << 10;

// Tiles [tile0, tile1) times one slab of `count` panels. With `last`, each tile is finished while it is in the first-level cache.
template <class Format, int kFetch, class Finish>
static QUIRE_INLINE void multiplySlab(const char* const* panels, int count, const char* packed, const Tiling& tiling, int64_t tile0,
                                      int64_t tile1, int64_t kp, int64_t pair0, int64_t pairs, float* c, const char* const* next,
                                      const Finish* finish) {
  const int64_t row0 = tiling.start(tile0);
  // With one slab nothing waits: all tiles use the same memory.
  const bool reuse = finish && pair0 == 0;
  int turn = 0;
  for (int64_t tile = tile0; tile < tile1; tile++) {
    const int64_t start = tiling.start(tile), height = tiling.start(tile + 1) - start;
    const int64_t elements = sizeof(typename Format::Activation) / (2 / Format::kSteps);
    float* sums = reuse ? c : c + (start - row0) * kLineOfC;
    const TileArgs args = {packed + (start * kp + pair0 * 2 * height) * elements,
                           panels,
                           pairs,
                           sums,
                           kLineOfC,
                           pair0 > 0,
                           kFetch > 0 ? next[turn] : nullptr};
    tileFunction<Format, kFetch>(height, count)(args);
    if (finish) (*finish)(sums, start, start + height);
    turn = turn + 1 == count ? 0 : turn + 1;
  }
}

// In the weights' own format.
template <class Weights>
struct Direct {
  typedef Weights Format;
  static constexpr bool kWidens = false;
};
// Widened into the slab first: for formats that are dear to unpack, when tiles share the work.
template <class Weights>
struct Widened {
  typedef typename Weights::Wide Format;
  static constexpr bool kWidens = true;
};

template <class Weights, class How, bool kFetches, class Finish>
static void multiplyTiles(const char* const* panels, int count, const Product& p, const Tiling& tiling, int64_t tile0, int64_t tile1,
                          int64_t slabPairs, float* c, char* slab, const Finish* finish) {
  typedef typename How::Format Format;
  const int64_t kp = evenColumns(p.columns), pairs = kp / 2;
  const char* w[kChunkPanels];
  const char* next[kChunkPanels];
  for (int64_t pair0 = 0; pair0 < pairs; pair0 += slabPairs) {
    const int64_t now = pairs - pair0 < slabPairs ? pairs - pair0 : slabPairs;
    for (int j = 0; j < count; j++) {
      const char* from = panels[j] + pair0 * Weights::kBytes;
      // After the last slab of these panels comes the first of the panels behind them in the list.
      next[j] = pair0 + now < pairs ? from + now * Weights::kBytes : panels[count + j];
      w[j] = from;
      if constexpr (How::kWidens) {
        char* to = slab + j * slabPairs * Format::kBytes;
        for (int64_t k = 0; k < now; k++) Weights::widen(from + k * Weights::kBytes, to + k * Format::kBytes);
        w[j] = to;
      }
    }
    const bool isLast = pair0 + now == pairs;
    multiplySlab<Format, kFetches ? Weights::kBytes : 0>(w, count, p.packed, tiling, tile0, tile1, kp, pair0, now, c, next,
                                                         isLast ? finish : nullptr);
  }
}

// All panels of a chunk; `finish` sees each row once, when its sums over all panels are complete.
template <class Weights, class How, class Finish>
static void multiplyChunk(const char* const* panels, int count, const Product& p, const Tiling& tiling, int64_t tile0, int64_t tile1,
                          float* c, char* slab, const Finish& finish) {
  const int64_t tallest = (tiling.rows + tiling.tiles - 1) / tiling.tiles;
  const int64_t pairs = evenColumns(p.columns) / 2;
  bool finished = false;
  for (int j = 0; j < count;) {
    int group = panelsAtOnce(tallest);
    while (group > count - j) group /= 2;
    // Panels that are done together are finished tile by tile.
    finished = group == count && pairs > 0;
    const Finish* each = finished ? &finish : nullptr;
    if (tiling.tiles == 1) {
      multiplyTiles<Weights, Direct<Weights>, false>(panels + j, group, p, tiling, tile0, tile1, pairs > 0 ? pairs : 1, c + j * 16, slab, each);
    } else {
      typedef typename How::Format Format;
      const bool middle = tiling.rows <= kMiddleRows;
      const int64_t budget = middle ? kMiddleSlabBytes : kSlabBytes;
      const int64_t mostPairs = budget / (group * Format::kBytes), slabs = (pairs + mostPairs - 1) / mostPairs;
      const int64_t slabPairs = slabs > 0 ? (pairs + slabs - 1) / slabs : 1;
      if (middle)
        multiplyTiles<Weights, How, true>(panels + j, group, p, tiling, tile0, tile1, slabPairs, c + j * 16, slab, each);
      else
        multiplyTiles<Weights, How, false>(panels + j, group, p, tiling, tile0, tile1, slabPairs, c + j * 16, slab, each);
    }
    j += group;
  }
  if (!finished) finish(c, tiling.start(tile0), tiling.start(tile1));
}

template <class Finish>
static QUIRE_INLINE void multiplyAny(const char* const* panels, int count, const Product& p, const Tiling& tiling, int64_t tile0,
                                     int64_t tile1, float* c, char* slab, const Finish& finish) {
#if defined(QUIRE_AVX512_BF16)
  if (p.dtype == kBF16) return multiplyChunk<Bf16Dot, Direct<Bf16Dot>>(panels, count, p, tiling, tile0, tile1, c, slab, finish);
  if (p.dtype == kI8 && p.isBf16) return multiplyChunk<I8Dot, Widened<I8Dot>>(panels, count, p, tiling, tile0, tile1, c, slab, finish);
#else
  if (p.dtype == kBF16) return multiplyChunk<Bf16Weights, Direct<Bf16Weights>>(panels, count, p, tiling, tile0, tile1, c, slab, finish);
#endif
  if (p.dtype == kI8) return multiplyChunk<I8Weights, Widened<I8Weights>>(panels, count, p, tiling, tile0, tile1, c, slab, finish);
  multiplyChunk<F32Weights, Direct<F32Weights>>(panels, count, p, tiling, tile0, tile1, c, slab, finish);
}

constexpr int kAheadLines = 16;
// Bytes that a waiting thread fetches ahead: some of its second-level cache.
constexpr int64_t kMostAhead = 256 << 10;

// What a thread reads first of a product: the panels of its reserved chunk, then of those that are likely to be its own. Only
// with few rows does memory bound a product.
template <class PanelOf>
static QUIRE_INLINE ReadAhead planProduct(const Product& p, const Grid& grid, const Tiling& tiling, int thread, int threads, PanelOf panelOf) {
  static_assert(kChunkPanels <= ReadAhead::kStreams);
  ReadAhead ahead;
  if (tiling.rows > kMiddleRows || thread >= grid.chunks()) return ahead;
  ahead.count = panelOf(thread, ahead.streams);
  ahead.bytes = panelBytes(p.columns, p.dtype);
  const int64_t most = kMostAhead / ahead.count;
  if (ahead.bytes >= most || thread + threads >= grid.chunks()) {
    ahead.bytes = ahead.bytes < most ? ahead.bytes : most;
    return ahead;
  }
  const char* later[kChunkPanels];
  panelOf(thread + threads, later);
  ahead.step = later[0] - ahead.streams[0];
  const int64_t whole = grid.chunks() / threads - 2, fits = most / ahead.bytes - 1;
  ahead.times = whole < 0 ? 0 : whole < fits ? whole : fits;
  return ahead;
}

// Takes chunks until none is left. `panelOf(chunk, panels)` fills in the chunk's panel addresses and returns how many;
// `finish(chunk, c, row0, row1)` gets the sums of some of its rows, rows of kLineOfC floats.
template <class PanelOf, class Finish>
static QUIRE_INLINE void runProduct(const Product& p, const Grid& grid, const Tiling& tiling, Worker& worker, PanelOf panelOf, Finish finish) {
  const int64_t tilesPerGroup = tiling.tiles > 0 ? (tiling.tiles + grid.tileGroups - 1) / grid.tileGroups : 0;
  const int64_t mostRows = tiling.tiles > 0 ? tilesPerGroup * ((tiling.rows + tiling.tiles - 1) / tiling.tiles) : 0;
  const size_t bytesOfC = static_cast<size_t>(mostRows * kLineOfC * 4);
  char* scratch = static_cast<char*>(worker.scratch(kSlabBytes + bytesOfC));
  if (scratch == nullptr || tiling.tiles == 0) return;
  float* c = reinterpret_cast<float*>(scratch + kSlabBytes);
  // This chunk's panels, then those that are fetched ahead.
  const char* panels[3 * kChunkPanels];
  const char* ahead[kChunkPanels];
  ReservedChunks chunks(worker, grid.chunks());
  for (int64_t chunk = chunks.next(), following; chunk >= 0; chunk = following) {
    // The next chunk is taken before this one is done, and its first lines are asked for: the hardware prefetcher needs a start.
    following = chunks.next();
    int aheadCount = 0;
    if (following >= 0) {
      aheadCount = panelOf(following / grid.tileGroups, ahead);
      for (int j = 0; j < aheadCount; j++)
        for (int line = 0; line < kAheadLines; line++) __builtin_prefetch(ahead[j] + line * 64, 0, 2);
    }
    const int64_t column = chunk / grid.tileGroups, group = chunk % grid.tileGroups;
    const int64_t tile0 = tiling.tiles * group / grid.tileGroups, tile1 = tiling.tiles * (group + 1) / grid.tileGroups;
    const int count = panelOf(column, panels);
    for (int j = 0; j < kChunkPanels; j++) panels[count + j] = aheadCount > 0 ? ahead[j < aheadCount ? j : 0] : panels[0];
    const auto finishRows = [&](const float* sums, int64_t row0, int64_t row1) { finish(column, sums, row0, row1); };
    multiplyAny(panels, count, p, tiling, tile0, tile1, c, scratch, finishRows);
  }
}

}  // namespace quire::QUIRE_ISA
