// Collects the kernels of one instruction set into its table. Compiled once per instruction set.
#include "kernel_table.h"

namespace quire::QUIRE_ISA {

// Weak: a name in kernels.inc whose source does not exist is a null entry, and an error when a program asks for it.
#define QUIRE_KERNEL(opcode, name) __attribute__((weak)) void name(const Args&, Worker&);
#include "kernels.inc"
#undef QUIRE_KERNEL

#define QUIRE_TEXT(x) #x
#define QUIRE_NAME(x) QUIRE_TEXT(x)

const KernelTable& kernelTable() {
  static KernelTable table = [] {
    KernelTable t = {QUIRE_NAME(QUIRE_ISA), {}};
#define QUIRE_KERNEL(opcode, name) t.kernels[opcode] = name;
#include "kernels.inc"
#undef QUIRE_KERNEL
    return t;
  }();
  return table;
}

}  // namespace quire::QUIRE_ISA
