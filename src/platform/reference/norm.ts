/** References of rmsNorm and layerNorm. */
import type { KernelCall, View } from "./memory.js";

/** Calls `visit` with the start of every row of the last dimension in x and in out, and its head. */
function forEachRow(x: View, out: View, visit: (from: number, to: number, head: number) => void): void {
  const heads = x.shape.length === 3 ? x.shape[1]! : 1;
  for (let t = 0; t < x.shape[0]!; t++)
    for (let h = 0; h < heads; h++) {
      const inner = x.shape.length === 3 ? h * x.strides[1]! : 0;
      const innerOut = x.shape.length === 3 ? h * out.strides[1]! : 0;
      visit(x.offset + t * x.strides[0]! + inner, out.offset + t * out.strides[0]! + innerOut, h);
    }
}

export function rmsNorm({ inputs, outputs, number }: KernelCall): void {
  const [x, weight] = inputs as [View, View];
  const out = outputs[0]!;
  const size = x.shape[x.shape.length - 1]!;
  forEachRow(x, out, (from, to) => {
    let squares = 0;
    for (let k = 0; k < size; k++) squares += x.data[from + k]! ** 2;
    const factor = 1 / Math.sqrt(squares / size + number("eps"));
    for (let k = 0; k < size; k++)
      out.data[to + k] = x.data[from + k]! * factor * (number("weightOffset") + weight.data[weight.offset + k]!);
  });
}

export function layerNorm({ inputs, outputs, number }: KernelCall): void {
  const [x, weight, bias] = inputs as [View, View, View?];
  const out = outputs[0]!;
  const size = x.shape[x.shape.length - 1]!;
  const perHead = weight.shape.length === 2 ? size : 0;
  forEachRow(x, out, (from, to, head) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += x.data[from + k]!;
    const mean = sum / size;
    let squares = 0;
    for (let k = 0; k < size; k++) squares += (x.data[from + k]! - mean) ** 2;
    const factor = 1 / Math.sqrt(squares / size + number("eps"));
    for (let k = 0; k < size; k++) {
      const i = head * perHead + k;
      const offset = bias ? bias.data[bias.offset + i]! : 0;
      out.data[to + k] = (x.data[from + k]! - mean) * factor * weight.data[weight.offset + i]! + offset;
    }
  });
}
