// Memory from the system: mmap for large pieces, the C library for small ones.
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

namespace quire {

constexpr size_t kPage = 4096;
constexpr size_t kHugePage = 2u << 20;
// From here on memory comes zeroed from the system, and is first touched by the threads that fill it.
constexpr size_t kMapFrom = 128u << 10;
constexpr size_t kHugeFrom = 4u << 20;

static size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

void* allocateMemory(size_t bytes) {
  if (bytes > SIZE_MAX / 2) return nullptr;
  if (bytes < kMapFrom) {
    void* data = nullptr;
    const size_t size = roundUp(bytes ? bytes : 1, 64);
    if (posix_memalign(&data, 64, size) != 0) return nullptr;
    return memset(data, 0, size);
  }
  if (bytes < kHugeFrom) {
    void* mapped = mmap(nullptr, roundUp(bytes, kPage), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mapped == MAP_FAILED ? nullptr : mapped;
  }
  const size_t size = roundUp(bytes, kHugePage);
  void* mapped = mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  const uintptr_t start = reinterpret_cast<uintptr_t>(mapped), aligned = roundUp(start, kHugePage);
  if (aligned > start) munmap(mapped, aligned - start);
  const size_t rest = start + kHugePage - aligned;
  if (rest > 0) munmap(reinterpret_cast<void*>(aligned + size), rest);
  void* data = reinterpret_cast<void*>(aligned);
#ifdef MADV_HUGEPAGE
  // The front stays in small pages: each layer's KV cache and the workspace fill from there, and a first token that touches
  // a few kilobytes of every layer would wait for the system to clear a huge page of each.
  madvise(data, kHugePage, MADV_NOHUGEPAGE);
  madvise(static_cast<char*>(data) + kHugePage, size - kHugePage, MADV_HUGEPAGE);
#endif
  return data;
}

void freeMemory(void* data, size_t bytes) {
  if (bytes < kMapFrom)
    free(data);
  else
    munmap(data, roundUp(bytes, bytes < kHugeFrom ? kPage : kHugePage));
}

void discardMemory(void* data, size_t bytes) {
  if (bytes >= kMapFrom && madvise(data, roundUp(bytes, bytes < kHugeFrom ? kPage : kHugePage), MADV_DONTNEED) == 0) {
#ifdef __linux__
    return;
#endif
  }
  memset(data, 0, bytes);
}

}  // namespace quire
