// writeKVCache: puts each row's keys and values into its slot of the paged cache; rows with a negative slot are left out.
#include "kv_cache.h"

namespace quire::QUIRE_ISA {

void writeKVCache(const Args& args, Worker& worker) {
  const View k = args.view(0), v = args.view(6);
  const KVCacheView cache = {args.pointer<char>(12), args.integer(13), args.integer(14), args.integer(17), k.n2, args.integer(15) != 0};
  const int32_t* slots = args.pointer<const int32_t>(16);
  const int64_t chunk = tokensPerChunk(k.n0, worker.threads);
  for (int64_t first; (first = worker.next(chunk)) < k.n0;)
    for (int64_t t = first; t < first + chunk && t < k.n0; t++) {
      if (slots[t] < 0) continue;
      const int64_t block = slots[t] / cache.blockSize, offset = slots[t] % cache.blockSize;
      if (block >= cache.numBlocks) return worker.fail("writeKVCache: a slot is beyond the last block of the KV cache");
      for (int64_t h = 0; h < k.n1; h++)
        writeKeyValue(cache, cache.keys(block, h, offset / kPanelTokens), offset % kPanelTokens,
                      k.data + t * k.stride0 + h * k.stride1, v.data + t * v.stride0 + h * v.stride1);
    }
}

}  // namespace quire::QUIRE_ISA
