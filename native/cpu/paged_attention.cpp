// pagedAttention: causal attention of rows of many requests over their cached tokens; src/ops/attention.ts says what it means.
// mlaAttention is the same over latents: one kv head, whose values are the first part of its keys; src/ops/mla-attention.ts.
//
// The work is cut into tiles (request, kv head, some tokens). With few tiles and long sequences (decoding), each partition of
// a tile is a piece of work of its own: pagedAttention writes partial results, pagedAttentionMerge merges them in order.
// Both cut in the same way, and the results are the same bits however it is cut.
#include "attention_tile.h"

namespace quire::QUIRE_ISA {

static AttentionProblem readProblem(const Args& args) {
  AttentionProblem p{};
  p.q = args.view(0);
  p.cache = {args.pointer<char>(6), args.integer(7), args.integer(8), args.integer(21), p.q.n2, args.integer(9) != 0};
  p.cache.latentDim = args.integer(31);
  if (p.cache.latentDim) {
    p.qRope = args.view(32);
    p.cache.headDim = p.q.n2 + p.qRope.n2;
  }
  p.numKvHeads = args.integer(10);
  p.group = p.q.n1 / p.numKvHeads;
  p.numSeqs = *args.pointer<const int32_t>(11);
  p.queryStartLoc = args.pointer<const int32_t>(12);
  p.seqLens = args.pointer<const int32_t>(13);
  p.blockTable = args.pointer<const int32_t>(14);
  p.maxBlocksPerSeq = args.integer(15);
  p.scale = args.number(16);
  p.sight = {args.integer(17), args.integer(25)};
  p.out = args.pointer<float>(18);
  p.partials = args.pointer<char>(19);
  p.partialBytes = args.integer(20);
  p.maxNumSeqs = args.integer(22);
  p.packed = args.pointer<void>(23);
  p.isBf16Packed = args.integer(24) != 0;
  p.softcap = args.number(26);
  p.sinks = args.pointer<const float>(27);
  p.slopes = args.pointer<const float>(28);
  p.alibiScale = args.number(29);
  p.isAlibiBf16 = args.integer(30) != 0;
  p.tiling = Tiling(p.q.n0);
  p.tileRows = p.cache.latentDim ? kLatentTileRows : kTileRows;
  p.headsPerTile = p.group < p.tileRows ? p.group : p.tileRows;
  p.tokensPerTile = p.tileRows / p.headsPerTile;
  p.headChunks = (p.group + p.headsPerTile - 1) / p.headsPerTile;
  p.recordFloats = 16 + p.cache.valuePanels() * 16;
  return p;
}

// What is wrong with the step's metadata, or nullptr.
static const char* checkProblem(const AttentionProblem& p) {
  if (p.numSeqs < 0 || p.numSeqs > p.maxNumSeqs) return "pagedAttention: numSeqs is beyond the capacity of its lists";
  if (p.queryStartLoc[0] < 0) return "pagedAttention: queryStartLoc is negative";
  for (int64_t s = 0; s < p.numSeqs; s++) {
    const int64_t tokens = p.queryStartLoc[s + 1] - p.queryStartLoc[s];
    if (tokens < 0 || p.queryStartLoc[s + 1] > p.q.n0) return "pagedAttention: queryStartLoc does not ascend within numTokens";
    if (p.seqLens[s] < tokens) return "pagedAttention: a sequence is shorter than its rows of this step";
    if (p.seqLens[s] > p.maxBlocksPerSeq * p.cache.blockSize) return "pagedAttention: a sequence is longer than its block table";
  }
  return nullptr;
}

// How one request is cut.
struct SequenceCut {
  int64_t tokens, tilesPerHead, tiles;
  int64_t firstPartition, partitions;  // of all its rows together
  bool isSplit;
  int64_t partialOffset;  // bytes
  QUIRE_INLINE int64_t pieces() const { return isSplit ? tiles * partitions : tiles; }
};

// Walks over the requests in order and says how each is cut.
struct Cutter {
  const AttentionProblem& p;
  bool maySplit;
  int64_t usedBytes = 0;

