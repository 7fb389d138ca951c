// Loading of ops from outside.
#include "op_library.h"

#include <dlfcn.h>

#include "../include/quire_op.h"

namespace quire {

static std::string lastError() {
  const char* message = dlerror();
  return message ? message : "the system gives no reason";
}

std::string findOp(const std::string& path, const std::string& symbol, void** function) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return "cannot be loaded: " + lastError();
  const auto abi = reinterpret_cast<uint32_t (*)()>(dlsym(library, "quire_op_abi"));
  if (!abi) return "has no quire_op_abi: put QUIRE_OP_LIBRARY() of quire_op.h into one of its files";
  if (abi() != QUIRE_OP_ABI)
    return "was compiled for version " + std::to_string(abi()) + " of quire_op.h, this is " + std::to_string(QUIRE_OP_ABI) +
           "; compile it again";
  *function = dlsym(library, symbol.c_str());
  if (!*function) return "has no function \"" + symbol + "\": is it extern \"C\" and QUIRE_EXPORT?";
  return "";
}

}  // namespace quire
