// activation: f(x).
#include "activation_functions.h"
#include "elementwise.h"

namespace quire::QUIRE_ISA {

void activation(const Args& args, Worker& worker) {
  const View x = args.view(0);
  float* out = args.pointer<float>(7);
  if (!withActivation(args.integer(6), [&](auto f) { mapView(x, out, worker, f); })) worker.fail("activation: unknown kind");
}

}  // namespace quire::QUIRE_ISA
