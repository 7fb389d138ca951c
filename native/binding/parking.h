// Waiting for a word to change: spin for a while, then sleep. Futex on Linux, a condition variable elsewhere.
#pragma once
#include <stdint.h>

#include <atomic>
#include <chrono>
#if defined(__linux__)
#include <linux/futex.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <condition_variable>
#include <mutex>
#endif

namespace quire {

inline void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// A counter that threads wait on.
class Gate {
 public:
  uint32_t value() const { return word_.load(std::memory_order_acquire); }

  // Adds one and wakes whoever sleeps.
  void advance() { moveTo(value() + 1); }

  // Raises the value to `to` and wakes whoever sleeps; a value that is there or beyond stays.
  void moveTo(uint32_t to) {
#if defined(__linux__)
    uint32_t now = word_.load(std::memory_order_relaxed);
    do {
      if (static_cast<int32_t>(to - now) <= 0) return;
    } while (!word_.compare_exchange_weak(now, to, std::memory_order_seq_cst));
    if (sleepers_.load(std::memory_order_seq_cst) > 0)
      syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word_), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
#else
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const uint32_t now = word_.load(std::memory_order_relaxed);
      if (static_cast<int32_t>(to - now) <= 0) return;
      word_.store(to, std::memory_order_seq_cst);
    }
    changed_.notify_all();
#endif
  }

  // Returns once the value differs from `old`.
  void waitBeyond(uint32_t old, std::chrono::microseconds spin) {
    const auto end = std::chrono::steady_clock::now() + spin;
    do {
      for (int i = 0; i < 64; i++) {
        if (value() != old) return;
        relax();
      }
    } while (std::chrono::steady_clock::now() < end);
#if defined(__linux__)
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    while (word_.load(std::memory_order_seq_cst) == old)
      syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word_), FUTEX_WAIT_PRIVATE, old, nullptr, nullptr, 0);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
#else
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return value() != old; });
#endif
  }

 private:
  alignas(64) std::atomic<uint32_t> word_{0};
  alignas(64) std::atomic<int> sleepers_{0};
#if !defined(__linux__)
  std::mutex mutex_;
  std::condition_variable changed_;
#endif
};

}  // namespace quire
