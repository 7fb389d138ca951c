// Zeroed, aligned memory outside the JavaScript heap.
#pragma once
#include <stddef.h>

namespace quire {

// Zeroed memory, aligned to 64 bytes; nullptr: none left. From 4 MiB on it is aligned to 2 MiB and, beyond its first 2 MiB, in
// huge pages where the system gives them.
void* allocateMemory(size_t bytes);
// `bytes` as they were asked for.
void freeMemory(void* data, size_t bytes);
// Gives the pages back to the system; the memory stays where it is, and reads as zeros. `bytes` as they were asked for.
void discardMemory(void* data, size_t bytes);

}  // namespace quire
