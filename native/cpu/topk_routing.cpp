// The topK best experts of each token, and their weights.
#include "activation_functions.h"
#include "kernel.h"

namespace quire::QUIRE_ISA {

// The `most` largest keys seen, largest first; of equals the one that came first.
struct Best {
  float* keys;
  int32_t* indices;
  int64_t most, count = 0;
  QUIRE_INLINE void see(float key, int32_t index) {
    if (count == most && !(key > keys[count - 1])) return;
    int64_t at = count < most ? count++ : count - 1;
    for (; at > 0 && key > keys[at - 1]; at--) {
      keys[at] = keys[at - 1];
      indices[at] = indices[at - 1];
    }
    keys[at] = key;
    indices[at] = index;
  }
};

// scores[e] = softmax or sigmoid of logits[e]; both have room for whole vectors.
static void scoreRow(const float* logits, int64_t n, bool isSigmoid, float* scores) {
  if (isSigmoid) {
    for (int64_t e = 0; e < n; e += 16) store(scores + e, sigmoid(loadPartial(logits + e, n - e)));
    return;
  }
  Vec most = set1(logits[0]);
  for (int64_t e = 0; e < n; e += 16) {
    const Vec x = n - e >= 16 ? load(logits + e) : loadPartial(logits + e, n - e);
    alignas(64) float lanes[16];
    store(lanes, x);
    for (int64_t i = n - e; i < 16; i++) lanes[i] = logits[0];
    most = max(load(lanes), most);
  }
  const Vec top = set1(largest(most));
  Vec total = zero();
  for (int64_t e = 0; e < n; e += 16) {
    Vec x = exp(sub(loadPartial(logits + e, n - e), top));
    if (n - e < 16) {
      store(scores + e, x);
      x = loadPartial(scores + e, n - e);
    }
    store(scores + e, x);
    total = add(total, x);
  }
  const Vec sum1 = set1(sum(total));
  for (int64_t e = 0; e < n; e += 16) store(scores + e, div(load(scores + e), sum1));
}

// view logits, correctionBias?, topK, isSigmoid, renormalize, numGroups, topkGroup, isTopTwo, scalingFactor, ids, weights
void topkRouting(const Args& args, Worker& worker) {
  const View logits = args.view(0);
  const float* bias = args.pointer<const float>(6);
  const int64_t topK = args.integer(7), numGroups = args.integer(10), topkGroup = args.integer(11), n = logits.n2;
  const bool isSigmoid = args.integer(8) != 0, renormalize = args.integer(9) != 0, isTopTwo = args.integer(12) != 0;
  const float factor = args.number(13);
  int32_t* ids = args.pointer<int32_t>(14);
  float* weights = args.pointer<float>(15);
  const int64_t groupSize = n / numGroups, padded = (n + 15) / 16 * 16;
  float* scores = static_cast<float*>(worker.scratch(static_cast<size_t>(2 * padded + 2 * topK + 2 * topkGroup + numGroups) * 4));
  if (scores == nullptr) return;
  float* ownKeys = scores + padded;
  float* bestKeys = ownKeys + padded;
  int32_t* bestIds = reinterpret_cast<int32_t*>(bestKeys + topK);
  float* groupKeys = reinterpret_cast<float*>(bestIds + topK);
  int32_t* groupIds = reinterpret_cast<int32_t*>(groupKeys + topkGroup);
  int32_t* isAllowed = groupIds + topkGroup;
  for (int64_t row; (row = worker.next()) < logits.rows();) {
    const float* x = logits.row(row);
    scoreRow(x, n, isSigmoid, scores);
    const float* keys = x;
    if (bias || (isTopTwo && numGroups > 1)) {
      for (int64_t e = 0; e < n; e++) ownKeys[e] = bias ? scores[e] + bias[e] : scores[e];
      keys = ownKeys;
    }
    Best groups = {groupKeys, groupIds, topkGroup};
    for (int64_t g = 0; g < numGroups; g++) {
      isAllowed[g] = 0;
      float two[2];
      int32_t indices[2];
      Best best = {two, indices, groupSize < 2 ? 1 : 2};
      for (int64_t e = g * groupSize; e < (g + 1) * groupSize; e++) best.see(keys[e], 0);
      groups.see(isTopTwo && groupSize > 1 ? two[0] + two[1] : two[0], static_cast<int32_t>(g));
    }
    for (int64_t g = 0; g < topkGroup; g++) isAllowed[groupIds[g]] = 1;
    Best best = {bestKeys, bestIds, topK};
    for (int64_t g = 0; g < numGroups; g++)
      if (isAllowed[g])
        for (int64_t e = g * groupSize; e < (g + 1) * groupSize; e++) best.see(keys[e], static_cast<int32_t>(e));
    float total = 0;
    for (int64_t j = 0; j < topK; j++) total += scores[bestIds[j]];
    total = renormalize ? total + 1e-20f : 1.f;
    for (int64_t j = 0; j < topK; j++) {
      ids[row * topK + j] = bestIds[j];
      weights[row * topK + j] = scores[bestIds[j]] / total * factor;
    }
  }
}

}  // namespace quire::QUIRE_ISA
