// sample: chooses a token per row of logits and reports log-probabilities. Specified by src/platform/reference/sample.ts.
//
// A row is worked on by one thread, in blocks of 64 tokens. The largest value of every block is found first; all that follows
// (top-k, top-p, log-probabilities, the draw) then looks only into blocks that can matter, so nothing sorts a vocabulary
// unless that many tokens are asked for.
#include "kernel.h"
#include "philox.h"

namespace quire::QUIRE_ISA {

static constexpr int64_t kBlock = 64;
static constexpr float kInfinity = __builtin_inff();
static constexpr int kNumInts = 16, kNumFloats = 8;

// Columns of ints and floats: src/platform/sample-layout.ts.
enum : int { kTopK, kNumLogprobs, kForced, kSeedLow, kSeedHigh, kDrawIndex, kAllowed, kNumAllowed, kBanned, kNumBanned, kBias,
             kNumBias, kPenalties, kNumPenalties, kTopStart, kMaskEntry };
enum : int { kTemperature, kTopP, kMinP, kRepetition, kFrequency, kPresence };
enum : int { kOk, kNotFinite, kNothingLeft };
enum : int { kRawLogprobs, kProcessedLogprobs, kRawLogits, kProcessedLogits };

// A value and its token in one number: larger is a larger value, or of equals the lower id.
typedef uint64_t Item;
static QUIRE_INLINE Item makeItem(float value, int64_t id) {
  const uint32_t bits = bitsOf(value + 0.f);  // -0 becomes 0
  const uint32_t key = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return static_cast<uint64_t>(key) << 32 | static_cast<uint32_t>(~id);
}
static QUIRE_INLINE float valueOf(Item item) {
  const uint32_t key = static_cast<uint32_t>(item >> 32);
  return floatOf(key & 0x80000000u ? key & 0x7fffffffu : ~key);
}
static QUIRE_INLINE int64_t idOf(Item item) { return static_cast<uint32_t>(~item); }

// Sorts by value, largest first; equal ones stay in order. Four passes over eight bits each.
static void sortDescending(Item* items, Item* spare, int64_t n) {
  Item *from = items, *to = spare;
  for (int shift = 32; shift < 64; shift += 8) {
    int64_t starts[257] = {0};
    for (int64_t i = 0; i < n; i++) starts[256 - (from[i] >> shift & 255)]++;
    for (int digit = 0; digit < 256; digit++) starts[digit + 1] += starts[digit];
    for (int64_t i = 0; i < n; i++) to[starts[255 - (from[i] >> shift & 255)]++] = from[i];
    Item* const other = from;
    from = to;
    to = other;
  }
}

// One row's values with what is known about them.
struct Values {
  const float* data;
  int64_t count, numBlocks;
  const float* last;  // the last block, filled up with -infinity
  float* blockMax;
  float largest;
  int64_t argmax;
  bool isFinite;  // neither NaN nor +infinity

