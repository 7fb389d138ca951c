// One tile of attention: some tokens of one request times the query heads of one kv head, over partitions of the KV cache.
//
// A row (token, head) sees positions first .. last of its request; what it sees depends on its own position alone. Each
// partition of 512 positions, counted from 0, is reduced by itself: scores, one maximum, exponentials, their sum, weighted
// values. Partitions are merged in ascending order. Whatever else is in the tile adds exact zeros at most, and memory that a
// row does not see (never written, or another request's: it may hold NaN or infinity) never reaches it.
#pragma once
#include "attention_formats.h"
#include "kv_cache.h"
#include "packed.h"
#include "transpose.h"

namespace quire::QUIRE_ISA {

constexpr int64_t kTileRows = 24;                        // src/platform/cpu/kv-cache-layout.ts
constexpr int64_t kLatentTileRows = 48;                  // the same, of latents
constexpr int64_t kMadePanels = 2;                       // value panels of latents that are made at a time
constexpr int64_t kBlocks = kPartition / kPanelTokens;  // panels of one partition
constexpr int64_t kAhead = 4;                            // panels that are prefetched ahead

// Positions that the token at `position` sees in a partition, counted from the partition's start; empty when first > last.
struct Visible {
  int64_t first, last;
};

// How far back a token sees; 0: all, or all of its request. Neither end moves back from one position to the next.
struct Sight {
  int64_t window, chunk;

  // The first position that the token at `position` sees.
  QUIRE_INLINE int64_t first(int64_t position) const {
    const int64_t start = window > 0 && position >= window ? position - window + 1 : 0;
    if (chunk == 0) return start;
    const int64_t ofChunk = position - position % chunk;
    return start > ofChunk ? start : ofChunk;
  }
  QUIRE_INLINE Visible in(int64_t position, int64_t partition) const {
    const int64_t begin = partition * kPartition, from = first(position) - begin, to = position - begin;
    return {from > 0 ? from : 0, to < kPartition - 1 ? to : kPartition - 1};
  }
};

struct AttentionProblem {
  View q;      // [numTokens, numHeads, headDim]
  View qRope;  // of latents: q has latentDim elements, this the rest of the head; else nothing
  KVCacheView cache;
  int64_t numKvHeads, group, numSeqs, maxNumSeqs, maxBlocksPerSeq;
  Sight sight;
  const int32_t *queryStartLoc, *seqLens, *blockTable;
  float scale;
  float softcap;                // 0: none
  const float *sinks, *slopes;  // by head, or nullptr
  float alibiScale;
  bool isAlibiBf16;
  float* out;
  // The result in packed form for the linear layer that follows, instead of `out`; or nullptr.
  void* packed;
  bool isBf16Packed;
  Tiling tiling;
  char* partials;
  int64_t partialBytes;
  int64_t tileRows, headsPerTile, tokensPerTile, headChunks;
  // A partial result is one record a row: maximum, sum, 14 floats unused, headDim weighted values (padded to 16).
  int64_t recordFloats;
};

struct AttentionTile {
  const int32_t* blocks;                // of the request
  int64_t kvHead, firstHead, heads;     // query heads
  int64_t firstToken, tokens, position;  // rows of q; position of the first
  int64_t rows;                         // tokens * heads, token by token

  QUIRE_INLINE int64_t lastPosition() const { return position + tokens - 1; }
};

// This thread's memory for one tile.
template <class Format>
struct AttentionScratch {
  typename Format::Factor* queries;  // row groups after one another, each [line][factor][row]
  float* row;                        // one query of latents
  float* scores;                     // [tileRows][kPartition]
  void* weights;                     // pairs of bf16, or the scores' own memory
  float *part, *total;               // records
  char* values;                      // copies of the value panels of two blocks
  char* made;                        // of latents: kMadePanels value panels of every block
  bool ok;

