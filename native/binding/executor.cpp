// The thread pool: wait for a run, work through its records, report.
#include "executor.h"

#include <pthread.h>
#include <stdlib.h>

#include <chrono>

namespace quire {

// Waking a sleeping thread costs 12 to 45 us, and the next kernel or step mostly comes sooner than this.
constexpr std::chrono::microseconds kSpin{150};

int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

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
    thread->worker = Worker{i, threads, &shared_, &counters_[0], nullptr, 0};
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
  quit_.store(true);
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
  // Nobody is inside a kernel, and nobody enters one before end_ moves.
  run_ = run;
  records_.clear();
  for (const Program* program : run->programs)
    for (const Record& record : program->records()) records_.push_back(&record);
  shared_.failure.store(nullptr, std::memory_order_relaxed);
  for (Counter& counter : counters_) counter.reset();
  run->started = now();
  first_ = end_.load(std::memory_order_relaxed);
  if (records_.empty()) return finish(nullptr, 0);
  end_.store(first_ + static_cast<uint32_t>(records_.size()), std::memory_order_release);
  jobs_.advance();
}

void Executor::wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  idle_.wait(lock, [this] { return !busy_; });
}

void Executor::work(int index) {
  Worker& worker = workers_[index]->worker;
  // The record that this thread left last; its kernel has nothing more to hand out.
  uint32_t left = 0;
  bool hasLeft = false;
  // What it will read first in record number `aheadOp`.
  ReadAhead readAhead;
  uint32_t aheadOp = 0;
  for (;;) {
    const uint32_t jobs = jobs_.value();
    if (quit_.load(std::memory_order_acquire)) return;
    uint64_t state = state_.load(std::memory_order_acquire);
    const uint32_t op = static_cast<uint32_t>(state >> 32);
    if (op == end_.load(std::memory_order_acquire)) {
      jobs_.waitBeyond(jobs, kSpin);
      continue;
    }
    if (hasLeft && op == left) {
      while (readAhead.fetch() && gate_.value() == op) {
      }
      gate_.waitBeyond(op, kSpin);
      continue;
    }
    if (!state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel)) continue;
    const Record& record = *records_[op - first_];
    worker.counter = &counters_[op % 4];
    if (Span* spans = run_->spans) {
      Span& span = spans[static_cast<size_t>(index) * records_.size() + (op - first_)];
      span.entered = now();
      record.kernel(record.args, worker);
      span.left = now();
    } else {
      record.kernel(record.args, worker);
    }
    // While it is inside, the record and the run cannot go away.
    if (record.ahead == 0) readAhead = {};
    if (record.ahead > 0 && aheadOp != op + static_cast<uint32_t>(record.ahead)) {
      const Record& ahead = *records_[op - first_ + static_cast<uint32_t>(record.ahead)];
      readAhead = ahead.plan(ahead.args, index, worker.threads);
      aheadOp = op + static_cast<uint32_t>(record.ahead);
    }
    leave(op);
    left = op;
    hasLeft = true;
  }
}

void Executor::leave(uint32_t op) {
  uint64_t state = state_.load(std::memory_order_acquire);
  for (;;) {
    if (static_cast<uint32_t>(state) > 1) {
      if (state_.compare_exchange_weak(state, state - 1, std::memory_order_acq_rel)) return;
      continue;
    }
    // The last one inside, and nothing is left to hand out; a late thread may still come in, and then it is the last.
    const uint32_t end = end_.load(std::memory_order_relaxed);
    const char* failure = shared_.failure.load(std::memory_order_relaxed);
    const uint32_t to = failure ? end : op + 1;
    counters_[(op + 2) % 4].reset();
    if (!state_.compare_exchange_weak(state, uint64_t{to} << 32, std::memory_order_acq_rel)) continue;
    gate_.moveTo(to);
    if (to == end) finish(failure, op);
    return;
  }
}

void Executor::finish(const char* failure, uint32_t failedOp) {
  Run* run = run_;
  run->ended = now();
  if (failure) {
    run->failure = failure;
    run->failedRecord = static_cast<int>(failedOp - first_);
    for (run->failedProgram = 0;; run->failedProgram++) {
      const int size = static_cast<int>(run->programs[static_cast<size_t>(run->failedProgram)]->records().size());
      if (run->failedRecord < size) break;
      run->failedRecord -= size;
    }
  }
  const auto finished = run->finished;
  void* data = run->data;
  std::lock_guard<std::mutex> lock(mutex_);
  busy_ = false;
  // Inside the lock: after it the executor may be gone.
  idle_.notify_all();
  if (finished) finished(data);
}

}  // namespace quire
