// The thread pool: wait for a job, run its records with barriers, report.
#include "executor.h"

#include <pthread.h>
#include <stdlib.h>

namespace quire {

// Waking a sleeping thread costs 12 to 45 us, and the next kernel or step mostly comes sooner than this.
constexpr std::chrono::microseconds kSpin{150};

struct Executor::Thread {
  Worker worker{};
  Executor* executor = nullptr;
  pthread_t handle{};
  bool started = false;
};

void* Worker::growScratch(size_t bytes) {
  free(scratchData);
  scratchBytes = 0;
  const size_t rounded = (bytes + 4095) / 4096 * 4096;
  if (posix_memalign(&scratchData, 64, rounded) != 0) {
    scratchData = nullptr;
    fail("out of memory for a thread's scratch space");
    return nullptr;
  }
  scratchBytes = rounded;
  return scratchData;
}

Executor::Executor(int threads, const KernelTable& table) : table_(table) {
  for (int i = 0; i < threads; i++) {
    auto thread = std::make_unique<Thread>();
    thread->worker = Worker{i, threads, &shared_, nullptr, 0};
    thread->executor = this;
    workers_.push_back(std::move(thread));
  }
  for (auto& thread : workers_) {
    const auto main = [](void* data) -> void* {
      Thread* self = static_cast<Thread*>(data);
      self->executor->work(self->worker.thread);
      return nullptr;
    };
    thread->started = pthread_create(&thread->handle, nullptr, main, thread.get()) == 0;
    if (!thread->started) started_ = false;
  }
}

Executor::~Executor() {
  wait();
  quit_ = true;
  jobs_.advance();
  for (auto& thread : workers_) {
    if (thread->started) pthread_join(thread->handle, nullptr);
    free(thread->worker.scratchData);
  }
}

void Executor::start(Run* run) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    idle_.wait(lock, [this] { return !busy_; });
    busy_ = true;
  }
  run_ = run;
  stop_ = false;
  shared_.next.store(0, std::memory_order_relaxed);
  shared_.failure.store(nullptr, std::memory_order_relaxed);
  jobs_.advance();
}

void Executor::wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  idle_.wait(lock, [this] { return !busy_; });
}

void Executor::work(int index) {
  Worker& worker = workers_[index]->worker;
  for (uint32_t seen = 0;; seen++) {
    jobs_.waitBeyond(seen, kSpin);
    if (quit_) return;
    runPrograms(worker);
    if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 != threads()) continue;
    done_.store(0, std::memory_order_relaxed);
    Run* run = run_;
    const auto finished = run->finished;
    void* data = run->data;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      busy_ = false;
      // Inside the lock: after it the executor may be gone.
      idle_.notify_all();
      if (finished) finished(data);
    }
  }
}

void Executor::runPrograms(Worker& worker) {
  using Clock = std::chrono::steady_clock;
  double* timings = worker.thread == 0 ? run_->timings : nullptr;
  auto before = Clock::now();
  for (size_t p = 0; p < run_->programs.size(); p++) {
    const std::vector<Record>& records = run_->programs[p]->records();
    for (size_t r = 0; r < records.size(); r++) {
      records[r].kernel(records[r].args, worker);
      if (!barrier(static_cast<int>(p), static_cast<int>(r))) return;
      if (timings) {
        const auto after = Clock::now();
        *timings++ = static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(after - before).count());
        before = after;
      }
    }
  }
}

bool Executor::barrier(int program, int record) {
  const uint32_t generation = barrierGate_.value();
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads()) {
    arrived_.store(0, std::memory_order_relaxed);
    shared_.next.store(0, std::memory_order_relaxed);
    if (const char* failure = shared_.failure.load(std::memory_order_relaxed)) {
      run_->failure = failure;
      run_->failedProgram = program;
      run_->failedRecord = record;
      stop_ = true;
    }
    barrierGate_.advance();
  } else {
    barrierGate_.waitBeyond(generation, kSpin);
  }
  return !stop_;
}

}  // namespace quire
