// Where things lie in a paged KV cache; src/platform/cpu/kv-cache-layout.ts describes the layout and computes its sizes.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

constexpr int64_t kPanelTokens = 16;
constexpr int64_t kLine = 64;  // bytes

struct KVCacheView {
  char* data;
  int64_t blockBytes, blockSize, numBlocks, headDim;
  bool isBf16;
  // Not 0: a token has one row of headDim elements and no values of its own; the row's first latentDim elements are the value.
  int64_t latentDim = 0;

  QUIRE_INLINE int64_t valueDim() const { return latentDim ? latentDim : headDim; }
  QUIRE_INLINE int64_t valuePanels() const { return (valueDim() + 15) / 16; }
  // Lines of 64 bytes of the keys, and of one value panel, of 16 tokens.
  QUIRE_INLINE int64_t keyLines() const { return isBf16 ? (headDim + 1) / 2 : headDim; }
  QUIRE_INLINE int64_t linesPerValuePanel() const { return isBf16 ? 8 : 16; }
  QUIRE_INLINE int64_t keyBytes() const { return keyLines() * kLine; }
  QUIRE_INLINE int64_t valueBytes() const { return valuePanels() * linesPerValuePanel() * kLine; }
  // Keys of the `panel`-th 16 tokens of a block; the values, if there are any, follow keyBytes() later.
  QUIRE_INLINE char* keys(int64_t block, int64_t head, int64_t panel) const {
    return data + block * blockBytes + (head * (blockSize / kPanelTokens) + panel) * (keyBytes() + (latentDim ? 0 : valueBytes()));
  }
};

// How many tokens of a step one thread takes at once: neighbours share the lines of a panel.
static QUIRE_INLINE int64_t tokensPerChunk(int64_t numTokens, int threads) {
  return numTokens >= 2 * kPanelTokens * threads ? kPanelTokens : 1;
}

// Puts a key into the `offset`-th place of a panel; padding becomes zero.
static QUIRE_INLINE void writeKey(const KVCacheView& cache, char* panel, int64_t offset, const float* k) {
  if (!cache.isBf16) {
    for (int64_t d = 0; d < cache.headDim; d++) reinterpret_cast<float*>(panel)[d * 16 + offset] = k[d];
    return;
  }
  bf16* keys = reinterpret_cast<bf16*>(panel);
  for (int64_t d = 0; d < cache.headDim; d += 16) {
    alignas(64) bf16 key[16];
    storeBf16(key, cache.headDim - d >= 16 ? load(k + d) : loadPartial(k + d, cache.headDim - d));
    for (int64_t i = 0; i < 16 && d + i < cache.headDim; i += 2) memcpy(keys + (d + i) * 16 + offset * 2, key + i, 4);
  }
}

// Puts the key and value of one token and head into the `offset`-th place of a panel; padding becomes zero.
static QUIRE_INLINE void writeKeyValue(const KVCacheView& cache, char* panel, int64_t offset, const float* k, const float* v) {
  const int64_t headDim = cache.headDim, padded = cache.valuePanels() * 16;
  if (cache.isBf16) {
    bf16 *keys = reinterpret_cast<bf16*>(panel), *values = reinterpret_cast<bf16*>(panel + cache.keyBytes());
    for (int64_t d = 0; d < padded; d += 16) {
      const int64_t n = headDim - d;
      alignas(64) bf16 key[16], value[16];
      storeBf16(key, n >= 16 ? load(k + d) : loadPartial(k + d, n));
      storeBf16(value, n >= 16 ? load(v + d) : loadPartial(v + d, n));
      for (int64_t i = 0; i < 16 && d + i < headDim; i += 2) memcpy(keys + (d + i) * 16 + offset * 2, key + i, 4);
      bf16* to = values + d * 16 + offset / 2 * 32 + offset % 2;
      for (int64_t i = 0; i < 16; i++) to[i * 2] = value[i];
    }
  } else {
    float *keys = reinterpret_cast<float*>(panel), *values = reinterpret_cast<float*>(panel + cache.keyBytes());
    for (int64_t d = 0; d < headDim; d++) keys[d * 16 + offset] = k[d];
    for (int64_t d = 0; d < padded; d += 16)
      store(values + d * 16 + offset * 16, headDim - d >= 16 ? load(v + d) : loadPartial(v + d, headDim - d));
  }
}

}  // namespace quire::QUIRE_ISA
