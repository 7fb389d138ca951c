// What every CPU kernel includes: its arguments, its worker, the vector type, and the rules.
//
// How to add a kernel
//   1. Give it an opcode in kernels.inc and in src/platform/cpu/opcodes.ts, with the list of its arguments.
//   2. Write native/cpu/<name>.cpp (CMake finds it by itself):
//
//        #include "kernel.h"
//        namespace quire::QUIRE_ISA {
//        void rmsNorm(const Args& args, Worker& worker) {
//          const View x = args.view(0);
//          const float* weight = args.pointer<const float>(6);
//          const float eps = args.number(7);
//          float* out = args.pointer<float>(8);
//          for (int64_t row; (row = worker.next()) < x.rows();) ...
//        }
//        }  // namespace quire::QUIRE_ISA
//
//   3. Emit its record in src/platform/cpu/lowering/emit.ts.
//
// How a kernel runs
//   The threads of the pool call it with the same arguments; one that comes late (the system ran something else in its place)
//   may not call it at all. `worker.next()` hands out 0, 1, 2 ... to whoever asks first (`next(n)`: 0, n, 2n ...), and a kernel
//   returns when nothing is left to hand out: the next kernel starts when all that entered this one have returned, and sees all
//   that it wrote. So all work goes through next(); nothing may depend on `worker.thread`. Inside a kernel there is no barrier:
//   two phases are two kernels. `worker.scratch(bytes)` is this thread's own memory, kept between calls.
//   A kernel that streams much memory may have a plan (`QUIRE_PLAN` in kernels.inc): what thread t reads first. Threads that wait
//   for the kernels before it fetch that into their caches meanwhile. ReservedChunks hands out thread t's first chunk.
//   Bad values found at run time (a token id, a block id): `worker.fail("...")` with a static string, then return.
//
// How a kernel is compiled
//   Once per instruction set: QUIRE_ISA is the namespace (portable, avx2, avx512, avx512_bf16, neon), and the macros
//   QUIRE_AVX2, QUIRE_AVX512, QUIRE_AVX512_BF16, QUIRE_NEON are defined as far as they may be used (avx512 also defines QUIRE_AVX2).
//   So everything lives in namespace quire::QUIRE_ISA, helpers are `static` or QUIRE_INLINE, and no standard containers or
//   other inline functions of the library with code worth sharing are used: the linker keeps one copy of those, and it may be
//   the one with the newest instructions. Most kernels need no intrinsics: simd.h has a 16-lane vector for all.
//
// Rounding
//   -ffp-contract=off: the compiler fuses nothing. Where a fused multiply-add is wanted, call fma(). An output element is
//   computed by the same sequence of operations whatever the number of rows, the thread or the chunk.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <atomic>

#ifndef QUIRE_INLINE
#define QUIRE_INLINE inline __attribute__((always_inline))
#endif

namespace quire {

typedef uint16_t bf16;
typedef uint16_t f16;

enum DType : int { kF32 = 0, kBF16 = 1, kF16 = 2, kI8 = 3 };

// n0 * n1 rows of n2 dense values; strides in elements.
struct View {
  float* data;
  int64_t n0, stride0, n1, stride1, n2;
  QUIRE_INLINE int64_t rows() const { return n0 * n1; }
  // Row i of n0 * n1, in row-major order.
  QUIRE_INLINE float* row(int64_t i) const {
    return n1 == 1 ? data + i * stride0 : data + i / n1 * stride0 + i % n1 * stride1;
  }
};

// The numbers of one record. The lowering in TypeScript wrote them; nothing here checks how many there are.
struct Args {
  const double* values;
  template <class T>
  QUIRE_INLINE T* pointer(int i) const {
    return reinterpret_cast<T*>(static_cast<uintptr_t>(values[i]));
  }
  QUIRE_INLINE int64_t integer(int i) const { return static_cast<int64_t>(values[i]); }
  QUIRE_INLINE float number(int i) const { return static_cast<float>(values[i]); }
  QUIRE_INLINE View view(int i) const {
    return {pointer<float>(i), integer(i + 1), integer(i + 2), integer(i + 3), integer(i + 4), integer(i + 5)};
  }
};

// What hands out a kernel's chunks.
struct alignas(64) Counter {
  std::atomic<int64_t> next{0};
  std::atomic<uint64_t> reserved{0};  // bit t: thread t's first chunk is taken (ReservedChunks)

