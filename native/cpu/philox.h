// Philox4x32-10 (Salmon et al. 2011): random words as a function of a counter and a key. As src/platform/reference/philox.ts.
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

struct PhiloxKey {
  uint32_t low, high;
};

// Ten rounds on `kLanes` counters at once; c[word][lane].
template <int kLanes>
static QUIRE_INLINE void philox(uint32_t (&c)[4][kLanes], PhiloxKey key) {
  for (int round = 0; round < 10; round++) {
    for (int l = 0; l < kLanes; l++) {
      const uint64_t p0 = static_cast<uint64_t>(0xd2511f53u) * c[0][l], p1 = static_cast<uint64_t>(0xcd9e8d57u) * c[2][l];
      c[0][l] = static_cast<uint32_t>(p1 >> 32) ^ c[1][l] ^ key.low;
      c[1][l] = static_cast<uint32_t>(p1);
      c[2][l] = static_cast<uint32_t>(p0 >> 32) ^ c[3][l] ^ key.high;
      c[3][l] = static_cast<uint32_t>(p0);
    }
    key.low += 0x9e3779b9u;
    key.high += 0xbb67ae85u;
  }
}

// The first words of the 64 tokens of block `block`, in the order of their ids: word w of counter lane l is token w * 16 + l.
static QUIRE_INLINE void randomBlock(uint32_t (&words)[4][16], PhiloxKey key, uint32_t drawIndex, int64_t block) {
  for (int l = 0; l < 16; l++) {
    words[0][l] = static_cast<uint32_t>(block * 16 + l);
    words[1][l] = drawIndex;
    words[2][l] = words[3][l] = 0;
  }
  philox(words, key);
}

// One token's second word.
static inline uint32_t secondWord(PhiloxKey key, uint32_t drawIndex, int64_t token) {
  uint32_t words[4][1] = {{static_cast<uint32_t>(token / 64 * 16 + token % 16)}, {drawIndex}, {1}, {0}};
  philox(words, key);
  return words[token / 16 % 4][0];
}

}  // namespace quire::QUIRE_ISA
