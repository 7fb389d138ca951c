// xielu on all threads: rows are handed out one by one. Compiled by `npm run native`.
#include <cmath>
#include <cstring>

#include "quire_op.h"

QUIRE_OP_LIBRARY()

static float attribute(const QuireOpCall* call, const char* name) {
  for (int i = 0; i < call->num_attributes; i++)
    if (std::strcmp(call->attributes[i].name, name) == 0) return static_cast<float>(call->attributes[i].number);
  call->fail(call, "xielu: an attribute is missing");
  return 0;
}

extern "C" QUIRE_EXPORT void xielu(const QuireOpCall* call) {
  const QuireTensor& x = call->inputs[0];
  const QuireTensor& out = call->outputs[0];
  const float beta = attribute(call, "beta"), eps = attribute(call, "eps");
  const float p = std::log1p(std::exp(*static_cast<const float*>(call->inputs[1].data)));
  const float n = beta + std::log1p(std::exp(*static_cast<const float*>(call->inputs[2].data)));
  for (int64_t row; (row = call->next(call, 1)) < x.shape[0];) {
    const float* from = static_cast<const float*>(x.data) + row * x.strides[0];
    float* to = static_cast<float*>(out.data) + row * out.strides[0];
    for (int64_t i = 0; i < x.shape[1]; i++) {
      const float value = from[i];
      to[i] = value > 0 ? p * value * value + beta * value : (std::expm1(std::fmin(value, eps)) - value) * n + beta * value;
    }
  }
}