  void reset() {
    next.store(0, std::memory_order_relaxed);
    reserved.store(0, std::memory_order_relaxed);
  }
};

// Streams of memory that a thread will read in a kernel that has not begun.
struct ReadAhead {
  static constexpr int kStreams = 4;
  const char* streams[kStreams];
  int count = 0;
  int64_t bytes = 0;  // of each
  int64_t done = 0;
  // Then the same of streams that lie this much later, so often.
  int64_t step = 0, times = 0;

  // Asks for the next lines of all streams into the second-level cache; false when there are no more.
  QUIRE_INLINE bool fetch() {
    if (done >= bytes) {
      if (times == 0 || bytes == 0) return false;
      for (int i = 0; i < count; i++) streams[i] += step;
      times--;
      done = 0;
    }
    for (int line = 0; line < 16; line++, done += 64)
      for (int i = 0; i < count; i++) __builtin_prefetch(streams[i] + done, 0, 2);
    return true;
  }
};

// What threads of one run share.
struct Shared {
  alignas(64) std::atomic<const char*> failure{nullptr};
};

// One thread's hand in a kernel.
struct Worker {
  int thread;
  int threads;
  Shared* shared;
  Counter* counter;  // of the kernel that runs
  void* scratchData;
  size_t scratchBytes;

  // The next chunk: 0, step, 2 * step ... ; each value goes to one thread.
  QUIRE_INLINE int64_t next(int64_t step = 1) { return counter->next.fetch_add(step, std::memory_order_relaxed); }
  // Stops the program after this kernel, with this message (a string that lives forever).
  QUIRE_INLINE void fail(const char* message) { shared->failure.store(message, std::memory_order_relaxed); }
  // Memory of this thread alone, 64-byte aligned, contents undefined. nullptr (and the run fails) when there is none.
  QUIRE_INLINE void* scratch(size_t bytes) { return bytes <= scratchBytes ? scratchData : growScratch(bytes); }
  void* growScratch(size_t bytes);  // native/binding/executor.cpp
};

// Chunks 0 .. count - 1 of which thread t gets the t-th first, if it comes before the others are through; else anyone does.
struct ReservedChunks {
  Worker& worker;
  int64_t count, reserved;
  bool began = false;

  QUIRE_INLINE ReservedChunks(Worker& w, int64_t n) : worker(w), count(n), reserved(w.threads < 64 ? w.threads : 64) {
    if (reserved > n) reserved = n;
  }
  QUIRE_INLINE bool take(int64_t i) {
    const uint64_t bit = uint64_t{1} << i;
    return (worker.counter->reserved.fetch_or(bit, std::memory_order_relaxed) & bit) == 0;
  }
  // The next chunk, or -1.
  QUIRE_INLINE int64_t next() {
    if (!began) {
      began = true;
      if (worker.thread < reserved && take(worker.thread)) return worker.thread;
    }
    const int64_t chunk = reserved + worker.next();
    if (chunk < count) return chunk;
    for (int64_t i = 0; i < reserved; i++)
      if (take(i)) return i;
    return -1;
  }
};

typedef void (*Kernel)(const Args&, Worker&);
// What thread `thread` of a pool of `threads` will read first in a kernel with these arguments.
typedef ReadAhead (*Plan)(const Args&, int thread, int threads);

}  // namespace quire

#ifdef QUIRE_ISA
#include "simd.h"
#endif
