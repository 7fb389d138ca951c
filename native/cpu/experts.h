// Rows sorted by expert, and products of each expert's rows with its own matrix.
//
// Row r = token * topK + j goes to expert ids[r]. groupExperts sorts rows by expert (rows of one expert stay in order) and cuts
// them into blocks: some rows of one expert. What follows works in this order; each block is packed as a product of its own.
#pragma once
#include "product.h"

namespace quire::QUIRE_ISA {

// Accumulators of a block wait in a core's cache.
constexpr int64_t kBlockRows = 512;

struct ExpertBlock {
  int32_t expert, start;  // start: in sorted order; ends where the next block starts
};

// The memory that groupExperts fills: [numBlocks, padding][order: numRows][blocks, and one behind the last]. Its size is known to
// src/platform/cpu/lowering/experts.ts.
struct ExpertGroups {
  int32_t* numBlocks;
  int32_t* order;  // sorted place -> row
  ExpertBlock* blocks;
  QUIRE_INLINE ExpertGroups(void* data, int64_t numRows)
      : numBlocks(static_cast<int32_t*>(data)),
        order(numBlocks + 2),
        blocks(reinterpret_cast<ExpertBlock*>(order + evenColumns(numRows))) {}
  QUIRE_INLINE int64_t rows(int64_t block) const { return blocks[block + 1].start - blocks[block].start; }
};

// The packed rows of a block: `columns` wide, beginning with sorted row `start`.
template <class Byte>
static QUIRE_INLINE Byte* packedBlock(Byte* packed, int64_t start, int64_t columns, bool isBf16) {
  return packed + start * evenColumns(columns) * packedElementBytes(isBf16);
}

// Products of all blocks, cut into chunks of a block's panels that threads take one by one. Any cut gives the same numbers.
struct ExpertProduct {
  Product all;  // weight: that of expert 0; numTokens: rows of all blocks
  const float* scale;
  const float* bias;
  ExpertGroups groups;
  int64_t panels, panelsPerChunk, chunksPerBlock, expertBytes;
  bool isGated;

  // packed, isBf16, numRows, weight, dtype, rows, columns, scale?, bias?, groups. Gated: a chunk has as many panels of the first
  // half of the rows as of the second; rows are then a multiple of 32.
  QUIRE_INLINE ExpertProduct(const Args& args, bool gated)
      : all(args, 0),
        scale(args.pointer<const float>(7)),
        bias(args.pointer<const float>(8)),
        groups(args.pointer<void>(9), all.numTokens),
        panels((all.rows + 15) / 16),
        panelsPerChunk(kChunkPanels),
        chunksPerBlock((panels + kChunkPanels - 1) / kChunkPanels),
        expertBytes(panels * panelBytes(all.columns, all.dtype)),
        isGated(gated) {}

