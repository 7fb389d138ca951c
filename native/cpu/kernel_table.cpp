// Collects the kernels of one instruction set into its table. Compiled once per instruction set.
#include "kernel_table.h"

namespace quire::QUIRE_ISA {

// Weak: a name in kernels.inc whose source does not exist is a null entry, and an error when a program asks for it.
#define QUIRE_KERNEL(opcode, name) __attribute__((weak)) void name(const Args&, Worker&);
#define QUIRE_PLAN(opcode, name) ReadAhead name(const Args&, int thread, int threads);
#include "kernels.inc"
#undef QUIRE_KERNEL
#undef QUIRE_PLAN

#define QUIRE_TEXT(x) #x
#define QUIRE_NAME(x) QUIRE_TEXT(x)

const KernelTable& kernelTable() {
  static KernelTable table = [] {
    KernelTable t = {QUIRE_NAME(QUIRE_ISA), {}, {}};
#define QUIRE_KERNEL(opcode, name) t.kernels[opcode] = name;
#define QUIRE_PLAN(opcode, name) t.plans[opcode] = name;
#include "kernels.inc"
#undef QUIRE_KERNEL
#undef QUIRE_PLAN
    return t;
  }();
  return table;
}

}  // namespace quire::QUIRE_ISA
