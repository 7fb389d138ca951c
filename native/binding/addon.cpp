// The addon: executors, programs and memory behind plain functions. No arithmetic; src/platform/native-binding.ts is its mirror.
#include <string.h>

#include <deque>
#include <memory>
#include <vector>

#include "executor.h"
#include "isa.h"
#include "memory.h"
#include "napi_util.h"
#include "op_library.h"

namespace quire {
namespace {

// What clock() and all times that go to JavaScript count from, so that a double keeps nanoseconds.
const int64_t kEpoch = now();

double sinceEpoch(int64_t time) { return static_cast<double>(time - kEpoch); }

// Kinds of moves; src/platform/run-transfers.ts has them too.
constexpr double kBring = 0, kCopy = 1, kTake = 2;

struct Handle;

// A run with what it brings and takes, for as long as it is under way.
struct Job {
  Handle* handle = nullptr;
  Run run;
  std::vector<char> data;
  std::vector<char> results;
  std::vector<Span> spans;
};

// An executor with its way back to JavaScript.
struct Handle {
  napi_env env = nullptr;
  std::unique_ptr<Executor> executor;
  napi_threadsafe_function report = nullptr;
  // In the order of their runs.
  std::deque<std::unique_ptr<Job>> jobs;
  // The run that is being reported: the first of `jobs`, or nullptr.
  const Job* reported = nullptr;
};

napi_value fail(napi_env env, const std::string& message) {
  napi_throw_error(env, "QUIRE_NATIVE", message.c_str());
  return nullptr;
}

void endHandle(Handle* handle) {
  handle->executor.reset();
  if (handle->report) napi_release_threadsafe_function(handle->report, napi_tsfn_abort);
  handle->report = nullptr;
}

void onEnvironmentEnd(void* data) { endHandle(static_cast<Handle*>(data)); }

void freeHandle(napi_env env, void* data, void*) {
  Handle* handle = static_cast<Handle*>(data);
  if (handle->executor) {
    napi_remove_env_cleanup_hook(env, onEnvironmentEnd, handle);
    endHandle(handle);
  }
  delete handle;
}

// On the JavaScript thread, after a run: callback(failure | null, failedProgram, failedRecord, started, ended).
void onFinished(napi_env env, napi_value callback, void*, void* data) {
  Handle* handle = static_cast<Handle*>(data);
  if (env == nullptr || handle->report == nullptr || handle->jobs.empty()) return;
  const Run& run = handle->jobs.front()->run;
  handle->reported = handle->jobs.front().get();
  napi_value arguments[5], undefined, null;
  napi_get_undefined(env, &undefined);
  napi_get_null(env, &null);
  arguments[0] = run.failure ? toValue(env, run.failure) : null;
  arguments[1] = toValue(env, run.failedProgram);
  arguments[2] = toValue(env, run.failedRecord);
  arguments[3] = toValue(env, sinceEpoch(run.started));
  arguments[4] = toValue(env, sinceEpoch(run.ended));
  if (handle->jobs.size() == 1) napi_unref_threadsafe_function(env, handle->report);
  napi_call_function(env, undefined, callback, 5, arguments, nullptr);
  handle->reported = nullptr;
  handle->jobs.pop_front();
}

// isas() -> names, best first
napi_value isas(napi_env env, napi_callback_info) {
  napi_value list;
  napi_create_array(env, &list);
  uint32_t i = 0;
  for (const KernelTable* table : availableTables()) napi_set_element(env, list, i++, toValue(env, table->isa));
  return list;
}

// open(isa, threads, callback) -> handle
napi_value open(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  const std::string isa = call.text(0);
  const double threads = call.number(1);
  if (!(threads >= 1 && threads <= 1024)) return fail(env, "open: threads must be 1 to 1024");
  for (const KernelTable* table : availableTables()) {
    if (isa != table->isa) continue;
    auto handle = std::make_unique<Handle>();
    handle->env = env;
    handle->executor = std::make_unique<Executor>(static_cast<int>(threads), *table);
    if (!handle->executor->ok()) return fail(env, "open: the system refused to start " + std::to_string((int)threads) + " threads");
    if (napi_create_threadsafe_function(env, call.values[2], nullptr, toValue(env, "quire"), 0, 1, nullptr, nullptr, nullptr,
                                        onFinished, &handle->report) != napi_ok)
      return fail(env, "open: needs a callback");
    napi_unref_threadsafe_function(env, handle->report);
    napi_add_env_cleanup_hook(env, onEnvironmentEnd, handle.get());
    napi_value value;
    napi_create_external(env, handle.release(), freeHandle, nullptr, &value);
    return value;
  }
  return fail(env, "open: no kernels for " + isa);
}

// close(handle): waits for a running step, ends the threads
napi_value close(napi_env env, napi_callback_info info) {
  Handle* handle = Call(env, info).object<Handle>(0);
  if (handle && handle->executor) {
    napi_remove_env_cleanup_hook(env, onEnvironmentEnd, handle);
    endHandle(handle);
  }
  return nullptr;
}

void freeProgram(napi_env, void* data, void*) { delete static_cast<Program*>(data); }

// createProgram(handle, Float64Array records, Int32Array relocations) -> program
napi_value createProgram(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  Handle* handle = call.object<Handle>(0);
  if (!handle || !handle->executor) return fail(env, "createProgram: the platform is disposed");
  size_t count = 0, numRelocations = 0;
  const double* numbers = call.array<double>(1, &count);
  const int32_t* relocations = call.array<int32_t>(2, &numRelocations);
  auto program = std::make_unique<Program>();
  const std::string wrong = program->parse(handle->executor->table(), numbers, count, relocations, numRelocations);
  if (!wrong.empty()) return fail(env, "createProgram: " + wrong);
  napi_value value;
  napi_create_external(env, program.release(), freeProgram, nullptr, &value);
  return value;
}

// Reads `moves` of run() into the job; what it brings lies in its own copy of `data`. False if the numbers are wrong.
bool readMoves(Job* job, const double* moves, size_t numMoves, const char* data, size_t bytes) {
  size_t brought = 0, taken = 0;
  for (size_t i = 0; i < numMoves; i++) {
    const double size = moves[4 * i + 3];
    if (!(size >= 0 && size < 9e15)) return false;
    if (moves[4 * i] == kBring) brought += static_cast<size_t>(size);
    if (moves[4 * i] == kTake) taken += static_cast<size_t>(size);
  }
  if (brought > bytes) return false;
  job->data.assign(data, data + brought);
  job->results.resize(taken);
  const char* from = job->data.data();
  char* to = job->results.data();
  const auto pointer = [](double x) { return reinterpret_cast<char*>(static_cast<uintptr_t>(x)); };
  for (const double kind : {kBring, kCopy, kTake})
    for (size_t i = 0; i < numMoves; i++) {
      const double* move = moves + 4 * i;
      if (move[0] != kind) continue;
      const size_t size = static_cast<size_t>(move[3]);
      if (kind == kTake) {
        job->run.after.push_back({to, pointer(move[2]), size});
        to += size;
        continue;
      }
      job->run.before.push_back({pointer(move[1]), kind == kBring ? from : pointer(move[2]), size});
      if (kind == kBring) from += size;
    }
  return true;
}

// run(handle, programs, base, measure, Float64Array moves, numMoves, Uint8Array data): after the runs that were given before;
// the callback of open() reports each, in their order. A move is (kind, to, from, bytes): 0 brings the next bytes of `data`, 1
// copies inside memory, 2 takes bytes to what results() gives, one after the other.
napi_value run(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  Handle* handle = call.object<Handle>(0);
  if (!handle || !handle->executor) return fail(env, "run: the platform is disposed");
  uint32_t count = 0;
  napi_get_array_length(env, call.values[1], &count);
  auto job = std::make_unique<Job>();
  job->handle = handle;
  job->run.base = call.number(2);
  size_t numRecords = 0;
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    void* data = nullptr;
    napi_get_element(env, call.values[1], i, &element);
    if (napi_get_value_external(env, element, &data) != napi_ok) return fail(env, "run: not a program");
    Program* program = static_cast<Program*>(data);
    numRecords += program->records().size();
    job->run.programs.push_back(program);
  }
  size_t numNumbers = 0, bytes = 0;
  const double* moves = call.array<double>(4, &numNumbers);
  const double numMoves = call.number(5);
  const char* data = call.array<char>(6, &bytes);
  if (!(numMoves >= 0 && numMoves <= static_cast<double>(numNumbers / 4)) ||
      !readMoves(job.get(), moves, static_cast<size_t>(numMoves), data, bytes))
    return fail(env, "run: the moves are cut off");
  if (call.number(3) != 0) {
    job->spans.assign(numRecords * static_cast<size_t>(handle->executor->threads()), Span{});
    job->run.spans = job->spans.data();
  }
  job->run.finished = [](void* data) {
    Handle* self = static_cast<Job*>(data)->handle;
    napi_call_threadsafe_function(self->report, self, napi_tsfn_nonblocking);
  };
  job->run.data = job.get();
  if (handle->jobs.empty()) napi_ref_threadsafe_function(env, handle->report);
  Run* run = &job->run;
  handle->jobs.push_back(std::move(job));
  handle->executor->queue(run);
  return nullptr;
}

// results(handle, Uint8Array target): inside the callback of open(), what the reported run took, as far as it fits
napi_value results(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  Handle* handle = call.object<Handle>(0);
  size_t bytes = 0;
  void* target = call.array<void>(1, &bytes);
  if (!handle || !handle->reported) return fail(env, "results: no run is being reported");
  const std::vector<char>& taken = handle->reported->results;
  if (bytes > taken.size()) bytes = taken.size();
  if (bytes > 0) memcpy(target, taken.data(), bytes);
  return nullptr;
}

// clock() -> nanoseconds by the clock of runs and spans
napi_value clock(napi_env env, napi_callback_info) { return toValue(env, sinceEpoch(now())); }

// spans(handle) -> Float64Array, inside the callback of open(): for each thread, for each record of the reported run, when it
// entered and left the kernel, in nanoseconds after the run's start; -1 and -1 where it never entered
napi_value spans(napi_env env, napi_callback_info info) {
  Handle* handle = Call(env, info).object<Handle>(0);
  const Job* job = handle ? handle->reported : nullptr;
  const size_t count = job ? 2 * job->spans.size() : 0;
  void* data = nullptr;
  napi_value buffer, array;
  napi_create_arraybuffer(env, count * sizeof(double), &data, &buffer);
  double* out = static_cast<double*>(data);
  for (size_t i = 0; i < count / 2; i++) {
    const Span& span = job->spans[i];
    const bool entered = span.entered != 0;
    out[2 * i] = entered ? static_cast<double>(span.entered - job->run.started) : -1;
    out[2 * i + 1] = entered ? static_cast<double>(span.left - job->run.started) : -1;
  }
  napi_create_typedarray(env, napi_float64_array, count, buffer, 0, &array);
  return array;
}

// runNow(handle, opcode, Float64Array arguments, typed array): one kernel on the pool, waiting for it; the array's address
// becomes the first argument. For packing weights at load.
napi_value runNow(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  Handle* handle = call.object<Handle>(0);
  if (!handle || !handle->executor) return fail(env, "runNow: the platform is disposed");
  size_t count = 0, length = 0;
  const double* arguments = call.array<double>(2, &count);
  const void* data = call.array<void>(3, &length);
  std::vector<double> numbers{call.number(1), static_cast<double>(count)};
  numbers.insert(numbers.end(), arguments, arguments + count);
  if (count > 0) numbers[2] = static_cast<double>(reinterpret_cast<uintptr_t>(data));
  Program program;
  const std::string wrong = program.parse(handle->executor->table(), numbers.data(), numbers.size(), nullptr, 0);
  if (!wrong.empty()) return fail(env, "runNow: " + wrong);
  Run run;
  run.programs.push_back(&program);
  handle->executor->start(&run);
  handle->executor->wait();
  if (run.failure) return fail(env, run.failure);
  return nullptr;
}

// findOp(path, symbol) -> address of the function
napi_value findOpFunction(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  void* function = nullptr;
  const std::string wrong = quire::findOp(call.longText(0), call.longText(1), &function);
  if (!wrong.empty()) return fail(env, wrong);
  return toValue(env, static_cast<double>(reinterpret_cast<uintptr_t>(function)));
}

// allocate(bytes) -> address, 0 when there is none
napi_value allocate(napi_env env, napi_callback_info info) {
  const double bytes = Call(env, info).number(0);
  void* data = bytes >= 0 && bytes < 9e15 ? allocateMemory(static_cast<size_t>(bytes)) : nullptr;
  return toValue(env, static_cast<double>(reinterpret_cast<uintptr_t>(data)));
}

// free(address, bytes)
napi_value freeBytes(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  freeMemory(call.pointer<void>(0), static_cast<size_t>(call.number(1)));
  return nullptr;
}

// discard(address, bytes)
napi_value discardBytes(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  discardMemory(call.pointer<void>(0), static_cast<size_t>(call.number(1)));
  return nullptr;
}

// write(address, Uint8Array)
napi_value write(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  size_t bytes = 0;
  const void* data = call.array<void>(1, &bytes);
  if (bytes > 0) memcpy(call.pointer<void>(0), data, bytes);
  return nullptr;
}

// read(address, Uint8Array)
napi_value read(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  size_t bytes = 0;
  void* data = call.array<void>(1, &bytes);
  if (bytes > 0) memcpy(data, call.pointer<void>(0), bytes);
  return nullptr;
}

}  // namespace
}  // namespace quire

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"isas", quire::isas},
                   {"open", quire::open},
                   {"close", quire::close},
                   {"createProgram", quire::createProgram},
                   {"run", quire::run},
                   {"results", quire::results},
                   {"clock", quire::clock},
                   {"spans", quire::spans},
                   {"runNow", quire::runNow},
                   {"findOp", quire::findOpFunction},
                   {"allocate", quire::allocate},
                   {"free", quire::freeBytes},
                   {"discard", quire::discardBytes},
                   {"write", quire::write},
                   {"read", quire::read}};
  for (const auto& entry : functions) {
    napi_value value;
    napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, nullptr, &value);
    napi_set_named_property(env, exports, entry.name, value);
  }
  napi_value contract;
  napi_create_string_utf8(env, QUIRE_CONTRACT, NAPI_AUTO_LENGTH, &contract);
  napi_set_named_property(env, exports, "contract", contract);
  return exports;
}
