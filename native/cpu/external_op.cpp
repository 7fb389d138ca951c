// externalOp: hands the tensors and attributes of a record to a function of a shared library (native/include/quire_op.h).
#include "../include/quire_op.h"
#include "kernel.h"

namespace quire::QUIRE_ISA {

// src/platform/cpu/lowering/external-op.ts refuses what does not fit.
constexpr int kMaxTensors = 24;
constexpr int kMaxAttributes = 16;
constexpr int kMaxText = 1024;

static Worker& workerOf(const QuireOpCall* call) { return *static_cast<Worker*>(call->worker); }

static int64_t nextChunk(const QuireOpCall* call, int64_t step) { return workerOf(call).next(step); }
static void* scratch(const QuireOpCall* call, size_t bytes) { return workerOf(call).scratch(bytes); }
static void fail(const QuireOpCall* call, const char* message) { workerOf(call).fail(message); }

namespace {

// Reads the arguments in order.
struct Reader {
  const Args& args;
  int at = 0;
  char* text;

  int64_t integer() { return args.integer(at++); }
  void tensor(QuireTensor& tensor) {
    tensor.data = args.pointer<void>(at++);
    tensor.dtype = static_cast<int32_t>(integer());
    tensor.rank = static_cast<int32_t>(integer());
    for (int i = 0; i < tensor.rank; i++) tensor.shape[i] = integer();
    for (int i = 0; i < tensor.rank; i++) tensor.strides[i] = integer();
  }
  const char* string() {
    char* start = text;
    for (int64_t length = integer(); length > 0; length--) *text++ = static_cast<char>(integer());
    *text++ = 0;
    return start;
  }
};

}  // namespace

void externalOp(const Args& args, Worker& worker) {
  QuireTensor tensors[kMaxTensors];
  QuireAttribute attributes[kMaxAttributes];
  char text[kMaxText];
  Reader reader{args, 0, text};
  const QuireOp function = reinterpret_cast<QuireOp>(args.pointer<void>(reader.at++));
  QuireOpCall call{};
  call.num_inputs = static_cast<int32_t>(reader.integer());
  call.num_outputs = static_cast<int32_t>(reader.integer());
  call.num_attributes = static_cast<int32_t>(reader.integer());
  for (int i = 0; i < call.num_inputs + call.num_outputs; i++) reader.tensor(tensors[i]);
  for (int i = 0; i < call.num_attributes; i++) {
    attributes[i].name = reader.string();
    const bool isText = reader.integer() != 0;
    attributes[i].text = isText ? reader.string() : nullptr;
    attributes[i].number = isText ? 0 : args.values[reader.at++];
  }
  call.inputs = tensors;
  call.outputs = tensors + call.num_inputs;
  call.attributes = attributes;
  call.next = nextChunk;
  call.scratch = scratch;
  call.fail = fail;
  call.worker = &worker;
  function(&call);
}

}  // namespace quire::QUIRE_ISA
