// softcap: cap * tanh(x / cap).
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void softcap(const Args& args, Worker& worker) {
  const Vec cap = set1(args.number(6));
  mapView(args.view(0), args.pointer<float>(7), worker, [=](Vec x) { return mul(cap, tanh(div(x, cap))); });
}

}  // namespace quire::QUIRE_ISA
