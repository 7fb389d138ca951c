// rotaryEmbedding: rotates the first rotaryDim elements of every head by its row's position.
#include "elementwise.h"
#include "rotary.h"

namespace quire::QUIRE_ISA {

void rotaryEmbedding(const Args& args, Worker& worker) {
  const int32_t* positions = args.pointer<const int32_t>(0);
  const View x = args.view(1);
  const float* cosSin = args.pointer<const float>(7);
  const int64_t rotaryDim = args.integer(8);
  const bool isGptj = args.integer(9) != 0;
  float* out = args.pointer<float>(10);
  const int64_t maxPositions = args.integer(11);
  forEachRow(worker, x.n0, x.n1 * x.n2, [&](int64_t token) {
    if (positions[token] < 0 || positions[token] >= maxPositions)
      return worker.fail("rotaryEmbedding: a position is beyond the table of cosines and sines");
    const float* table = cosSin + positions[token] * rotaryDim;
    for (int64_t head = 0; head < x.n1; head++)
      rotateHead(x.data + token * x.stride0 + head * x.stride1, out + (token * x.n1 + head) * x.n2, table, rotaryDim / 2,
                 x.n2, isGptj);
  });
}

}  // namespace quire::QUIRE_ISA
