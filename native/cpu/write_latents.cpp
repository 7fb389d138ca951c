// writeLatents: puts each row, its latent and its rotated part, into its slot of the paged cache; negative slots are left out.
#include "kv_cache.h"

namespace quire::QUIRE_ISA {

// view latent, view rope, cache, blockBytes, blockSize, isBf16, slotMapping, numBlocks
void writeLatents(const Args& args, Worker& worker) {
  const View latent = args.view(0), rope = args.view(6);
  const KVCacheView cache = {
      args.pointer<char>(12), args.integer(13), args.integer(14), args.integer(17), latent.n2 + rope.n2, args.integer(15) != 0, latent.n2};
  const int32_t* slots = args.pointer<const int32_t>(16);
  float* row = static_cast<float*>(worker.scratch(static_cast<size_t>(cache.headDim) * 4));
  if (!row) return;
  const int64_t tokens = latent.n0, chunk = tokensPerChunk(tokens, worker.threads);
  for (int64_t first; (first = worker.next(chunk)) < tokens;)
    for (int64_t t = first; t < first + chunk && t < tokens; t++) {
      if (slots[t] < 0) continue;
      const int64_t block = slots[t] / cache.blockSize, offset = slots[t] % cache.blockSize;
      if (block >= cache.numBlocks) return worker.fail("writeLatents: a slot is beyond the last block of the KV cache");
      memcpy(row, latent.data + t * latent.stride0, static_cast<size_t>(latent.n2) * 4);
      memcpy(row + latent.n2, rope.data + t * rope.stride0, static_cast<size_t>(rope.n2) * 4);
      writeKey(cache, cache.keys(block, 0, offset / kPanelTokens), offset % kPanelTokens, row);
    }
}

}  // namespace quire::QUIRE_ISA
