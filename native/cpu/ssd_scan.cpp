// ssdScan: the recurrence of Mamba-2; src/ops/ssd-scan.ts says what it means.
//
// A piece of work is one head of one request. Its state, [stateSize][headDim], is cut into tiles that stay in registers while
// they walk over all rows of the request; each row's output collects the tiles' products, n ascending.
#include "state_space.h"

namespace quire::QUIRE_ISA {

// Rows (n) and vectors of 16 columns (p) of a tile.
#if defined(QUIRE_AVX512)
static constexpr int kTileStates = 8, kTileVectors = 2;
#elif defined(QUIRE_AVX2)
static constexpr int kTileStates = 4, kTileVectors = 1;
#else
static constexpr int kTileStates = 2, kTileVectors = 1;
#endif

// One head of one request; x, b, c and out are those of its first row and of this head or group.
struct SsdHead {
  const float *x, *b, *c;
  int64_t xStride, bStride, cStride, outStride;  // from row to row
  float* out;
  const float *steps, *decays;  // of each row
  int64_t tokens, stateSize, headDim;
  float d;
};

// States first .. first + N - 1 of columns column .. column + 16 P - 1; the last vector has `n` columns.
template <int N, int P>
static QUIRE_INLINE void runTile(const SsdHead& head, float* state, bool begins, int64_t first, int64_t column, int64_t n) {
  const auto get = [n](const float* p, int v) { return v == P - 1 && n < 16 ? loadPartial(p + v * 16, n) : load(p + v * 16); };
  const auto put = [n](float* p, int v, Vec value) {
    v == P - 1 && n < 16 ? storePartial(p + v * 16, value, n) : store(p + v * 16, value);
  };
  float* tile = state + first * head.headDim + column;
  Vec h[N][P];
#pragma GCC unroll 8
  for (int i = 0; i < N; i++)
#pragma GCC unroll 2
    for (int v = 0; v < P; v++) h[i][v] = begins ? zero() : get(tile + i * head.headDim, v);
  const bool isFirst = first == 0, isLast = first + N == head.stateSize;
  for (int64_t t = 0; t < head.tokens; t++) {
    const float *b = head.b + t * head.bStride + first, *c = head.c + t * head.cStride + first;
    const float* x = head.x + t * head.xStride + column;
    float* out = head.out + t * head.outStride + column;
    const Vec step = set1(head.steps[t]), decay = set1(head.decays[t]);
    Vec entering[P], y[P];
#pragma GCC unroll 2
    for (int v = 0; v < P; v++) {
      entering[v] = mul(step, get(x, v));
      y[v] = isFirst ? zero() : get(out, v);
    }
#pragma GCC unroll 8
    for (int i = 0; i < N; i++) {
      const Vec in = set1(b[i]), read = set1(c[i]);
#pragma GCC unroll 2
      for (int v = 0; v < P; v++) {
        h[i][v] = fma(entering[v], in, mul(decay, h[i][v]));
        y[v] = fma(h[i][v], read, y[v]);
      }
    }
#pragma GCC unroll 2
    for (int v = 0; v < P; v++) put(out, v, isLast ? fma(set1(head.d), get(x, v), y[v]) : y[v]);
  }
#pragma GCC unroll 8
  for (int i = 0; i < N; i++)
#pragma GCC unroll 2
    for (int v = 0; v < P; v++) put(tile + i * head.headDim, v, h[i][v]);
}

template <int N>
static QUIRE_INLINE void runTiles(const SsdHead& head, float* state, bool begins, int64_t first) {
  int64_t column = 0;
  for (; kTileVectors == 2 && head.headDim - column > 16; column += 32)
    runTile<N, kTileVectors>(head, state, begins, first, column, head.headDim - column < 32 ? head.headDim - column - 16 : 16);
  for (; column < head.headDim; column += 16)
    runTile<N, 1>(head, state, begins, first, column, head.headDim - column < 16 ? head.headDim - column : 16);
}

void ssdScan(const Args& args, Worker& worker) {
  const View x = args.view(0), dt = args.view(6), b = args.view(14), c = args.view(20);
  const float *dtBias = args.pointer<const float>(12), *a = args.pointer<const float>(13), *d = args.pointer<const float>(26);
  const float dtMin = args.number(27), dtMax = args.number(28);
  const StateSequences seqs(args, 29, x.n0);
  float* out = args.pointer<float>(37);
  const int64_t heads = x.n1, headDim = x.n2, headsPerGroup = heads / b.n1, stateSize = b.n2;
  const int64_t padded = (x.n0 + 15) / 16 * 16;
  float* steps = static_cast<float*>(worker.scratch(static_cast<size_t>(padded) * 8));
  if (!steps) return;
  float* decays = steps + padded;
  forEachStatePart(seqs, heads, out, heads * headDim, worker, [&](int64_t s, int64_t h) {
    const int64_t start = seqs.queryStartLoc[s], tokens = seqs.tokens(s), group = h / headsPerGroup;
    for (int64_t t = 0; t < tokens; t++) steps[t] = dt.row(start + t)[h];
    for (int64_t t = 0; t < tokens; t += 16) {
      const Vec raw = softplus(add(load(steps + t), set1(dtBias[h])));
      const Vec step = min(set1(dtMax), max(set1(dtMin), raw));
      store(steps + t, step);
      store(decays + t, exp(mul(step, set1(a[h]))));
    }
    const SsdHead head = {x.row(start * heads + h), b.row(start * b.n1 + group), c.row(start * c.n1 + group),
                          x.stride0, b.stride0, c.stride0, heads * headDim, out + (start * heads + h) * headDim,
                          steps, decays, tokens, stateSize, headDim, d[h]};
    float* state = seqs.slot(s) + h * stateSize * headDim;
    int64_t first = 0;
    for (; first + kTileStates <= stateSize; first += kTileStates) runTiles<kTileStates>(head, state, seqs.begins(s), first);
    for (; first < stateSize; first++) runTiles<1>(head, state, seqs.begins(s), first);
  });
}

}  // namespace quire::QUIRE_ISA
