// The kernels of one instruction set, as the executor sees them.
#pragma once
#include "kernel.h"

namespace quire {

constexpr int kMaxOpcode = 128;

struct KernelTable {
  const char* isa;
  // By opcode; nullptr where there is none.
  Kernel kernels[kMaxOpcode];
  Plan plans[kMaxOpcode];
};

}  // namespace quire
