// sigmoid: 1 / (1 + e^-x).
#include "activation_functions.h"
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void sigmoid(const Args& args, Worker& worker) {
  mapView(args.view(0), args.pointer<float>(6), worker, [](Vec x) { return sigmoid(x); });
}

}  // namespace quire::QUIRE_ISA
