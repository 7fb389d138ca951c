/** Reference of headLinear: y[t, h] = x[t, h] weight[h]^T; weights row-major here. */
import { fromBf16, roundToBf16 } from "./bf16.js";
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

export function headLinear({ inputs, outputs }: KernelCall): void {
  const [x, weight] = inputs as [View, View];
  const y = outputs[0]!;
  const isBf16 = weight.tensor.dtype === "bf16";
  const [numHeads, outputSize, inputSize] = weight.shape as [number, number, number];
  for (let t = 0; t < x.shape[0]!; t++)
    for (let h = 0; h < numHeads; h++) {
      const from = rowStart(x, t) + h * x.strides[1]!;
      for (let n = 0; n < outputSize; n++) {
        const row = rowStart(weight, h) + n * weight.strides[1]!;
        let sum = 0;
        for (let k = 0; k < inputSize; k++) {
          const a = x.data[from + k]!;
          const w = weight.data[row + k]!;
          sum += isBf16 ? roundToBf16(a) * fromBf16(w) : a * w;
        }
        y.data[rowStart(y, t) + h * y.strides[1]! + n] = sum;
      }
    }
}
