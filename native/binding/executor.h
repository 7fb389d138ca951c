// One persistent thread pool that runs programs, kernel after kernel.
//
// All records of a run are numbered on from those of the last run. `state_` holds the number of the record that runs now, and
// how many threads are inside its kernel. A thread enters by adding one; the last one to leave moves the number on. So a step
// waits for threads that hold a part of the work, never for one that the system has not let run: on a busy machine, late
// threads join whatever record is current.
#pragma once
#include <stdint.h>

#include <condition_variable>
#include <deque>
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

// Bytes to be copied.
struct Move {
  void* to = nullptr;
  const void* from = nullptr;
  size_t bytes = 0;
};

// Programs to run one after the other, and how it went.
struct Run {
  std::vector<Program*> programs;
  // What relative addresses of the programs count from.
  double base = 0;
  // Done in order just before the first record, and just after the last one unless the run failed. So a run that waits for
  // another one can go on with what that one leaves in memory, and its own results are safe from the next one.
  std::vector<Move> before;
  std::vector<Move> after;
  // Thread after thread, one for each record of all programs; nullptr: do not measure.
  Span* spans = nullptr;
  // By now(): when it was given to the threads, and when the last record ended.
  int64_t started = 0;
  int64_t ended = 0;
  const char* failure = nullptr;
  // -1 with a failure: it never ran, because the one before it failed.
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
  // Waits for the running job, then ends the threads. Runs that wait are never reported.
  ~Executor();

  const KernelTable& table() const { return table_; }
  int threads() const { return static_cast<int>(workers_.size()); }
  bool ok() const { return started_; }
  // Waits until nothing runs, then starts `run` and returns at once. `run` must live until it is finished.
  void start(Run* run);
  // Starts `run` after those that were given before, and returns at once: the thread that ends one begins the next, so that
  // nothing but its moves lies between. After a failure those that wait fail too. Runs are reported in their order.
  void queue(Run* run);
  // Waits until nothing runs.
  void wait();

 private:
  struct Thread;
  void work(int index);
  // Out of record `op`; the last one moves on to the next, or ends the run.
  void leave(uint32_t op);
  // Ends the run; `failedOp` counts only with a failure.
  void finish(const char* failure, uint32_t failedOp);
  // Gives the run to the threads; false if it has no records. The lock is held, and nobody is inside a kernel.
  bool begin(Run* run);
  // Begins the next run that waits, and reports the one that is done, if any. The lock is held.
  void proceed(Run* done);

  const KernelTable& table_;
  std::vector<std::unique_ptr<Thread>> workers_;
  bool started_ = true;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool busy_ = false;
  std::deque<Run*> waiting_;
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
