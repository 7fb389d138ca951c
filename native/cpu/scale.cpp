// scale: x * factor.
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void scale(const Args& args, Worker& worker) {
  const Vec factor = set1(args.number(6));
  mapView(args.view(0), args.pointer<float>(7), worker, [=](Vec x) { return mul(x, factor); });
}

}  // namespace quire::QUIRE_ISA
