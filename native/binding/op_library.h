// Shared libraries with ops from outside (native/include/quire_op.h).
#pragma once
#include <string>

namespace quire {

// Finds a function of a library; the library stays loaded. An empty string, or what is wrong.
std::string findOp(const std::string& path, const std::string& symbol, void** function);

}  // namespace quire
