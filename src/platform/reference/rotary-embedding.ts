/** Reference of rotaryEmbedding: pairs (a, b) become (a cos - b sin, b cos + a sin). */
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

export function rotaryEmbedding({ inputs, outputs, text }: KernelCall): void {
  const [positions, x, cosSin] = inputs as [View, View, View];
  const out = outputs[0]!;
  const [numTokens, heads, headDim] = x.shape as [number, number, number];
  const half = cosSin.shape[1]! / 2;
  const neox = text("style") === "neox";
  for (let t = 0; t < numTokens; t++) {
    const table = rowStart(cosSin, positions.data[positions.offset + t]!);
    for (let h = 0; h < heads; h++) {
      const from = rowStart(x, t) + h * x.strides[1]!;
      const to = rowStart(out, t) + h * out.strides[1]!;
      for (let k = 2 * half; k < headDim; k++) out.data[to + k] = x.data[from + k]!;
      for (let i = 0; i < half; i++) {
        const first = neox ? i : 2 * i;
        const second = neox ? i + half : 2 * i + 1;
        const cos = cosSin.data[table + i]!;
        const sin = cosSin.data[table + half + i]!;
        const a = x.data[from + first]!;
        const b = x.data[from + second]!;
        out.data[to + first] = a * cos - b * sin;
        out.data[to + second] = b * cos + a * sin;
      }
    }
  }
}
