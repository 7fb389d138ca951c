// causalConv1d: depthwise causal convolution over each request's tokens; src/ops/causal-conv1d.ts says what it means.
//
// A piece of work is 128 channels of one request, all its rows: the state is read before its rows are written. Some rows at a
// time, so that what neighbouring lanes share (lines, pages) is still near.
#include "activation_functions.h"
#include "state_space.h"

namespace quire::QUIRE_ISA {

static constexpr int64_t kConvChannels = 128, kConvRows = 32;

// 16 channels (or n < 16) of one request.
struct ConvLanes {
  View x;
  const float *weight, *bias;  // bias may be nullptr
  float* state;
  float* out;
  int64_t channels, past;  // past: rows of the state
  int64_t start, end, n;

  QUIRE_INLINE Vec get(const float* p) const { return n == 16 ? load(p) : loadPartial(p, n); }
  QUIRE_INLINE void put(float* p, Vec v) const { n == 16 ? store(p, v) : storePartial(p, v, n); }
  // The input at row t; rows before `start` lie in the state.
  QUIRE_INLINE Vec input(int64_t t) const { return get(t < start ? state + (t - start + past) * channels : x.row(t)); }

  // The sum of row t; kernelSize is past + 1.
  QUIRE_INLINE Vec sumOf(int64_t t, Vec first) const {
    Vec sum = first;
    for (int64_t k = 0; k <= past; k++) sum = fma(get(weight + k * channels), input(t - past + k), sum);
    return sum;
  }
  // Outputs of rows from .. to - 1.
  template <class F>
  QUIRE_INLINE void convolve(int64_t from, int64_t to, F f) const {
    const Vec first = bias ? get(bias) : zero();
    int64_t t = from;
    if (past == 3 && n == 16) {  // the usual kernel, and rows that need no state: weights and inputs stay in registers
      for (; t < to && t < start + 3; t++) store(out + t * channels, f(sumOf(t, first)));
      if (t == to) return;
      const Vec w0 = load(weight), w1 = load(weight + channels), w2 = load(weight + 2 * channels), w3 = load(weight + 3 * channels);
      const float* row = x.data + (t - 3) * x.stride0;
      Vec x0 = load(row), x1 = load(row + x.stride0), x2 = load(row + 2 * x.stride0);
      for (row += 3 * x.stride0; t < to; t++, row += x.stride0) {
        const Vec x3 = load(row);
        store(out + t * channels, f(fma(w3, x3, fma(w2, x2, fma(w1, x1, fma(w0, x0, first))))));
        x0 = x1, x1 = x2, x2 = x3;
      }
      return;
    }
    for (; t < to; t++) put(out + t * channels, f(sumOf(t, first)));
  }
  // Ascending: row j is made of a later row of the state, or of the step.
  QUIRE_INLINE void keep() const {
    for (int64_t j = 0; j < past; j++) put(state + j * channels, input(end - past + j));
  }
  QUIRE_INLINE void clear() const {
    for (int64_t j = 0; j < past; j++) put(state + j * channels, zero());
  }
};

void causalConv1d(const Args& args, Worker& worker) {
  const View x = args.view(0);
  const float *weight = args.pointer<const float>(6), *bias = args.pointer<const float>(7);
  const int64_t past = args.integer(8) - 1, kind = args.integer(9), channels = x.n2;
  const StateSequences seqs(args, 10, x.n0);
  float* out = args.pointer<float>(18);
  const int64_t parts = (channels + kConvChannels - 1) / kConvChannels;
  forEachStatePart(seqs, parts, out, channels, worker, [&](int64_t s, int64_t part) {
    const int64_t firstChannel = part * kConvChannels, rest = channels - firstChannel;
    const int64_t lanes = ((rest < kConvChannels ? rest : kConvChannels) + 15) / 16;
    const int64_t start = seqs.queryStartLoc[s], end = seqs.queryStartLoc[s + 1];
    const auto lane = [&](int64_t i) {
      const int64_t c = firstChannel + i * 16;
      View columns = x;
      columns.data += c;
      return ConvLanes{columns, weight + c, bias ? bias + c : nullptr, seqs.slot(s) + c, out + c, channels, past,
                       start, end, channels - c < 16 ? channels - c : 16};
    };
    if (seqs.begins(s))
      for (int64_t i = 0; i < lanes; i++) lane(i).clear();
    for (int64_t from = start; from < end; from += kConvRows) {
      const int64_t to = from + kConvRows < end ? from + kConvRows : end;
      for (int64_t i = 0; i < lanes; i++)
        if (!withActivation(kind, [&](auto f) { lane(i).convolve(from, to, f); }))
          lane(i).convolve(from, to, [](Vec v) { return v; });
    }
    for (int64_t i = 0; i < lanes; i++) lane(i).keep();
  });
}

}  // namespace quire::QUIRE_ISA
