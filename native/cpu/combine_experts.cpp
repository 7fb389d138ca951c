// out[t] = sum over j of weights[t, j] * y[t * topK + j]
#include "elementwise.h"

namespace quire::QUIRE_ISA {

// view y, view weights, out
void combineExperts(const Args& args, Worker& worker) {
  const View y = args.view(0), weights = args.view(6);
  float* out = args.pointer<float>(12);
  const int64_t n = y.n2, topK = weights.n2;
  // A few columns at a time, so that one token keeps all threads busy.
  constexpr int64_t kPiece = 512;
  const int64_t pieces = (n + kPiece - 1) / kPiece;
  for (int64_t i; (i = worker.next()) < weights.rows() * pieces;) {
    const int64_t token = i / pieces, k0 = i % pieces * kPiece, k1 = k0 + kPiece < n ? k0 + kPiece : n;
    const float* w = weights.row(token);
    for (int64_t k = k0; k < k1; k += 16) {
      const int64_t count = k1 - k;
      Vec sum = zero();
      for (int64_t j = 0; j < topK; j++) {
        const float* row = y.row(token * topK + j) + k;
        sum = fma(set1(w[j]), count >= 16 ? load(row) : loadPartial(row, count), sum);
      }
      if (count >= 16)
        store(out + token * n + k, sum);
      else
        storePartial(out + token * n + k, sum, count);
    }
  }
}

}  // namespace quire::QUIRE_ISA
