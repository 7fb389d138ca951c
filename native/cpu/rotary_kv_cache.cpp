// Fused: rotating a step's queries and keys, and writing keys and values into the cache. The arithmetic is that of
// rotary_embedding.cpp and write_kv_cache.cpp.
#include "kv_cache.h"
#include "rotary.h"

namespace quire::QUIRE_ISA {

// positions, cosSin, rotaryDim, isGptj, maxPositions, view q, out of q, view k, view v, cache, blockBytes, blockSize, isBf16,
// slotMapping, numBlocks
void rotaryKVCache(const Args& args, Worker& worker) {
  const int32_t* positions = args.pointer<const int32_t>(0);
  const float* cosSin = args.pointer<const float>(1);
  const int64_t rotaryDim = args.integer(2), maxPositions = args.integer(4);
  const bool isGptj = args.integer(3) != 0;
  const View q = args.view(5), k = args.view(12), v = args.view(18);
  float* out = args.pointer<float>(11);
  const KVCacheView cache = {args.pointer<char>(24), args.integer(25), args.integer(26), args.integer(29), k.n2, args.integer(27) != 0};
  const int32_t* slots = args.pointer<const int32_t>(28);
  float* key = static_cast<float*>(worker.scratch(static_cast<size_t>(k.n2) * 4));
  if (!key) return;
  const int64_t chunk = tokensPerChunk(q.n0, worker.threads);
  for (int64_t first; (first = worker.next(chunk)) < q.n0;) {
    for (int64_t t = first; t < first + chunk && t < q.n0; t++) {
      if (positions[t] < 0 || positions[t] >= maxPositions)
        return worker.fail("rotaryEmbedding: a position is beyond the table of cosines and sines");
      const float* table = cosSin + positions[t] * rotaryDim;
      for (int64_t h = 0; h < q.n1; h++)
        rotateHead(q.data + t * q.stride0 + h * q.stride1, out + (t * q.n1 + h) * q.n2, table, rotaryDim / 2, q.n2, isGptj);
      if (slots[t] < 0) continue;
      const int64_t block = slots[t] / cache.blockSize, offset = slots[t] % cache.blockSize;
      if (block >= cache.numBlocks) return worker.fail("writeKVCache: a slot is beyond the last block of the KV cache");
      for (int64_t h = 0; h < k.n1; h++) {
        rotateHead(k.data + t * k.stride0 + h * k.stride1, key, table, rotaryDim / 2, k.n2, isGptj);
        writeKeyValue(cache, cache.keys(block, h, offset / kPanelTokens), offset % kPanelTokens, key,
                      v.data + t * v.stride0 + h * v.stride1);
      }
    }
  }
}

}  // namespace quire::QUIRE_ISA
