// clamp: x brought into min .. max; max and min return their second operand where it is NaN, so NaN stays NaN.
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void clamp(const Args& args, Worker& worker) {
  const Vec low = set1(args.number(6)), high = set1(args.number(7));
  mapView(args.view(0), args.pointer<float>(8), worker, [=](Vec x) { return min(high, max(low, x)); });
}

}  // namespace quire::QUIRE_ISA
