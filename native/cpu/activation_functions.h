// Activation functions over 16 lanes, by their index in activationFunctions (src/ops/activation.ts).
#pragma once
#include "kernel.h"

namespace quire::QUIRE_ISA {

enum ActivationKind : int { kRelu = 0, kGelu = 1, kGeluTanh = 2, kSilu = 3, kQuickGelu = 4, kRelu2 = 5, kTanh = 6, kSigmoid = 7 };

// 1 / (1 + e^-x)
static QUIRE_INLINE Vec sigmoid(Vec x) { return div(set1(1.f), add(set1(1.f), exp(neg(x)))); }

// x * P(X <= x) of the normal distribution, by the complementary error function of |x| / sqrt(2): Abramowitz and Stegun
// 7.1.26, absolute error below 1.5e-7. The tail is never made by a subtraction from 1.
static QUIRE_INLINE Vec gelu(Vec x) {
  const Vec z = mul(abs(x), set1(0.70710678f));
  const Vec t = div(set1(1.f), fma(z, set1(0.3275911f), set1(1.f)));
  Vec p = fma(set1(1.061405429f), t, set1(-1.453152027f));
  p = fma(p, t, set1(1.421413741f));
  p = fma(p, t, set1(-0.284496736f));
  p = fma(p, t, set1(0.254829592f));
  const Vec tail = mul(mul(mul(p, t), exp(neg(mul(z, z)))), set1(0.5f));  // P(X > |x|)
  // x > 0: x - x tail; x < 0: x tail
  return sub(max(zero(), x), mul(abs(x), tail));
}

// 0.5 x (1 + tanh(u)) = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
static QUIRE_INLINE Vec geluTanh(Vec x) {
  const Vec u = mul(x, fma(mul(x, x), set1(0.044715f * 1.5957691216f), set1(1.5957691216f)));
  return mul(x, sigmoid(u));
}

template <int kind>
static QUIRE_INLINE Vec activate(Vec x) {
  if (kind == kRelu) return max(zero(), x);
  if (kind == kGelu) return gelu(x);
  if (kind == kGeluTanh) return geluTanh(x);
  if (kind == kQuickGelu) return div(x, add(set1(1.f), exp(mul(x, set1(-1.702f)))));
  if (kind == kRelu2) return mul(max(zero(), x), max(zero(), x));
  if (kind == kTanh) return tanh(x);
  if (kind == kSigmoid) return sigmoid(x);
  return div(x, add(set1(1.f), exp(neg(x))));  // silu
}

// (u + 1) g sigmoid(alpha g), g = min(gate, limit), u = up within -limit .. limit
static QUIRE_INLINE Vec clampedSwiglu(Vec gate, Vec up, Vec alpha, Vec limit) {
  const Vec g = min(limit, gate), u = max(neg(limit), min(limit, up));
  return mul(mul(add(u, set1(1.f)), g), sigmoid(mul(alpha, g)));
}

// Calls run(function) with the function of a kind, if it is one of `kinds`; false if not.
template <int... kinds, class Run>
static QUIRE_INLINE bool withActivationOf(int64_t kind, Run run) {
  return ((kind == kinds && (run([](Vec x) { return activate<kinds>(x); }), true)) || ...);
}

// Calls run(function) with the function of a kind; false if there is no such kind.
template <class Run>
static QUIRE_INLINE bool withActivation(int64_t kind, Run run) {
  return withActivationOf<kRelu, kGelu, kGeluTanh, kSilu, kQuickGelu, kRelu2, kTanh, kSigmoid>(kind, run);
}

// The kinds that fusedActivations (src/platform/cpu/lowering/gated-linear.ts) lists.
template <class Run>
static QUIRE_INLINE bool withGateActivation(int64_t kind, Run run) {
  return withActivationOf<kGelu, kGeluTanh, kSilu, kRelu2>(kind, run);
}

}  // namespace quire::QUIRE_ISA
