// Chooses kernel tables by what CPUID says. QUIRE_HAS_<ISA> tells which were compiled (CMakeLists.txt).
#include "isa.h"

namespace quire {

#define QUIRE_DECLARE(isa)           \
  namespace isa {                    \
  const KernelTable& kernelTable();  \
  }
QUIRE_DECLARE(portable)
QUIRE_DECLARE(avx2)
QUIRE_DECLARE(avx512)
QUIRE_DECLARE(avx512_bf16)
QUIRE_DECLARE(neon)

std::vector<const KernelTable*> availableTables() {
  std::vector<const KernelTable*> tables;
#if defined(__x86_64__)
  __builtin_cpu_init();
  [[maybe_unused]] const bool avx2 =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  [[maybe_unused]] const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                                       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#ifdef QUIRE_HAS_AVX512_BF16
  if (avx512 && __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni"))
    tables.push_back(&avx512_bf16::kernelTable());
#endif
#ifdef QUIRE_HAS_AVX512
  if (avx512) tables.push_back(&avx512::kernelTable());
#endif
#ifdef QUIRE_HAS_AVX2
  if (avx2) tables.push_back(&avx2::kernelTable());
#endif
#endif
#ifdef QUIRE_HAS_NEON
  tables.push_back(&neon::kernelTable());
#endif
  tables.push_back(&portable::kernelTable());
  return tables;
}

}  // namespace quire
