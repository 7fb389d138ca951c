// selectiveScan: the recurrence of Mamba-1; src/ops/selective-scan.ts says what it means.
//
// A piece of work is 64 channels of one request, all its rows in order. 16 channels at a time keep their state in a dense
// scratch: rows of the slot may lie so that they would drive each other out of the first-level cache.
#include "activation_functions.h"
#include "state_space.h"

namespace quire::QUIRE_ISA {

static constexpr int64_t kScanChannels = 64;

struct ScanProblem {
  View x, dt, b, c, z;  // z.data may be nullptr
  const float *a, *d;
  int64_t stateSize;
  float* out;
};

// Channels first .. first + n - 1 of rows start .. end - 1; h is [stateSize][16].
static QUIRE_INLINE void scanLanes(const ScanProblem& p, int64_t first, int64_t n, int64_t start, int64_t end, float* h) {
  const int64_t channels = p.x.n2;
  const auto get = [n](const float* from) { return n == 16 ? load(from) : loadPartial(from, n); };
  const Vec d = get(p.d + first);
  for (int64_t t = start; t < end; t++) {
    const Vec x = get(p.x.row(t) + first), step = softplus(get(p.dt.row(t) + first)), entering = mul(step, x);
    const Vec exponent = mul(step, set1(1.44269504f));  // decays are powers of 2
    const float *b = p.b.row(t), *c = p.c.row(t);
    Vec y = zero();
    for (int64_t i = 0; i < p.stateSize; i++) {
      const Vec decay = powerOfTwo(mul(exponent, get(p.a + i * channels + first)));
      const Vec next = fma(entering, set1(b[i]), mul(decay, load(h + i * 16)));
      store(h + i * 16, next);
      y = fma(next, set1(c[i]), y);
    }
    y = fma(d, x, y);
    if (p.z.data) y = mul(y, activate<kSilu>(get(p.z.row(t) + first)));
    float* to = p.out + t * channels + first;
    n == 16 ? store(to, y) : storePartial(to, y, n);
  }
}

void selectiveScan(const Args& args, Worker& worker) {
  ScanProblem p;
  p.x = args.view(0);
  p.dt = args.view(6);
  p.a = args.pointer<const float>(12);
  p.b = args.view(13);
  p.c = args.view(19);
  p.d = args.pointer<const float>(25);
  p.z = args.view(26);
  p.stateSize = args.integer(32);
  const StateSequences seqs(args, 33, p.x.n0);
  p.out = args.pointer<float>(41);
  const int64_t channels = p.x.n2, parts = (channels + kScanChannels - 1) / kScanChannels;
  float* h = static_cast<float*>(worker.scratch(static_cast<size_t>(p.stateSize) * 64));
  if (!h) return;
  forEachStatePart(seqs, parts, p.out, channels, worker, [&](int64_t s, int64_t part) {
    const int64_t last = (part + 1) * kScanChannels < channels ? (part + 1) * kScanChannels : channels;
    for (int64_t first = part * kScanChannels; first < last; first += 16) {
      const int64_t n = last - first < 16 ? last - first : 16;
      float* state = seqs.slot(s) + first;
      for (int64_t i = 0; i < p.stateSize; i++)
        store(h + i * 16, seqs.begins(s) ? zero() : loadPartial(state + i * channels, n));
      scanLanes(p, first, n, seqs.queryStartLoc[s], seqs.queryStartLoc[s + 1], h);
      for (int64_t i = 0; i < p.stateSize; i++) storePartial(state + i * channels, load(h + i * 16), n);
    }
  });
}

}  // namespace quire::QUIRE_ISA