  Cutter(const AttentionProblem& problem, int threads) : p(problem) {
    int64_t tiles = 0;
    for (int64_t s = 0; s < p.numSeqs; s++) tiles += tilesPerHead(s) * p.numKvHeads;
    maySplit = p.partialBytes > 0 && threads > 1 && tiles < 4 * threads;
  }
  QUIRE_INLINE int64_t tilesPerHead(int64_t s) const {
    const int64_t tokens = p.queryStartLoc[s + 1] - p.queryStartLoc[s];
    return (tokens + p.tokensPerTile - 1) / p.tokensPerTile * p.headChunks;
  }
  // To be called for s = 0, 1, 2 ...
  SequenceCut cut(int64_t s) {
    SequenceCut c;
    c.tokens = p.queryStartLoc[s + 1] - p.queryStartLoc[s];
    c.tilesPerHead = tilesPerHead(s);
    c.tiles = c.tilesPerHead * p.numKvHeads;
    c.isSplit = false;
    c.partialOffset = usedBytes;
    c.firstPartition = c.partitions = 0;
    if (c.tokens == 0) return c;
    c.firstPartition = p.sight.first(p.seqLens[s] - c.tokens) / kPartition;
    c.partitions = (p.seqLens[s] - 1) / kPartition + 1 - c.firstPartition;
    const int64_t rows = p.headsPerTile * (c.tokens < p.tokensPerTile ? c.tokens : p.tokensPerTile);
    const int64_t bytes = c.tiles * c.partitions * rows * p.recordFloats * 4;
    if (maySplit && c.partitions > 1 && usedBytes + bytes <= p.partialBytes) {
      c.isSplit = true;
      usedBytes += bytes;
    }
    return c;
  }
  AttentionTile tile(int64_t s, const SequenceCut& c, int64_t index) const {
    AttentionTile t;
    const int64_t kvHead = index / c.tilesPerHead, rest = c.tilesPerHead - 1 - index % c.tilesPerHead;  // the longest first
    const int64_t chunk = rest % p.headChunks, token = rest / p.headChunks * p.tokensPerTile;
    t.blocks = p.blockTable + s * p.maxBlocksPerSeq;
    t.kvHead = kvHead;
    t.firstHead = kvHead * p.group + chunk * p.headsPerTile;
    t.heads = p.group - chunk * p.headsPerTile < p.headsPerTile ? p.group - chunk * p.headsPerTile : p.headsPerTile;
    t.firstToken = p.queryStartLoc[s] + token;
    t.tokens = c.tokens - token < p.tokensPerTile ? c.tokens - token : p.tokensPerTile;
    t.position = p.seqLens[s] - c.tokens + token;
    t.rows = t.tokens * t.heads;
    return t;
  }
  // Records of one tile and partition.
  float* partial(const SequenceCut& c, int64_t tile, int64_t partition) const {
    const int64_t rows = p.headsPerTile * (c.tokens < p.tokensPerTile ? c.tokens : p.tokensPerTile);
    return reinterpret_cast<float*>(p.partials + c.partialOffset) + (tile * c.partitions + partition - c.firstPartition) * rows * p.recordFloats;
  }
};

// Whether any row of a tile sees something of a partition.
static QUIRE_INLINE bool seesPartition(const AttentionProblem& p, const AttentionTile& tile, int64_t partition) {
  return partition >= p.sight.first(tile.position) / kPartition && partition <= tile.lastPosition() / kPartition;
}

// A whole tile: all its partitions in ascending order. False when a block does not exist.
template <class Format>
static bool attendTile(const AttentionProblem& p, const AttentionTile& tile, const AttentionScratch<Format>& scratch) {
  packQueries(p, tile, scratch);
  const int64_t first = p.sight.first(tile.position) / kPartition, last = tile.lastPosition() / kPartition;
  for (int64_t partition = first; partition <= last; partition++) {
    float* part = first == last ? scratch.total : scratch.part;
    if (!attendPartition(p, tile, partition, scratch, part)) return false;
    if (first != last) mergePartition(p, tile, partition, part, scratch.total);
  }
  finishTile(p, tile, scratch.total);
  return true;
}

template <class Format>
static void attend(const AttentionProblem& p, Worker& worker) {
  const AttentionScratch<Format> scratch(p, worker);
  if (!scratch.ok) return;
  Cutter cutter(p, worker.threads);
  int64_t seq = -1, firstPiece = 0, endPiece = 0;
  SequenceCut cut = {};
  for (;;) {
    const int64_t piece = worker.next();
    while (piece >= endPiece) {
      if (++seq >= p.numSeqs) return;
      cut = cutter.cut(seq);
      firstPiece = endPiece;
      endPiece += cut.pieces();
    }
    const int64_t index = piece - firstPiece;
    bool ok = true;
    if (!cut.isSplit) {
      ok = attendTile(p, cutter.tile(seq, cut, index), scratch);
    } else {
      const int64_t partition = cut.firstPartition + index % cut.partitions;
      const AttentionTile tile = cutter.tile(seq, cut, index / cut.partitions);
      if (!seesPartition(p, tile, partition)) continue;
      packQueries(p, tile, scratch);
      ok = attendPartition(p, tile, partition, scratch, cutter.partial(cut, index / cut.partitions, partition));
    }
    if (!ok) return worker.fail("pagedAttention: the block table names a block beyond the KV cache");
  }
}

// Rows of no request. There are few or none, and every thread writes the same zeros.
static void putZerosBesideRequests(const AttentionProblem& p) {
  const int64_t rowFloats = p.q.n1 * p.q.n2, end = p.numSeqs > 0 ? p.queryStartLoc[p.numSeqs] : 0;
  for (int64_t row = 0; row < p.q.n0; row++) {
    if (p.numSeqs > 0 && row == p.queryStartLoc[0]) row = end;
    if (row >= p.q.n0) break;
    if (p.packed)
      PackedRow(p.packed, p.tiling, row, rowFloats, p.isBf16Packed).putZeros(rowFloats);
    else
      memset(p.out + row * rowFloats, 0, static_cast<size_t>(rowFloats) * 4);
  }
}

void pagedAttention(const Args& args, Worker& worker) {
  const AttentionProblem p = readProblem(args);
  if (const char* problem = checkProblem(p)) return worker.fail(problem);
  putZerosBesideRequests(p);
  if (p.cache.isBf16)
    attend<FormatBF16>(p, worker);
  else
    attend<FormatF32>(p, worker);
}

void pagedAttentionMerge(const Args& args, Worker& worker) {
  const AttentionProblem p = readProblem(args);
  if (p.partialBytes == 0 || checkProblem(p)) return;
  Cutter cutter(p, worker.threads);
  if (!cutter.maySplit) return;
  float* total = static_cast<float*>(worker.scratch(static_cast<size_t>(p.tileRows * p.recordFloats) * 4));
  if (!total) return;
  int64_t firstTile = 0, next = worker.next();
  for (int64_t s = 0; s < p.numSeqs; s++) {
    const SequenceCut cut = cutter.cut(s);
    if (!cut.isSplit) continue;
    for (; next < firstTile + cut.tiles; next = worker.next()) {
      const AttentionTile tile = cutter.tile(s, cut, next - firstTile);
      for (int64_t i = 0; i < cut.partitions; i++) {
        const int64_t partition = cut.firstPartition + i;
        if (seesPartition(p, tile, partition)) mergePartition(p, tile, partition, cutter.partial(cut, next - firstTile, partition), total);
      }
      finishTile(p, tile, total);
    }
    firstTile += cut.tiles;
  }
}

}  // namespace quire::QUIRE_ISA