  AttentionScratch(const AttentionProblem& p, Worker& worker) {
    constexpr bool isPair = !__is_same(typename Format::Factor, float);
    const int64_t queryBytes = p.tileRows * p.cache.keyLines() * Format::kFactors * 4, scoreBytes = p.tileRows * kPartition * 4;
    const int64_t recordBytes = p.tileRows * p.recordFloats * 4, weightBytes = isPair ? scoreBytes / 2 : 0;
    const int64_t valueBytes = 2 * p.cache.valueBytes();
    const int64_t madeBytes = p.cache.latentDim ? kBlocks * kMadePanels * p.cache.linesPerValuePanel() * kLine : 0;
    const int64_t rowBytes = p.cache.latentDim ? (p.cache.headDim + 15) / 16 * 64 : 0;
    char* at = static_cast<char*>(
        worker.scratch(static_cast<size_t>(queryBytes + scoreBytes + weightBytes + 2 * recordBytes + valueBytes + madeBytes + rowBytes + 64)));
    ok = at != nullptr;
    values = at;
    at += valueBytes;
    made = at;
    at += madeBytes;
    row = reinterpret_cast<float*>(at);
    at += rowBytes;
    scores = reinterpret_cast<float*>(at);
    at += scoreBytes;
    weights = isPair ? at : static_cast<void*>(scores);
    at += weightBytes;
    part = reinterpret_cast<float*>(at);
    at += recordBytes;
    total = reinterpret_cast<float*>(at);
    at += recordBytes;
    queries = reinterpret_cast<typename Format::Factor*>(at);
  }
};

// The rows of a tile, cut into nearly equal groups that are computed together.
template <class Format>
struct RowGroups {
  int64_t rows, count;
  RowGroups(const AttentionProblem& p, int64_t rows_) : rows(rows_) {
    const int64_t most = p.cache.latentDim ? Format::kTallRows : Format::kRows;
    count = (rows + most - 1) / most;
  }
  QUIRE_INLINE int64_t start(int64_t i) const { return rows * i / count; }
};

// Queries times scale, rounded to bf16 with a bf16 cache, in the order in which scorePanels reads them.
template <class Format>
static void packQueries(const AttentionProblem& p, const AttentionTile& tile, const AttentionScratch<Format>& scratch) {
  constexpr bool isF32 = __is_same(Format, FormatF32);
  constexpr int64_t wordsPerLine = Format::kFactors, elementsPerLine = isF32 ? 1 : 2;
  const int64_t headDim = p.cache.headDim, lines = p.cache.keyLines();
  const RowGroups<Format> groups(p, tile.rows);
  typename Format::Factor* to = scratch.queries;
  for (int64_t g = 0; g < groups.count; g++) {
    const int64_t start = groups.start(g), rows = groups.start(g + 1) - start;
    for (int64_t i = 0; i < rows; i++) {
      const int64_t token = tile.firstToken + (start + i) / tile.heads, head = tile.firstHead + (start + i) % tile.heads;
      const float* q = p.q.data + token * p.q.stride0 + head * p.q.stride1;
      if (p.cache.latentDim) {
        memcpy(scratch.row, q, static_cast<size_t>(p.q.n2) * 4);
        memcpy(scratch.row + p.q.n2, p.qRope.data + token * p.qRope.stride0 + head * p.qRope.stride1, static_cast<size_t>(p.qRope.n2) * 4);
        q = scratch.row;
      }
      for (int64_t d = 0; d < headDim; d += 16) {
        const int64_t n = headDim - d;
        const Vec scaled = mul(n >= 16 ? load(q + d) : loadPartial(q + d, n), set1(p.scale));
        alignas(64) uint32_t words[16];
        if constexpr (!__is_same(typename Format::Factor, float))
          storeBf16(reinterpret_cast<bf16*>(words), scaled);
        else
          store(reinterpret_cast<float*>(words), Format::kFactors == 2 ? roundBf16(scaled) : scaled);
        // One pair of bf16, or one element, a word.
        const int64_t first = d * wordsPerLine / elementsPerLine, end = lines * wordsPerLine - first;
        for (int64_t w = 0; w < 16 * wordsPerLine / elementsPerLine && w < end; w++)
          memcpy(to + (first + w) * rows + i, words + w, 4);
      }
    }
    to += rows * lines * Format::kFactors;
  }
}

// e^x for x <= 0; 0 for very small x and for -infinity; NaN stays NaN; exp(0) is 1.
static QUIRE_INLINE Vec expWeight(Vec x) {
#if defined(QUIRE_AVX512)
  // 2^t, t = n + r: a polynomial of degree 5 for |r| <= 1/2 (relative error below 1.2e-7), scaled by 2^n.
  const Vec t = max(set1(-150.f), mul(x, set1(1.44269504f)));
  const Vec n = roundNearest(t), r = sub(t, n);
  Vec p = fma(set1(1.32647277e-3f), r, set1(9.67151275e-3f));
  p = fma(p, r, set1(5.55073374e-2f));
  p = fma(p, r, set1(2.40222421e-1f));
  p = fma(p, r, set1(6.93146978e-1f));
  p = fma(p, r, set1(1.f));
  return {_mm512_scalef_ps(p.v, n.v)};
#else
  return exp(x);
#endif
}

// Turns one row's scores of a partition into weights, for blocks 0 .. numBlocks - 1 after `firstBlock`; writes maximum and sum.
template <class Format>
static QUIRE_INLINE void softmaxRow(float* scores, void* weights, Visible visible, int64_t firstBlock, int64_t endBlock,
                                    float* record) {
  const auto put = [&](int64_t block, Vec w) {
#if defined(QUIRE_AVX512_BF16)
    if constexpr (!__is_same(typename Format::Factor, float)) {
      const __m256bh bits = _mm512_cvtneps_pbh(w.v);
      memcpy(static_cast<char*>(weights) + block * 32, &bits, 32);
      return;
    }
#endif
    store(static_cast<float*>(weights) + block * 16, Format::kFactors == 2 ? roundBf16(w) : w);
  };
  if (visible.first > visible.last) {
    for (int64_t b = firstBlock; b < endBlock; b++) put(b, zero());
    return;
  }
  const int64_t begin = visible.first / 16, end = visible.last / 16 + 1;
  for (int64_t i = begin * 16; i < visible.first; i++) scores[i] = -INFINITY;
  for (int64_t i = visible.last + 1; i < end * 16; i++) scores[i] = -INFINITY;
  Vec top = load(scores + begin * 16);
  for (int64_t b = begin + 1; b < end; b++) top = max(top, load(scores + b * 16));
  const float maximum = largest(top);
  const Vec m = set1(maximum);
  Vec sums = zero();
  for (int64_t b = firstBlock; b < begin; b++) put(b, zero());
  for (int64_t b = begin; b < end; b++) {
    const Vec w = expWeight(sub(load(scores + b * 16), m));
    sums = add(sums, w);
    put(b, w);
  }
  for (int64_t b = end; b < endBlock; b++) put(b, zero());
  record[0] = maximum;
  record[1] = sum(sums);
}

// Whether all numbers of some value panels are finite.
static QUIRE_INLINE bool allFinite(const char* values, int64_t bytes, bool isBf16) {
  uint32_t bad = 0;
  if (isBf16) {
    const uint16_t* v = reinterpret_cast<const uint16_t*>(values);
    uint16_t found = 0;
    for (int64_t i = 0; i < bytes / 2; i++) found |= (v[i] & 0x7f80) == 0x7f80 ? 1 : 0;
    bad = found;
  } else {
    const uint32_t* v = reinterpret_cast<const uint32_t*>(values);
    for (int64_t i = 0; i < bytes / 4; i++) bad |= (v[i] & 0x7f800000) == 0x7f800000 ? 1u : 0u;
  }
  return bad == 0;
}

// Copies value panels of a block, with zeros for the tokens outside of first .. last.
static void copyVisibleValues(const KVCacheView& cache, const char* values, int64_t panels, char* copy, int64_t first, int64_t last) {
  memcpy(copy, values, static_cast<size_t>(panels * cache.linesPerValuePanel() * kLine));
  for (int64_t token = 0; token < kPanelTokens; token++) {
    if (token >= first && token <= last) continue;
    for (int64_t panel = 0; panel < panels; panel++) {
      if (cache.isBf16) {
        bf16* to = reinterpret_cast<bf16*>(copy) + panel * 256 + token / 2 * 32 + token % 2;
        for (int64_t d = 0; d < 16; d++) to[d * 2] = 0;
      } else {
        memset(copy + (panel * 16 + token) * kLine, 0, kLine);
      }
    }
  }
}

// Values of `count` blocks of a partition from `first` on: some panels of each, from `panel` on.
struct BlockValues {
  int64_t first, count;
  const char* const* values;
  int64_t panel, panels;
};

// Weighted values of rows `start` .. `end` - 1 of a tile. With `ahead`, later values are fetched.
template <class Format>
static void weighRows(const AttentionProblem& p, const AttentionScratch<Format>& scratch, int64_t start, int64_t end,
                      const BlockValues& blocks, bool ahead, float* part) {
  constexpr bool isPair = !__is_same(typename Format::Factor, float);
  const RowGroups<Format> groups(p, end - start);
  const int64_t panelBytes = p.cache.linesPerValuePanel() * kLine;
  for (int64_t g = 0; g < groups.count; g++) {
    const int64_t row = start + groups.start(g), rows = groups.start(g + 1) - groups.start(g);
    const char* weights = static_cast<const char*>(scratch.weights) + (row * kPartition + blocks.first * 16) * (isPair ? 2 : 4);
    float* out = part + row * p.recordFloats + 16 + blocks.panel * 16;
    for (int64_t panel = 0; panel < blocks.panels;) {
      const auto kernel = Kernels<Format>::get(rows, blocks.panels - panel);
      kernel.weigh(weights, blocks.values, panel * panelBytes, blocks.count, ahead && g == 0 ? kAhead : 0, out + panel * 16,
                   p.recordFloats);
      panel += kernel.panels;
    }
  }
}

// Addresses of the panels that a tile needs in one partition.
struct PartitionBlocks {
  int64_t first, count;  // blocks of 16 tokens, counted from the partition's start
  const char *keys[kBlocks + kAhead], *values[kBlocks + kAhead];
};

// False when the block table names a block that does not exist.
static bool findBlocks(const AttentionProblem& p, const AttentionTile& tile, int64_t partition, PartitionBlocks& found) {
  const Visible first = p.sight.in(tile.position, partition), last = p.sight.in(tile.lastPosition(), partition);
  found.first = first.first / kPanelTokens;
  found.count = last.last / kPanelTokens + 1 - found.first;
  const int64_t origin = partition * kBlocks + found.first, available = tile.lastPosition() / kPanelTokens + 1 - origin;
  const int64_t panelsPerBlock = p.cache.blockSize / kPanelTokens, keyBytes = p.cache.keyBytes();
  for (int64_t i = 0; i < found.count + kAhead && i < available; i++) {
    const int64_t block = tile.blocks[(origin + i) / panelsPerBlock];
    if (block < 0 || block >= p.cache.numBlocks) return false;
    found.keys[i] = p.cache.keys(block, tile.kvHead, (origin + i) % panelsPerBlock);
    found.values[i] = found.keys[i] + (p.cache.latentDim ? 0 : keyBytes);
  }
  // What comes after the last keys are the first values; after the last values, the next partition's keys.
  for (int64_t i = 0; i < kAhead; i++) {
    const char* next = found.count + i < available ? found.keys[found.count + i] : found.values[found.count - 1];
    found.keys[found.count + i] = found.values[i < found.count ? i : found.count - 1];
    found.values[found.count + i] = next;
  }
  return true;
}

// Weighted values of one token's rows over just those of the blocks that it sees.
template <class Format>
static void weighToken(const AttentionProblem& p, const AttentionTile& tile, int64_t token, int64_t partition, const BlockValues& blocks,
                       const AttentionScratch<Format>& scratch, float* part) {
  const Visible visible = p.sight.in(tile.position + token, partition);
  if (visible.first > visible.last) return;
  const int64_t first = visible.first / 16, count = visible.last / 16 + 1 - first;
  const char* values[kBlocks];
  for (int64_t b = 0; b < count; b++) values[b] = blocks.values[first - blocks.first + b];
  char* copy = scratch.values;
  for (int64_t b = 0; b < count; b += count > 1 ? count - 1 : 1, copy += p.cache.valueBytes()) {
    const int64_t start = (first + b) * 16;
    copyVisibleValues(p.cache, values[b], blocks.panels, copy, visible.first - start, visible.last - start);
    values[b] = copy;
  }
  weighRows(p, scratch, token * tile.heads, (token + 1) * tile.heads, {first, count, values, blocks.panel, blocks.panels}, false, part);
}

// Weighted values of all rows of a tile. A zero weight times NaN or infinity is NaN: blocks that some row does not see as a
// whole (`all` is what every row sees) must be finite, else each token gets its own.
template <class Format>
static void weighTile(const AttentionProblem& p, const AttentionTile& tile, int64_t partition, Visible all, const BlockValues& blocks,
                      bool ahead, const AttentionScratch<Format>& scratch, float* part) {
  const int64_t bytes = blocks.panels * p.cache.linesPerValuePanel() * kLine;
  bool finite = true;
  for (int64_t b = 0; b < blocks.count && finite; b++) {
    const int64_t start = (blocks.first + b) * 16;
    if (start < all.first || start + 15 > all.last) finite = allFinite(blocks.values[b], bytes, p.cache.isBf16);
  }
  if (finite) return weighRows(p, scratch, 0, tile.rows, blocks, ahead, part);
  for (int64_t t = 0; t < tile.tokens; t++) weighToken(p, tile, t, partition, blocks, scratch, part);
}

// A value panel of the latents of 16 tokens, whose rows are stored as keys.
static QUIRE_INLINE void makeValues(const KVCacheView& cache, const char* keys, int64_t panel, char* values) {
  const int64_t lines = cache.linesPerValuePanel(), left = cache.keyLines() - panel * lines;
  const char* from = keys + panel * lines * kLine;
  alignas(64) char padded[16 * kLine];
  if (left < lines) {
    memset(padded, 0, sizeof padded);
    memcpy(padded, from, static_cast<size_t>(left * kLine));
    from = padded;
  }
  if (cache.isBf16)
    transposePairs(from, values);
  else
    transpose16(from, kLine, reinterpret_cast<uint32_t*>(values));
}

// The same of latents: a few panels of all blocks are made values, and stay in the first-level cache while all rows use them.
template <class Format>
static void weighLatents(const AttentionProblem& p, const AttentionTile& tile, int64_t partition, Visible all, int64_t first, int64_t count,
                         const char* const* keys, const AttentionScratch<Format>& scratch, float* part) {
  const int64_t panelBytes = p.cache.linesPerValuePanel() * kLine, panels = p.cache.valuePanels();
  for (int64_t panel = 0; panel < panels; panel += kMadePanels) {
    const int64_t now = panels - panel < kMadePanels ? panels - panel : kMadePanels;
    const char* values[kBlocks];
    for (int64_t b = 0; b < count; b++) {
      char* made = scratch.made + b * now * panelBytes;
      for (int64_t i = 0; i < now; i++) makeValues(p.cache, keys[b], panel + i, made + i * panelBytes);
      values[b] = made;
    }
    weighTile(p, tile, partition, all, {first, count, values, panel, now}, false, scratch, part);
  }
}

// Soft cap and linear biases of one row's products with the blocks that it sees of a partition.
static void adjustScores(const AttentionProblem& p, float* scores, Visible visible, int64_t position, int64_t partition, int64_t head) {
  const int64_t begin = visible.first / 16 * 16, start = partition * kPartition;
  if (p.softcap != 0)
    for (int64_t i = begin; i <= visible.last; i += 16)
      store(scores + i, mul(set1(p.softcap), tanh(div(load(scores + i), set1(p.softcap)))));
  if (!p.slopes) return;
  alignas(64) static const float kLanes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const Vec lanes = load(kLanes), scale = set1(p.alibiScale);
  const Vec slope = p.isAlibiBf16 ? roundBf16(set1(p.slopes[head])) : set1(p.slopes[head]);
  const auto product = [&](Vec at) { return roundBf16(mul(slope, roundBf16(at))); };
  const Vec own = product(set1(static_cast<float>(position)));
  for (int64_t i = begin; i <= visible.last; i += 16) {
    Vec bias;
    if (p.isAlibiBf16)
      bias = sub(product(add(lanes, set1(static_cast<float>(start + i)))), own);
    else
      bias = mul(slope, add(lanes, set1(static_cast<float>(start + i - position))));
    store(scores + i, add(load(scores + i), mul(scale, bias)));
  }
}

// Reduces one partition for all rows of a tile; writes one record a row. Rows that see nothing of it are left undefined.
template <class Format>
static bool attendPartition(const AttentionProblem& p, const AttentionTile& tile, int64_t partition,
                            const AttentionScratch<Format>& scratch, float* part) {
  PartitionBlocks blocks;
  if (!findBlocks(p, tile, partition, blocks)) return false;
  const int64_t lines = p.cache.keyLines();
  const RowGroups<Format> groups(p, tile.rows);
  for (int64_t b = 0; b < blocks.count;) {
    const typename Format::Factor* queries = scratch.queries;
    int panels = 1;
    for (int64_t g = 0; g < groups.count; g++) {
      const int64_t row = groups.start(g), rows = groups.start(g + 1) - row;
      const auto kernel = Kernels<Format>::get(rows, blocks.count - b);
      panels = kernel.panels;
      kernel.score(queries, blocks.keys + b, g == 0 ? blocks.keys + b + kAhead : nullptr, lines,
                   scratch.scores + row * kPartition + (blocks.first + b) * 16);
      queries += rows * lines * Format::kFactors;
    }
    b += panels;
  }

  if (p.softcap != 0 || p.slopes)
    for (int64_t row = 0; row < tile.rows; row++) {
      const int64_t position = tile.position + row / tile.heads;
      adjustScores(p, scratch.scores + row * kPartition, p.sight.in(position, partition), position, partition, tile.firstHead + row % tile.heads);
    }

  Visible all = {0, kPartition};  // what every row sees
  for (int64_t t = 0, row = 0; t < tile.tokens; t++) {
    const Visible visible = p.sight.in(tile.position + t, partition);
    if (visible.first > all.first) all.first = visible.first;
    if (visible.last < all.last) all.last = visible.last;
    for (int64_t h = 0; h < tile.heads; h++, row++)
      softmaxRow<Format>(scratch.scores + row * kPartition,
                         static_cast<char*>(scratch.weights) + row * kPartition * (__is_same(typename Format::Factor, float) ? 4 : 2),
                         visible, blocks.first, blocks.first + blocks.count, part + row * p.recordFloats);
  }

  if (p.cache.latentDim)
    weighLatents(p, tile, partition, all, blocks.first, blocks.count, blocks.keys, scratch, part);
  else
    weighTile(p, tile, partition, all, {blocks.first, blocks.count, blocks.values, 0, p.cache.valuePanels()}, true, scratch, part);
  return true;
}

// total (+)= part for all rows that see something of the partition.
static void mergePartition(const AttentionProblem& p, const AttentionTile& tile, int64_t partition, const float* part, float* total) {
  const int64_t padded = p.recordFloats - 16;
  for (int64_t t = 0; t < tile.tokens; t++) {
    const int64_t position = tile.position + t, first = p.sight.first(position) / kPartition;
    if (partition < first || partition > position / kPartition) continue;
    for (int64_t h = 0; h < tile.heads; h++) {
      const float* from = part + (t * tile.heads + h) * p.recordFloats;
      float* to = total + (t * tile.heads + h) * p.recordFloats;
      if (partition == first) {
        memcpy(to, from, static_cast<size_t>(p.recordFloats) * 4);
        continue;
      }
      const float maximum = to[0] > from[0] ? to[0] : from[0];
      const Vec a = expWeight(set1(to[0] - maximum)), b = expWeight(set1(from[0] - maximum));
      to[0] = maximum;
      const Vec sums = fma(set1(to[1]), a, mul(set1(from[1]), b));
      storePartial(to + 1, sums, 1);
      for (int64_t d = 16; d < 16 + padded; d += 16) store(to + d, fma(load(to + d), a, mul(load(from + d), b)));
    }
  }
}

// 1 / the sum of a row's weights, its sink's included: a last partition with the sum 1 and no values.
static QUIRE_INLINE float weightFactor(const AttentionProblem& p, const float* record, int64_t head) {
  if (!p.sinks) return 1.f / record[1];
  const float sink = p.sinks[head], maximum = record[0] > sink ? record[0] : sink;
  const Vec a = expWeight(set1(record[0] - maximum)), b = expWeight(set1(sink - maximum));
  alignas(64) float factor[16];
  store(factor, div(a, fma(set1(record[1]), a, b)));
  return factor[0];
}

// Divides by the sums and writes the tile's part of the output. + 0 makes every zero positive: masked terms may have
// turned a zero's sign.
static void finishTile(const AttentionProblem& p, const AttentionTile& tile, const float* total) {
  const int64_t headDim = p.cache.valueDim();
  const float* record = total;
  PackedRow packed(p.packed, p.tiling, tile.firstToken, p.q.n1 * headDim, p.isBf16Packed);
  for (int64_t token = tile.firstToken; token < tile.firstToken + tile.tokens; token++, packed.next()) {
    for (int64_t head = tile.firstHead; head < tile.firstHead + tile.heads; head++, record += p.recordFloats) {
      float* out = p.out + (token * p.q.n1 + head) * headDim;
      const Vec factor = set1(weightFactor(p, record, head));
      for (int64_t d = 0; d < headDim; d += 16) {
        const Vec value = add(mul(load(record + 16 + d), factor), zero());
        if (p.packed)
          packed.put(head * headDim + d, value, headDim - d < 16 ? headDim - d : 16);
        else if (headDim - d >= 16)
          store(out + d, value);
        else
          storePartial(out + d, value, headDim - d);
      }
    }
  }
}

}  // namespace quire::QUIRE_ISA
