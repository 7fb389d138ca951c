// Small helpers around Node-API: arguments in, values out.
#pragma once
#include <node_api.h>
#include <stdint.h>

#include <string>

namespace quire {

// The arguments of one call; a missing or mistyped one reads as 0 or empty. The TypeScript mirror checks types.
struct Call {
  static constexpr size_t kMax = 8;
  napi_env env;
  napi_value values[kMax];
  size_t count = kMax;

  Call(napi_env e, napi_callback_info info) : env(e) { napi_get_cb_info(env, info, &count, values, nullptr, nullptr); }

  double number(size_t i) const {
    double x = 0;
    if (i < count) napi_get_value_double(env, values[i], &x);
    return x;
  }
  template <class T>
  T* pointer(size_t i) const {
    return reinterpret_cast<T*>(static_cast<uintptr_t>(number(i)));
  }
  std::string text(size_t i) const {
    char buffer[64] = "";
    size_t length = 0;
    if (i < count) napi_get_value_string_utf8(env, values[i], buffer, sizeof buffer, &length);
    return std::string(buffer, length);
  }
  // A string of any length.
  std::string longText(size_t i) const {
    size_t length = 0;
    if (i >= count || napi_get_value_string_utf8(env, values[i], nullptr, 0, &length) != napi_ok) return "";
    std::string text(length, 0);
    napi_get_value_string_utf8(env, values[i], &text[0], length + 1, &length);
    return text;
  }
  // A native object behind an external value, or nullptr.
  template <class T>
  T* object(size_t i) const {
    napi_valuetype type = napi_undefined;
    void* data = nullptr;
    if (i < count) napi_typeof(env, values[i], &type);
    if (type == napi_external) napi_get_value_external(env, values[i], &data);
    return static_cast<T*>(data);
  }
  // Elements of a typed array; nullptr and 0 for anything else.
  template <class T>
  T* array(size_t i, size_t* length) const {
    void* data = nullptr;
    *length = 0;
    bool is = false;
    if (i < count) napi_is_typedarray(env, values[i], &is);
    if (is) napi_get_typedarray_info(env, values[i], nullptr, length, &data, nullptr, nullptr);
    return static_cast<T*>(data);
  }
};

inline napi_value toValue(napi_env env, double x) {
  napi_value value;
  napi_create_double(env, x, &value);
  return value;
}
inline napi_value toValue(napi_env env, const char* text) {
  napi_value value;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

}  // namespace quire
