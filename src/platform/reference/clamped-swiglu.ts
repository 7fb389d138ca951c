/** Reference of clampedSwiglu. */
import type { KernelCall } from "./memory.js";
import { rowStart } from "./memory.js";

export function clampedSwiglu({ inputs, outputs, number }: KernelCall): void {
  const [x, out] = [inputs[0]!, outputs[0]!];
  const [alpha, limit] = [number("alpha"), number("limit")];
  const half = out.shape[1]!;
  for (let t = 0; t < x.shape[0]!; t++) {
    const from = rowStart(x, t);
    for (let k = 0; k < half; k++) {
      const gate = Math.min(x.data[from + k]!, limit);
      const up = Math.min(Math.max(x.data[from + half + k]!, -limit), limit);
      out.data[rowStart(out, t) + k] = ((up + 1) * gate) / (1 + Math.exp(-alpha * gate));
    }
  }
}
