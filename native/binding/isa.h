// The instruction sets that this file was built with and this machine has.
#pragma once
#include <vector>

#include "../cpu/kernel_table.h"

namespace quire {

// Best first; never empty.
std::vector<const KernelTable*> availableTables();

}  // namespace quire
