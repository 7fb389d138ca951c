// The thread pool: wait for a run, work through its records, report.
#include "executor.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <chrono>

namespace quire {

// Waking a sleeping thread costs 12 to 45 us, and the next kernel or step mostly comes sooner than this.
constexpr std::chrono::microseconds kSpin{150};

int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What follows a run's last record.
static void end(Run* run) {
  run->ended = now();
  if (run->failure) return;
  for (const Move& move : run->after) memcpy(move.to, move.from, move.bytes);
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
  {
    std::lock_guard<std::mutex> lock(mutex_);
    waiting_.clear();
  }
  wait();
  quit_.store(true);
  jobs_.advance();
  for (auto& thread : workers_) {
    if (thread->started) pthread_join(thread->handle, nullptr);
    free(thread->worker.scratchData);
  }
}

void Executor::start(Run* run) {
  std::unique_lock<std::mutex> lock(mutex_);
  idle_.wait(lock, [this] { return !busy_; });
  waiting_.push_back(run);
  proceed(nullptr);
}

void Executor::queue(Run* run) {
  std::lock_guard<std::mutex> lock(mutex_);
  waiting_.push_back(run);
  if (!busy_) proceed(nullptr);
}

bool Executor::begin(Run* run) {
  for (Program* program : run->programs) program->placeAt(run->base);
  for (const Move& move : run->before) memcpy(move.to, move.from, move.bytes);
  run->started = now();
  run_ = run;
  records_.clear();
  for (const Program* program : run->programs)
    for (const Record& record : program->records()) records_.push_back(&record);
  shared_.failure.store(nullptr, std::memory_order_relaxed);
  for (Counter& counter : counters_) counter.reset();
  first_ = end_.load(std::memory_order_relaxed);
  if (records_.empty()) return false;
  // Nobody enters a kernel before this.
  end_.store(first_ + static_cast<uint32_t>(records_.size()), std::memory_order_release);
  jobs_.advance();
  return true;
}

void Executor::proceed(Run* done) {
  for (;;) {
    Run* run = nullptr;
    if (!waiting_.empty()) {
      run = waiting_.front();
      waiting_.pop_front();
    }
    const bool isRunning = run && begin(run);
    busy_ = run != nullptr;
    if (!run) idle_.notify_all();
    // Before the lock is released: after it the executor may be gone, and the next run may end.
    if (done && done->finished) done->finished(done->data);
    if (!run || isRunning) return;
    end(run);
    done = run;
  }
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
  if (failure) {
    run->failure = failure;
    run->failedRecord = static_cast<int>(failedOp - first_);
    for (run->failedProgram = 0;; run->failedProgram++) {
      const int size = static_cast<int>(run->programs[static_cast<size_t>(run->failedProgram)]->records().size());
      if (run->failedRecord < size) break;
      run->failedRecord -= size;
    }
  }
  end(run);
  std::lock_guard<std::mutex> lock(mutex_);
  std::deque<Run*> skipped;
  if (failure) skipped.swap(waiting_);
  proceed(run);
  for (Run* other : skipped) {
    other->failure = "it did not run, because the run before it failed";
    if (other->finished) other->finished(other->data);
  }
}

}  // namespace quire
