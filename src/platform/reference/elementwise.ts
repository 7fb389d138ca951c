/** References of add, mul, scale, softcap, clamp, copy, activation, gatedActivation and gatherRows. */
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

/** Error function, Abramowitz and Stegun 7.1.26 is too coarse; this is the series and continued fraction to double. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = a;
  for (let n = 60; n > 0; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI)));
}

/** Activation functions by name, in double. */
export const activationFunctions: Record<string, (x: number) => number> = {
  relu: (x) => Math.max(0, x),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  gelu_pytorch_tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
  quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  relu2: (x) => Math.max(0, x) ** 2,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

/** Offsets of all elements of a view in row-major order. */
function* offsets(view: View, dimension = 0, start = view.offset): Generator<number> {
  const stride = view.strides[dimension]!;
  for (let i = 0; i < view.shape[dimension]!; i++) {
    if (dimension === view.shape.length - 1) yield start + i * stride;
    else yield* offsets(view, dimension + 1, start + i * stride);
  }
}

function mapElements(x: View, out: View, f: (value: number) => number): void {
  let to = out.offset;
  for (const from of offsets(x)) out.data[to++] = f(x.data[from]!);
}

export function add({ inputs, outputs }: KernelCall): void {
  const [a, b] = inputs as [View, View];
  const right = offsets(b);
  mapElements(a, outputs[0]!, (value) => value + b.data[right.next().value as number]!);
}

/** b may have one element a row. */
export function mul({ inputs, outputs }: KernelCall): void {
  const [a, b] = inputs as [View, View];
  const width = a.shape[a.shape.length - 1]!;
  const isPerRow = b.shape[b.shape.length - 1] !== width;
  const right = offsets(b);
  let gate = 0;
  let k = 0;
  mapElements(a, outputs[0]!, (value) => {
    if (!isPerRow || k++ % width === 0) gate = b.data[right.next().value as number]!;
    return value * gate;
  });
}

export function softcap({ inputs, outputs, number }: KernelCall): void {
  const cap = number("cap");
  mapElements(inputs[0]!, outputs[0]!, (value) => cap * Math.tanh(value / cap));
}

export function clamp({ inputs, outputs, number }: KernelCall): void {
  const [min, max] = [number("min"), number("max")];
  mapElements(inputs[0]!, outputs[0]!, (value) => Math.min(max, Math.max(min, value)));
}

export function scale({ inputs, outputs, number }: KernelCall): void {
  mapElements(inputs[0]!, outputs[0]!, (value) => value * number("factor"));
}

export function copy({ inputs, outputs }: KernelCall): void {
  mapElements(inputs[0]!, outputs[0]!, (value) => value);
}

export function activation({ inputs, outputs, text }: KernelCall): void {
  mapElements(inputs[0]!, outputs[0]!, activationFunctions[text("kind")]!);
}

export function gatedActivation({ inputs, outputs, text }: KernelCall): void {
  const x = inputs[0]!;
  const out = outputs[0]!;
  const f = activationFunctions[text("kind")]!;
  const half = out.shape[1]!;
  for (let t = 0; t < x.shape[0]!; t++) {
    const from = rowStart(x, t);
    const to = rowStart(out, t);
    for (let k = 0; k < half; k++) out.data[to + k] = f(x.data[from + k]!) * x.data[from + half + k]!;
  }
}

export function gatherRows({ inputs, outputs }: KernelCall): void {
  const [x, rows] = inputs as [View, View];
  const out = outputs[0]!;
  const size = x.shape[1]!;
  for (let i = 0; i < rows.shape[0]!; i++) {
    const from = rowStart(x, rows.data[rows.offset + i]!);
    for (let k = 0; k < size; k++) out.data[rowStart(out, i) + k] = x.data[from + k]!;
  }
}
