// One persistent thread pool that runs programs. Every thread takes part in every kernel; a barrier separates kernels.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "parking.h"
#include "program.h"

namespace quire {

// Programs to run one after the other, and how it went.
struct Run {
  std::vector<Program*> programs;
  // One number for each record of all programs, nanoseconds; nullptr: do not measure.
  double* timings = nullptr;
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
  void runPrograms(Worker& worker);
  // True when the run goes on.
  bool barrier(int program, int record);

  const KernelTable& table_;
  std::vector<std::unique_ptr<Thread>> workers_;
  bool started_ = true;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool busy_ = false;
  bool quit_ = false;
  Run* run_ = nullptr;
  Shared shared_;
  Gate jobs_;
  Gate barrierGate_;
  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<int> done_{0};
  bool stop_ = false;
};

}  // namespace quire
