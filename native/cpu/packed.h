// Packed activations: the left-hand side of a linear layer, in the order in which its tiles read it. One file, because
// norms, activations and attention write it directly.
//
// The rows are cut into tiles of nearly equal height; tile t has rows tileStart(t) .. tileStart(t + 1) and `height` of them,
// and lies at tileStart(t) * kp elements, kp = columns rounded up to even:
//   f32   [kp][height] f32
//   bf16  [kp / 2][height][2] bf16 where there is a bf16 dot product, else f32 values that were rounded to bf16
// A missing last column is zero.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// Tallest tile by number of rows. A tile height times panels (16 outputs each) must fit the vector registers.
#if defined(QUIRE_AVX512)
constexpr int64_t kSmallTile = 6, kMiddleTile = 12, kLargeTile = 6, kMiddleRows = 64;
#elif defined(QUIRE_AVX2) || defined(QUIRE_NEON)
constexpr int64_t kSmallTile = 6, kMiddleTile = 6, kLargeTile = 6, kMiddleRows = 64;
#else
constexpr int64_t kSmallTile = 3, kMiddleTile = 3, kLargeTile = 3, kMiddleRows = 64;
#endif

static QUIRE_INLINE int64_t evenColumns(int64_t columns) { return (columns + 1) & ~int64_t{1}; }

struct Tiling {
  int64_t rows = 0, tiles = 0;
  Tiling() = default;
  explicit QUIRE_INLINE Tiling(int64_t m) : rows(m) {
    if (m <= kSmallTile)
      tiles = m > 0;
    else if (m <= kMiddleRows)
      tiles = (m + kMiddleTile - 1) / kMiddleTile;
    else
      tiles = (m + kLargeTile - 1) / kLargeTile;
    // Two tiles at least, each fetches a part of the next slab.
    if (tiles == 1 && m > kSmallTile + 1) tiles = 2;
  }
  QUIRE_INLINE int64_t start(int64_t tile) const { return rows * tile / tiles; }
  QUIRE_INLINE int64_t height(int64_t tile) const { return start(tile + 1) - start(tile); }
  QUIRE_INLINE int64_t tileOf(int64_t row) const { return ((row + 1) * tiles - 1) / rows; }
};

// Bytes of one packed element.
static QUIRE_INLINE int64_t packedElementBytes(bool isBf16) {
#if defined(QUIRE_AVX512_BF16)
  return isBf16 ? 2 : 4;
#else
  (void)isBf16;
  return 4;
#endif
}

// Writes columns k0 .. k0 + count of one row; k0 is even and, unless the row ends there, so is count. Finding a row's place
// costs some divisions; going on to the next row does not.
struct PackedRow {
  uint32_t* first;
  int64_t height;
  bool isBf16;

  QUIRE_INLINE PackedRow(void* packed, const Tiling& tiling, int64_t row, int64_t columns, bool bf16Values)
      : isBf16(bf16Values), data(static_cast<char*>(packed)), rowBytes(evenColumns(columns) * packedElementBytes(bf16Values)), tiles(tiling) {
    tile = tiling.tileOf(row);
    enterTile();
    first += row - start;
  }

  QUIRE_INLINE void next() {
    first++;
    if (first != end) return;
    tile++;
    if (tile < tiles.tiles) enterTile();
  }

  // A whole row of `columns` values.
  QUIRE_INLINE void putRow(const float* values, int64_t columns) const {
    int64_t k = 0;
    for (; k + 16 <= columns; k += 16) put(k, load(values + k));
    if (k < columns) put(k, loadPartial(values + k, columns - k), columns - k);
  }

  QUIRE_INLINE void putZeros(int64_t columns) const {
    for (int64_t k = 0; k < columns; k += 16) put(k, zero(), columns - k < 16 ? columns - k : 16);
  }

  // 16 columns, or the first `count` of them where the row ends (the rest must be 0).
  QUIRE_INLINE void put(int64_t k0, Vec values, int64_t count = 16) const {
    alignas(64) uint32_t words[16];
#if defined(QUIRE_AVX512_BF16)
    if (isBf16) {
      _mm256_store_si256(reinterpret_cast<__m256i*>(words), (__m256i)_mm512_cvtneps_pbh(values.v));
      uint32_t* to = first + k0 / 2 * height;
      if (count == 16)
        for (int i = 0; i < 8; i++) to[i * height] = words[i];
      else
        for (int64_t i = 0; i < (count + 1) / 2; i++) to[i * height] = words[i];
      return;
    }
#endif
    store(reinterpret_cast<float*>(words), isBf16 ? roundBf16(values) : values);
    uint32_t* to = first + k0 * height;
    if (count == 16)
      for (int i = 0; i < 16; i++) to[i * height] = words[i];
    else
      for (int64_t i = 0; i < evenColumns(count); i++) to[i * height] = words[i];
  }

 private:
  char* data;
  int64_t rowBytes, tile, start;
  uint32_t* end;
  Tiling tiles;

  QUIRE_INLINE void enterTile() {
    start = tiles.start(tile);
    height = tiles.start(tile + 1) - start;
    first = reinterpret_cast<uint32_t*>(data + start * rowBytes);
    end = first + height;
  }
};

// Calls visit(row) for this thread's share of all rows. Rows of a tile share cache lines, so one thread takes a whole tile
// unless that leaves threads idle.
template <class Visit>
static QUIRE_INLINE void forEachTiledRow(Worker& worker, const Tiling& tiling, Visit visit) {
  if (tiling.tiles < worker.threads) {
    for (int64_t row; (row = worker.next()) < tiling.rows;) visit(row);
    return;
  }
  for (int64_t tile; (tile = worker.next()) < tiling.tiles;)
    for (int64_t row = tiling.start(tile); row < tiling.start(tile + 1); row++) visit(row);
}

}  // namespace quire::QUIRE_ISA
