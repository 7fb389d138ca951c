// One persistent thread pool that runs programs, kernel after kernel.
//
// All records of a run are numbered on from those of the last run. `state_` holds the number of the record that runs now, and
// how many threads are inside its kernel. A thread enters by adding one; the last one to leave moves the number on. So a step
// waits for threads that hold a part of the work, never for one that the system has not let run: on a busy machine, late
// threads join whatever record is current.
#pragma once
#include <stdint.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "parking.h"
#include "program.h"

namespace quire {

// When one thread was inside one record's kernel, by now(); zeros: it never was.
struct Span {
  int64_t entered = 0;
  int64_t left = 0;
};

// Nanoseconds of the steady clock.
int64_t now();

// Programs to run one after the other, and how it went.
struct Run {
  std::vector<Program*> programs;
  // Thread after thread, one for each record of all programs; nullptr: do not measure.
  Span* spans = nullptr;
  // By now(): when it was given to the threads, and when the last record ended.
  int64_t started = 0;
  int64_t ended = 0;
  const char* failure = nullptr;
  int failedProgram = -1;
  int failedRecord = -1;
  // Called by a pool thread when all is done; may be empty.
  void (*finished)(void* data) = nullptr;
  void* data = nullptr;
};

class Executor {
 public:
  // Starts the threads. `ok()` is false when the system gave none.
  Executor(int threads, const KernelTable& table);
  // Waits for the running job, then ends the threads.
  ~Executor();

  const KernelTable& table() const { return table_; }
  int threads() const { return static_cast<int>(workers_.size()); }
  bool ok() const { return started_; }
  // Waits until nothing runs, then starts `run` and returns at once. `run` must live until it is finished.
  void start(Run* run);
  // Waits until nothing runs.
  void wait();

 private:
  struct Thread;
  void work(int index);
  // Out of record `op`; the last one moves on to the next, or ends the run.
  void leave(uint32_t op);
  // Reports the run; `failedOp` counts only with a failure.
  void finish(const char* failure, uint32_t failedOp);

  const KernelTable& table_;
  std::vector<std::unique_ptr<Thread>> workers_;
  bool started_ = true;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool busy_ = false;
  std::atomic<bool> quit_{false};
  Run* run_ = nullptr;
  // The run's records in order; the first has number first_, the one after the last end_.
  std::vector<const Record*> records_;
  uint32_t first_ = 0;
  std::atomic<uint32_t> end_{0};
  Shared shared_;
  // Of record n: counters_[n % 4]. The one after the next is set back while nobody can be inside.
  Counter counters_[4];
  Gate jobs_;
  Gate gate_;
  alignas(64) std::atomic<uint64_t> state_{0};
};

}  // namespace quire
