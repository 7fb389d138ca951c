// Zeroed, aligned memory outside the JavaScript heap.
#pragma once
#include <stddef.h>

namespace quire {

// Zeroed memory, aligned to 64 bytes (2 MiB from 4 MiB on, in huge pages where the system gives them); nullptr: none left.
void* allocateMemory(size_t bytes);
// `bytes` as they were asked for.
void freeMemory(void* data, size_t bytes);

}  // namespace quire
