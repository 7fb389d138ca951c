// What kernels with a state per request share: whose rows and slot are whose, and softplus.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

// The requests of a step, as StateMetadata (src/ops/step.ts) lists them. Eight arguments from `i` on:
// state, slotStride (elements), numSlots, numSeqs, maxNumSeqs, queryStartLoc, seqLens, stateSlots.
struct StateSequences {
  float* state;
  int64_t slotStride, numSlots, numSeqs, maxNumSeqs, numTokens;
  const int32_t *queryStartLoc, *seqLens, *stateSlots;

  StateSequences(const Args& args, int i, int64_t tokens)
      : state(args.pointer<float>(i)),
        slotStride(args.integer(i + 1)),
        numSlots(args.integer(i + 2)),
        numSeqs(*args.pointer<const int32_t>(i + 3)),
        maxNumSeqs(args.integer(i + 4)),
        numTokens(tokens),
        queryStartLoc(args.pointer<const int32_t>(i + 5)),
        seqLens(args.pointer<const int32_t>(i + 6)),
        stateSlots(args.pointer<const int32_t>(i + 7)) {}

  // What is wrong with the step's metadata, or nullptr.
  const char* problem() const {
    if (numSeqs < 0 || numSeqs > maxNumSeqs) return "numSeqs is beyond the capacity of its lists";
    if (numSeqs > 0 && queryStartLoc[0] < 0) return "queryStartLoc is negative";
    for (int64_t s = 0; s < numSeqs; s++) {
      if (tokens(s) < 0 || queryStartLoc[s + 1] > numTokens) return "queryStartLoc does not ascend within numTokens";
      if (seqLens[s] < tokens(s)) return "a sequence is shorter than its rows of this step";
      if (stateSlots[s] < 0 || stateSlots[s] >= numSlots) return "a request's slot is beyond the state";
    }
    return nullptr;
  }
  QUIRE_INLINE int64_t tokens(int64_t s) const { return int64_t{queryStartLoc[s + 1]} - queryStartLoc[s]; }
  // Its first row stands at position 0: the state is zeros, whatever the slot holds.
  QUIRE_INLINE bool begins(int64_t s) const { return seqLens[s] == tokens(s); }
  QUIRE_INLINE float* slot(int64_t s) const { return state + stateSlots[s] * slotStride; }
};

// Calls visit(request, part) for this thread's share of all requests' parts 0 .. parts - 1; rows of no request become zeros
// in `out`, [numTokens, width] (there are few or none, and every thread writes the same). False when the metadata is wrong.
template <class Visit>
static QUIRE_INLINE void forEachStatePart(const StateSequences& seqs, int64_t parts, float* out, int64_t width, Worker& worker, Visit visit) {
  if (const char* problem = seqs.problem()) return worker.fail(problem);
  for (int64_t row = 0; row < seqs.numTokens; row++) {
    if (seqs.numSeqs > 0 && row == seqs.queryStartLoc[0]) row = seqs.queryStartLoc[seqs.numSeqs];
    if (row < seqs.numTokens) memset(out + row * width, 0, static_cast<size_t>(width) * 4);
  }
  for (int64_t item; (item = worker.next()) < seqs.numSeqs * parts;) {
    const int64_t s = item / parts;
    if (seqs.tokens(s) > 0) visit(s, item % parts);
  }
}

// log(1 + e^x) = max(x, 0) + log(1 + u), u = e^-|x|, relative error below 5e-7; NaN stays NaN.
// log(1 + u) = 2 artanh(u / (2 + u)): the argument is at most 1/3, and seven terms are enough.
static QUIRE_INLINE Vec softplus(Vec x) {
  const Vec u = exp(neg(abs(x)));
  const Vec s = div(u, add(u, set1(2.f))), q = mul(s, s);
  Vec p = set1(1.f / 13.f);
  p = fma(p, q, set1(1.f / 11.f));
  p = fma(p, q, set1(1.f / 9.f));
  p = fma(p, q, set1(1.f / 7.f));
  p = fma(p, q, set1(1.f / 5.f));
  p = fma(p, q, set1(1.f / 3.f));
  p = fma(p, q, set1(1.f));
  return fma(add(s, s), p, max(zero(), x));
}

// 2^x for x <= 0, relative error below 2e-7; NaN stays NaN. A polynomial of degree 6 for the fraction, as in Cephes' exp2f.
static QUIRE_INLINE Vec powerOfTwo(Vec x) {
  const Vec y = max(set1(-150.f), x), n = roundNearest(y), r = sub(y, n);
  Vec p = fma(set1(1.535336188e-4f), r, set1(1.339887440e-3f));
  p = fma(p, r, set1(9.618437358e-3f));
  p = fma(p, r, set1(5.550332471e-2f));
  p = fma(p, r, set1(2.402264791e-1f));
  p = fma(p, r, set1(6.931472029e-1f));
  p = fma(p, r, set1(1.f));
#if defined(QUIRE_AVX512)
  return {_mm512_scalef_ps(p.v, n.v)};
#else
  return zeroBelow(timesPowerOfTwo(p, max(set1(-126.f), n)), x, -126.f);
#endif
}

}  // namespace quire::QUIRE_ISA