  QUIRE_INLINE int64_t chunks() const { return *groups.numBlocks * chunksPerBlock; }
  QUIRE_INLINE int64_t expert(int64_t block) const { return groups.blocks[block].expert; }
  // The product of one block alone.
  QUIRE_INLINE Product block(int64_t b) const {
    Product p = all;
    p.packed = packedBlock(all.packed, groups.blocks[b].start, all.columns, all.isBf16);
    p.numTokens = groups.rows(b);
    p.weight = all.weight + expert(b) * expertBytes;
    return p;
  }
  // Panels of a chunk's gate (or of the chunk), the first of them; up panels follow as many.
  QUIRE_INLINE int64_t firstPanel(int64_t chunk) const { return chunk % chunksPerBlock * (isGated ? kChunkPanels / 2 : kChunkPanels); }
  QUIRE_INLINE int64_t countOfPanels(int64_t chunk) const {
    const int64_t most = isGated ? kChunkPanels / 2 : kChunkPanels, left = (isGated ? panels / 2 : panels) - firstPanel(chunk);
    return left < most ? left : most;
  }
  // Fills in the addresses of a chunk's panels and returns how many.
  QUIRE_INLINE int panelsOf(int64_t chunk, const char** to) const {
    const int64_t stride = panelBytes(all.columns, all.dtype), first = firstPanel(chunk), count = countOfPanels(chunk);
    const char* weight = all.weight + expert(chunk / chunksPerBlock) * expertBytes;
    for (int64_t i = 0; i < count; i++) {
      to[i] = weight + (first + i) * stride;
      if (isGated) to[count + i] = weight + (panels / 2 + first + i) * stride;
    }
    return static_cast<int>(isGated ? 2 * count : count);
  }
};

// What a thread reads first: the panels of its reserved chunk, then of those that are likely to be its own, as far as they are of
// the same expert. Rows are grouped by then: packExperts stands between groupExperts and this, and has a plan that is empty.
static QUIRE_INLINE ReadAhead planExperts(const ExpertProduct& p, int thread, int threads) {
  ReadAhead ahead;
  if (thread >= p.chunks()) return ahead;
  const int64_t block = thread / p.chunksPerBlock;
  if (p.groups.rows(block) > kMiddleRows) return ahead;
  ahead.count = p.panelsOf(thread, ahead.streams);
  ahead.bytes = panelBytes(p.all.columns, p.all.dtype);
  const int64_t most = kMostAhead / ahead.count, left = (p.chunksPerBlock - 1 - thread % p.chunksPerBlock) / threads - 1;
  if (ahead.bytes >= most || left <= 0) {
    ahead.bytes = ahead.bytes < most ? ahead.bytes : most;
    return ahead;
  }
  ahead.step = threads * (p.isGated ? kChunkPanels / 2 : kChunkPanels) * ahead.bytes;
  const int64_t fits = most / ahead.bytes - 1;
  ahead.times = left < fits ? left : fits;
  return ahead;
}

// Takes chunks until none is left. `finish(block, chunk, c, row0, row1)` gets the sums of some of a block's rows (counted from the
// block's first), rows of kLineOfC floats.
template <class Finish>
static QUIRE_INLINE void runExperts(const ExpertProduct& experts, Worker& worker, Finish finish) {
  const int64_t numBlocks = *experts.groups.numBlocks;
  int64_t mostRows = 0;
  for (int64_t b = 0; b < numBlocks; b++) mostRows = experts.groups.rows(b) > mostRows ? experts.groups.rows(b) : mostRows;
  char* scratch = static_cast<char*>(worker.scratch(kSlabBytes + static_cast<size_t>(mostRows * kLineOfC * 4)));
  if (scratch == nullptr) return;
  float* c = reinterpret_cast<float*>(scratch + kSlabBytes);
  // This chunk's panels, then those that are fetched ahead.
  const char* panels[3 * kChunkPanels];
  const char* ahead[kChunkPanels];
  ReservedChunks chunks(worker, experts.chunks());
  for (int64_t chunk = chunks.next(), following; chunk >= 0; chunk = following) {
    following = chunks.next();
    int aheadCount = 0;
    if (following >= 0) {
      aheadCount = experts.panelsOf(following, ahead);
      for (int j = 0; j < aheadCount; j++)
        for (int line = 0; line < kAheadLines; line++) __builtin_prefetch(ahead[j] + line * 64, 0, 2);
    }
    const int64_t block = chunk / experts.chunksPerBlock;
    const Product p = experts.block(block);
    const Tiling tiling(p.numTokens);
    const int count = experts.panelsOf(chunk, panels);
    for (int j = 0; j < kChunkPanels; j++) panels[count + j] = aheadCount > 0 ? ahead[j < aheadCount ? j : 0] : panels[0];
    const auto finishRows = [&](const float* sums, int64_t row0, int64_t row1) { finish(block, chunk, sums, row0, row1); };
    multiplyAny(panels, count, p, tiling, 0, tiling.tiles, c, scratch, finishRows);
  }
}

}  // namespace quire::QUIRE_ISA
