/* Ops from outside: what a shared library is handed by Quire's CPU platform. Plain C; compile with any compiler:
 *
 *   g++ -O3 -shared -fPIC -I node_modules/quirelm/native/include my_op.cpp -o my-op.so
 *
 *   #include "quire_op.h"
 *   QUIRE_OP_LIBRARY()
 *
 *   extern "C" QUIRE_EXPORT void squared_relu(const QuireOpCall* call) {
 *     const QuireTensor* x = &call->inputs[0];
 *     const QuireTensor* out = &call->outputs[0];
 *     const int64_t size = x->shape[1];
 *     for (int64_t row; (row = call->next(call, 1)) < x->shape[0];) {
 *       const float* from = (const float*)x->data + row * x->strides[0];
 *       float* to = (float*)out->data + row * out->strides[0];
 *       for (int64_t i = 0; i < size; i++) to[i] = from[i] > 0 ? from[i] * from[i] : 0;
 *     }
 *   }
 *
 * In TypeScript: defineOp("my-package/squared-relu", { …, native: { cpu: new URL("../my-op.so", import.meta.url),
 * symbol: "squared_relu" } }).
 *
 * How a function runs. Every thread of the pool calls it with the same arguments; a thread that comes late may not call it at
 * all. next() hands out 0, step, 2 step … to whoever asks first, and the function returns when nothing is left: so all
 * work goes through next(), and the next op starts when all that entered have returned. Nothing may depend on which thread
 * does what, and a row's result must depend on that row alone: then a request gives the same bits alone and in any batch. No
 * exception may leave the function, it must not wait for other threads, and it must not keep pointers.
 */
#ifndef QUIRE_OP_H
#define QUIRE_OP_H
#include <stddef.h>
#include <stdint.h>

/* Changes when a library that was compiled for the last one would not work. */
#define QUIRE_OP_ABI 1
#define QUIRE_OP_MAX_DIMENSIONS 8

#define QUIRE_EXPORT __attribute__((visibility("default")))

enum { QUIRE_F32 = 0, QUIRE_I32 = 1 };

/* Element (i, j, …) is data[i * strides[0] + j * strides[1] + …]. Outputs are dense and uninitialized. Inputs may have strides;
 * parameters and outputs never do. */
typedef struct QuireTensor {
  void* data;
  int32_t dtype; /* QUIRE_F32 or QUIRE_I32 */
  int32_t rank;
  int64_t shape[QUIRE_OP_MAX_DIMENSIONS];
  int64_t strides[QUIRE_OP_MAX_DIMENSIONS]; /* in elements */
} QuireTensor;

/* In the order in which the model gave them. */
typedef struct QuireAttribute {
  const char* name;
  const char* text; /* NULL for a number */
  double number;
} QuireAttribute;

typedef struct QuireOpCall {
  const QuireTensor* inputs;
  const QuireTensor* outputs;
  const QuireAttribute* attributes;
  int32_t num_inputs;
  int32_t num_outputs;
  int32_t num_attributes;
  int32_t reserved;
  /* The next chunk of work: 0, step, 2 * step …; each value goes to one thread. */
  int64_t (*next)(const struct QuireOpCall* call, int64_t step);
  /* Memory of this thread alone, 64-byte aligned, contents undefined; NULL (and the run fails) when there is none. */
  void* (*scratch)(const struct QuireOpCall* call, size_t bytes);
  /* Stops the run after this op; return then. The message must live for ever: a string literal. */
  void (*fail)(const struct QuireOpCall* call, const char* message);
  void* worker; /* Quire's own */
} QuireOpCall;

typedef void (*QuireOp)(const QuireOpCall* call);

/* Once in every library: says for which version of this header it was compiled. */
#ifdef __cplusplus
#define QUIRE_OP_LIBRARY() \
  extern "C" QUIRE_EXPORT uint32_t quire_op_abi(void) { return QUIRE_OP_ABI; }
#else
#define QUIRE_OP_LIBRARY() \
  QUIRE_EXPORT uint32_t quire_op_abi(void) { return QUIRE_OP_ABI; }
#endif

#endif