  QUIRE_INLINE const float* block(int64_t b) const { return b + 1 < numBlocks ? data + b * kBlock : last; }
};

// A thread's memory for one row.
struct Room {
  float *x, *tail, *blockMax, *rawBlockMax;
  Item *items, *spare;
};

// Blocks' largest values, the largest of all and its lowest token.
static void summarize(Values& v) {
  const Vec lowest = set1(-3.4028234663852886e38f), none = zero();
  Vec bad = zero();
  float best = -kInfinity;
  int64_t bestBlock = 0;
  for (int64_t b = 0; b < v.numBlocks; b++) {
    const float* p = v.block(b);
    const Vec a0 = load(p), a1 = load(p + 16), a2 = load(p + 32), a3 = load(p + 48);
    // 0 for ordinary values and -infinity, NaN for NaN and infinity.
    const Vec b0 = mul(max(lowest, a0), none), b1 = mul(max(lowest, a1), none);
    const Vec b2 = mul(max(lowest, a2), none), b3 = mul(max(lowest, a3), none);
    bad = add(bad, add(add(b0, b1), add(b2, b3)));
    const float m = quire::QUIRE_ISA::largest(max(max(a0, a1), max(a2, a3)));
    v.blockMax[b] = m;
    if (m > best) {
      best = m;
      bestBlock = b;
    }
  }
  v.largest = best;
  v.isFinite = sum(bad) == 0.f;
  v.argmax = 0;
  const float* p = v.block(bestBlock);
  for (int64_t l = kBlock; l-- > 0;)
    if (p[l] == best && bestBlock * kBlock + l < v.count) v.argmax = bestBlock * kBlock + l;
}

// Sum of e^(x - shift) over x >= limit: within a block 16 lanes, then blocks in order, in double.
static double sumExp(const Values& v, float shift, float limit) {
  double total = 0;
  const Vec s = set1(shift);
  for (int64_t b = 0; b < v.numBlocks; b++) {
    if (!(v.blockMax[b] >= limit)) continue;
    const float* p = v.block(b);
    Vec parts[4];
    for (int q = 0; q < 4; q++) {
      const Vec x = load(p + q * 16);
      parts[q] = zeroBelow(exp(sub(x, s)), x, limit);
    }
    total += sum(add(add(parts[0], parts[1]), add(parts[2], parts[3])));
  }
  return total;
}

// Items of all values >= limit, without -infinity, ids ascending.
static int64_t collect(const Values& v, float limit, Item* items) {
  int64_t n = 0;
  for (int64_t b = 0; b < v.numBlocks; b++) {
    if (v.blockMax[b] < limit || v.blockMax[b] == -kInfinity) continue;
    const float* p = v.block(b);
    for (int64_t l = 0; l < kBlock; l++) {
      items[n] = makeItem(p[l], b * kBlock + l);
      n += p[l] >= limit && p[l] > -kInfinity;
    }
  }
  return n;
}

// A list, largest first, of all values that are at least `bound`.
struct Top {
  int64_t n;
  float bound;
};

// At least the `wanted` largest values (or all above -infinity). As many blocks as are wanted reach the bound, so as many values do.
static Top collectTop(const Values& v, int64_t wanted, Room& room) {
  float bound = -kInfinity;
  if (wanted <= v.numBlocks) {
    for (int64_t b = 0; b < v.numBlocks; b++) room.items[b] = makeItem(v.blockMax[b], b);
    sortDescending(room.items, room.spare, v.numBlocks);
    bound = valueOf(room.items[wanted - 1]);
  }
  const int64_t n = collect(v, bound, room.items);
  sortDescending(room.items, room.spare, n);
  return {n, bound};
}

// What the filters keep: values above limit, and those equal to it up to token lastTie.
struct Kept {
  float limit;
  int64_t lastTie;
  QUIRE_INLINE bool has(float value, int64_t id) const { return value > limit || (value == limit && id <= lastTie); }
};
static constexpr int64_t kAllTies = INT64_MAX;

// Walks down a sorted list until the weight before an item reaches `target`. True, and the item before it, if that happens.
static bool walk(const Item* items, int64_t n, double before, double target, float largest, Kept& kept) {
  for (int64_t i = 0; i < n; i++) {
    if (before >= target && i > 0) {
      kept = {valueOf(items[i - 1]), idOf(items[i - 1])};
      return true;
    }
    before += ::exp(static_cast<double>(valueOf(items[i])) - largest);
  }
  return false;
}

// top-p of a flat distribution: weights by distance from the largest, then only the interval where the sum crosses is sorted.
static Kept topPByIntervals(const Values& v, double topP, float limit, Room& room) {
  constexpr int kIntervals = 2048;
  const auto intervalOf = [&](float x) {
    const float d = (v.largest - x) * 64.f;
    return static_cast<int>(d < kIntervals - 1 ? d : kIntervals - 1);
  };
  double weights[kIntervals] = {0};
  alignas(64) float e[kBlock];
  for (int64_t b = 0; b < v.numBlocks; b++) {
    if (!(v.blockMax[b] >= limit)) continue;
    const float* p = v.block(b);
    for (int q = 0; q < 4; q++) store(e + q * 16, exp(sub(load(p + q * 16), set1(v.largest))));
    for (int64_t l = 0; l < kBlock; l++)
      if (p[l] >= limit) weights[intervalOf(p[l])] += e[l];
  }
  double total = 0, before = 0;
  for (double weight : weights) total += weight;
  const double target = topP * total;
  int crossing = 0;
  while (crossing < kIntervals - 1 && before + weights[crossing] < target) before += weights[crossing++];
  int64_t n = 0;
  for (int64_t b = 0; b < v.numBlocks; b++) {
    if (!(v.blockMax[b] >= limit) || intervalOf(v.blockMax[b]) > crossing) continue;
    const float* p = v.block(b);
    for (int64_t l = 0; l < kBlock; l++)
      if (p[l] >= limit && p[l] > -kInfinity && intervalOf(p[l]) == crossing) room.items[n++] = makeItem(p[l], b * kBlock + l);
  }
  sortDescending(room.items, room.spare, n);
  Kept kept = {limit, kAllTies};
  if (!walk(room.items, n, before, target, v.largest, kept) && n > 0) kept = {valueOf(room.items[n - 1]), kAllTies};
  return kept;
}

static Kept filter(const Values& v, int64_t topK, double topP, float minP, Room& room) {
  float limit = -kInfinity;
  if (minP > 0) {
    const double exact = v.largest + ::log(static_cast<double>(minP));
    limit = static_cast<float>(exact);
    if (limit < exact) limit = nextafterf(limit, kInfinity);
  }
  const bool hasTopK = topK > 0 && topK < v.count;
  if (!hasTopK && topP >= 1) return {limit, kAllTies};
  constexpr int64_t kLikely = 256;  // nuclei are rarely larger
  const Top top = collectTop(v, hasTopK ? topK : kLikely, room);
  if (hasTopK && top.n >= topK && valueOf(room.items[topK - 1]) > limit) limit = valueOf(room.items[topK - 1]);
  Kept kept = {limit, kAllTies};
  if (topP >= 1) return kept;
  int64_t n = top.n;
  while (n > 0 && valueOf(room.items[n - 1]) < limit) n--;
  const bool isAll = hasTopK || top.bound <= limit;
  double total = 0;
  if (isAll) {
    for (int64_t i = 0; i < n; i++) total += ::exp(static_cast<double>(valueOf(room.items[i])) - v.largest);
  } else {
    total = sumExp(v, v.largest, limit);
  }
  if (walk(room.items, n, 0, topP * total, v.largest, kept) || isAll) return kept;
  return topPByIntervals(v, topP, limit, room);
}

// The exponential race among the kept tokens: argmax of x - ln(e), e = -ln(1 - u), in double.
// u is at least its first word, so x - ln(u's first word) bounds a score from above; log2 of a float's mantissa is taken as
// linear, which is too low by at most 0.09. Only tokens whose bound beats the best score so far are computed exactly.
static int64_t draw(const Values& v, Kept kept, PhiloxKey key, uint32_t drawIndex) {
  const auto score = [&](float x, uint32_t word, int64_t id) {
    const uint64_t bits = static_cast<uint64_t>(word) << 20 | secondWord(key, drawIndex, id) >> 12;
    return x - ::log(-::log1p(-((static_cast<double>(bits) + 0.5) * 0x1p-52)));
  };
  constexpr float kSlack = 1e-3f, kLn2 = 0.693147181f;
  uint32_t random[kBlock];
  randomBlock(random, key, drawIndex, v.argmax / kBlock);
  int64_t token = v.argmax;
  double best = score(v.largest, random[token % kBlock], token);
  float bounds[kBlock];
  for (int64_t b = 0; b < v.numBlocks; b++) {
    if (v.blockMax[b] < kept.limit || v.blockMax[b] + 37. < best) continue;
    randomBlock(random, key, drawIndex, b);
    const float* p = v.block(b);
    float relative = static_cast<float>(best - v.largest) - kSlack;
    int any = 0;
    for (int l = 0; l < kBlock; l++) {
      const float half = static_cast<float>(static_cast<int32_t>(random[l] >> 1));
      const float log2 = static_cast<float>(static_cast<int32_t>(bitsOf(half))) * 0x1p-23f;  // plus 127
      bounds[l] = (p[l] - v.largest) + (158.f - log2) * kLn2;
      any |= bounds[l] >= relative;
    }
    if (!any) continue;
    for (int l = 0; l < kBlock; l++) {
      const int64_t id = b * kBlock + l;
      if (!(bounds[l] >= relative) || !kept.has(p[l], id)) continue;
      const double candidate = score(p[l], random[l], id);
      if (candidate > best || (candidate == best && id < token)) {
        best = candidate;
        token = id;
        relative = static_cast<float>(best - v.largest) - kSlack;
      }
    }
  }
  return token;
}

struct Outputs {
  int32_t *tokenIds, *ranks, *statuses;
  float* logprobs;
  int32_t* topTokenIds;
  float* topLogprobs;
  int64_t topLength;
};

struct Lists {
  const int32_t* data;
  int64_t length;
  // Calls f with each entry of `width` numbers whose token id is in the vocabulary.
  template <class F>
  QUIRE_INLINE void each(int64_t start, int64_t count, int64_t width, int64_t vocabSize, F f) const {
    if (start < 0) start = 0;
    for (int64_t i = 0, k = start; i < count && k + width <= length; i++, k += width)
      if (data[k] >= 0 && data[k] < vocabSize) f(data + k);
  }
};

// Log-softmax (or the values) of the token and of the likeliest, or of given tokens; the token's rank.
static void report(const Values& v, int64_t row, int64_t token, const int32_t* ints, const Lists& lists, bool asLogits, Room& room,
                   const Outputs& out) {
  double shift = 0;
  if (!asLogits && v.largest > -kInfinity) shift = v.largest + ::log(sumExp(v, v.largest, -kInfinity));
  const float value = token < v.count ? v.data[token] : -kInfinity;
  out.logprobs[row] = static_cast<float>(value - shift);
  int64_t rank = 0;
  for (int64_t b = 0; b < v.numBlocks; b++) {
    if (v.blockMax[b] < value) continue;
    const float* p = v.block(b);
    const int64_t n = b + 1 < v.numBlocks ? kBlock : v.count - b * kBlock;
    for (int64_t l = 0; l < n; l++) rank += p[l] >= value;
  }
  out.ranks[row] = static_cast<int32_t>(rank);
  const int64_t start = ints[kTopStart];
  if (ints[kNumLogprobs] < -1) {
    // Given tokens: they stand behind the penalties.
    const int64_t from = ints[kPenalties] + 2 * static_cast<int64_t>(ints[kNumPenalties]);
    for (int64_t i = 0; i < -1 - ints[kNumLogprobs]; i++) {
      if (start < 0 || start + i >= out.topLength || from < 0 || from + i >= lists.length) break;
      const int64_t id = lists.data[from + i];
      out.topTokenIds[start + i] = static_cast<int32_t>(id);
      out.topLogprobs[start + i] = static_cast<float>((id >= 0 && id < v.count ? v.data[id] : -kInfinity) - shift);
    }
    return;
  }
  int64_t numTop = ints[kNumLogprobs] < v.count ? ints[kNumLogprobs] : v.count;
  if (start < 0 || numTop <= 0) return;
  if (start + numTop > out.topLength) numTop = out.topLength - start;
  if (numTop <= 0) return;
  const Top top = collectTop(v, numTop, room);
  int64_t n = top.n < numTop ? top.n : numTop;
  for (int64_t i = 0; i < n; i++) {
    out.topTokenIds[start + i] = static_cast<int32_t>(idOf(room.items[i]));
    out.topLogprobs[start + i] = static_cast<float>(valueOf(room.items[i]) - shift);
  }
  for (int64_t id = 0; id < v.count && n < numTop; id++) {
    if (v.data[id] != -kInfinity) continue;
    out.topTokenIds[start + n] = static_cast<int32_t>(id);
    out.topLogprobs[start + n++] = -kInfinity;
  }
}

// Forbids the tokens whose bits are 0.
static void applyMask(float* x, int64_t count, int64_t entry, const Lists& lists) {
  const int64_t start = entry - 1, words = lists.length - start;
  for (int64_t w = 0; w < words && w * 32 < count; w++) {
    const uint32_t bits = static_cast<uint32_t>(lists.data[start + w]);
    if (bits == 0xffffffffu) continue;
    float* const p = x + w * 32;
    const int n = count - w * 32 < 32 ? static_cast<int>(count - w * 32) : 32;
    for (int l = 0; l < n; l++) p[l] = bits >> l & 1 ? p[l] : -kInfinity;
  }
}

// Copies the logits to x as masked, allowed, banned, biased and penalized.
static void process(const float* logits, float* x, int64_t count, const int32_t* ints, const float* floats, const Lists& lists) {
  if (ints[kNumAllowed] >= 0) {
    for (int64_t i = 0; i < count; i++) x[i] = -kInfinity;
    lists.each(ints[kAllowed], ints[kNumAllowed], 1, count, [&](const int32_t* e) { x[e[0]] = logits[e[0]]; });
  } else {
    memcpy(x, logits, static_cast<size_t>(count) * sizeof(float));
  }
  if (ints[kMaskEntry] > 0) applyMask(x, count, ints[kMaskEntry], lists);
  lists.each(ints[kBanned], ints[kNumBanned], 1, count, [&](const int32_t* e) { x[e[0]] = -kInfinity; });
  lists.each(ints[kBias], ints[kNumBias], 2, count, [&](const int32_t* e) { x[e[0]] += floatOf(static_cast<uint32_t>(e[1])); });
  const float repetition = floats[kRepetition], frequency = floats[kFrequency], presence = floats[kPresence];
  lists.each(ints[kPenalties], ints[kNumPenalties], 2, count, [&](const int32_t* e) {
    float value = x[e[0]];
    value = value > 0 ? value / repetition : value * repetition;
    value -= frequency * static_cast<float>(e[1]);
    if (e[1] > 0) value -= presence;
    x[e[0]] = value;
  });
  const float temperature = floats[kTemperature];
  if (temperature > 0 && temperature != 1.f)
    for (int64_t i = 0; i < count; i++) x[i] /= temperature;
}

static void sampleRow(int64_t row, const float* logits, int64_t count, const int32_t* ints, const float* floats, const Lists& lists,
                      int mode, Room& room, const Outputs& out) {
  const int64_t forced = ints[kForced], numBlocks = (count + kBlock - 1) / kBlock;
  const bool wantsLogprobs = ints[kNumLogprobs] != -1, isRandom = forced < 0 && floats[kTemperature] > 0;
  const bool asLogits = mode == kRawLogits || mode == kProcessedLogits;
  const bool reportsRaw = mode == kRawLogprobs || mode == kRawLogits || forced >= 0;
  const bool isChanged = forced < 0 && (isRandom || ints[kNumAllowed] >= 0 || ints[kNumBanned] > 0 || ints[kNumBias] > 0 ||
                                        ints[kNumPenalties] > 0 || ints[kMaskEntry] > 0);
  const auto lastBlock = [&](const float* data, float* target) {
    const int64_t start = (numBlocks - 1) * kBlock;
    for (int64_t l = 0; l < kBlock; l++) target[l] = start + l < count ? data[start + l] : -kInfinity;
    return target;
  };
  Values raw = {logits, count, numBlocks, nullptr, room.rawBlockMax, 0, 0, true}, v = raw;
  if (!isChanged || (wantsLogprobs && reportsRaw)) {
    raw.last = lastBlock(logits, room.tail);
    summarize(raw);
    v = raw;
  }
  if (isChanged) {
    process(logits, room.x, count, ints, floats, lists);
    v = {room.x, count, numBlocks, lastBlock(room.x, room.x + (numBlocks - 1) * kBlock), room.blockMax, 0, 0, true};
    summarize(v);
  }
  const int status = !v.isFinite || !raw.isFinite ? kNotFinite : v.largest == -kInfinity ? kNothingLeft : kOk;
  out.statuses[row] = status;
  out.tokenIds[row] = static_cast<int32_t>(forced >= 0 ? forced : 0);
  if (status != kOk) return;
  int64_t token = forced >= 0 ? forced : v.argmax;
  if (isRandom) {
    const Kept kept = filter(v, ints[kTopK], floats[kTopP], floats[kMinP], room);
    const PhiloxKey key = {static_cast<uint32_t>(ints[kSeedLow]), static_cast<uint32_t>(ints[kSeedHigh])};
    token = draw(v, kept, key, static_cast<uint32_t>(ints[kDrawIndex]));
    if (wantsLogprobs && !reportsRaw) {
      for (int64_t id = 0; id < count; id++)
        if (!kept.has(room.x[id], id)) room.x[id] = -kInfinity;
      summarize(v);
    }
  }
  out.tokenIds[row] = static_cast<int32_t>(token);
  if (wantsLogprobs) report(reportsRaw ? raw : v, row, token, ints, lists, asLogits, room, out);
}

void sample(const Args& args, Worker& worker) {
  const View logits = args.view(0);
  const int32_t* ints = args.pointer<const int32_t>(6);
  const float* floats = args.pointer<const float>(7);
  const Lists lists = {args.pointer<const int32_t>(8), args.integer(9)};
  const Outputs out = {args.pointer<int32_t>(10), args.pointer<int32_t>(11), args.pointer<int32_t>(12), args.pointer<float>(13),
                       args.pointer<int32_t>(14), args.pointer<float>(15), args.integer(16)};
  const int mode = static_cast<int>(args.integer(17));
  const int64_t count = logits.n2, numBlocks = (count + kBlock - 1) / kBlock;
  // x, the block maxima (whole blocks keep all parts aligned), the tail; then two lists. Lists take one item more than is kept.
  const int64_t padded = numBlocks * kBlock, maxima = (numBlocks + kBlock - 1) / kBlock * kBlock;
  const int64_t floatCount = kBlock + 2 * maxima + padded, itemCount = padded + kBlock;
  char* memory = nullptr;
  for (int64_t row; (row = worker.next()) < logits.rows();) {
    if (count == 0) return worker.fail("sample: the vocabulary is empty");
    if (!memory) {
      memory = static_cast<char*>(worker.scratch(static_cast<size_t>(floatCount) * sizeof(float) + static_cast<size_t>(2 * itemCount) * sizeof(Item)));
      if (!memory) return;
    }
    float* f = reinterpret_cast<float*>(memory);
    Item* items = reinterpret_cast<Item*>(f + floatCount);
    Room room = {f + kBlock + 2 * maxima, f, f + kBlock, f + kBlock + maxima, items, items + itemCount};
    sampleRow(row, logits.row(row), count, ints + row * kNumInts, floats + row * kNumFloats, lists, mode, room, out);
  }
}

}  // namespace quire::QUIRE_ISA
