// What the machine gives, for benchmarks: a plain read of memory, and multiply-adds without memory.
#include "tiles.h"

namespace quire::QUIRE_ISA {

// result, data, bytes: reads everything once, four streams a thread
void readMemory(const Args& args, Worker& worker) {
  float* result = args.pointer<float>(0);
  const char* data = args.pointer<const char>(1);
  const int64_t bytes = args.integer(2);
  constexpr int64_t chunk = 256 << 10, stream = chunk / 4;
  Vec s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
  for (int64_t i; (i = worker.next() * chunk) + chunk <= bytes;)
    for (int64_t k = 0; k < stream; k += 64) {
      const char* p = data + i + k;
      s0 = max(s0, load(reinterpret_cast<const float*>(p)));
      s1 = max(s1, load(reinterpret_cast<const float*>(p + stream)));
      s2 = max(s2, load(reinterpret_cast<const float*>(p + 2 * stream)));
      s3 = max(s3, load(reinterpret_cast<const float*>(p + 3 * stream)));
    }
  result[worker.thread % 16] = largest(max(max(s0, s1), max(s2, s3)));
}

// result, dtype, rounds: 1024 rounds of 24 (fewer with fewer registers) multiply-adds, `rounds` times as often as there are threads
void multiplyPeak(const Args& args, Worker& worker) {
  float* result = args.pointer<float>(0);
  const int64_t chunks = args.integer(2) * worker.threads;
  constexpr int64_t rounds = 1024;
#if defined(QUIRE_AVX512)
  constexpr int kSums = 24;
#elif defined(QUIRE_AVX2)
  constexpr int kSums = 6;
#else
  constexpr int kSums = 3;
#endif
  Vec c[kSums];
  for (int i = 0; i < kSums; i++) c[i] = set1(static_cast<float>(i));
#if defined(QUIRE_AVX512_BF16)
  if (args.integer(1) == kBF16) {
    __m512i a = _mm512_set1_epi32(0x3c003c00), b = _mm512_set1_epi32(0x3c013c00);
    while (worker.next() < chunks)
      for (int64_t k = 0; k < rounds; k++) {
      asm volatile("" : "+v"(a), "+v"(b));
      QUIRE_UNROLL for (int i = 0; i < kSums; i++) c[i] = {_mm512_dpbf16_ps(c[i].v, (__m512bh)a, (__m512bh)b)};
    }
  } else
#endif
  {
    float x = 0.5f;
    while (worker.next() < chunks)
      for (int64_t k = 0; k < rounds; k++) {
      asm volatile("" : "+m"(x));
      const Vec a = set1(x);
      QUIRE_UNROLL for (int i = 0; i < kSums; i++) c[i] = fma(c[i], a, a);
    }
  }
  Vec total = c[0];
  for (int i = 1; i < kSums; i++) total = add(total, c[i]);
  result[worker.thread % 16] = sum(total);
}

}  // namespace quire::QUIRE_ISA
