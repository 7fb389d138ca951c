/** References of expertLinear, expertLinearInt8 and combineExperts. */
import { fromBf16, roundToBf16 } from "./bf16.js";
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

export function expertLinear({ inputs, outputs }: KernelCall): void {
  const [x, weight, ids, bias] = inputs as [View, View, View, View?];
  product(x, weight, ids, outputs[0]!, weight.tensor.dtype === "bf16", undefined, bias);
}

export function expertLinearInt8({ inputs, outputs, text }: KernelCall): void {
  const [x, weight, ids, scale, bias] = inputs as [View, View, View, View, View?];
  product(x, weight, ids, outputs[0]!, text("activation") === "bf16", scale, bias);
}

function product(x: View, weight: View, ids: View, y: View, roundX: boolean, scale?: View, bias?: View): void {
  const [, outputSize, inputSize] = weight.shape as [number, number, number];
  const isBf16 = weight.tensor.dtype === "bf16";
  const rowsOfX = y.shape[0]! / x.shape[0]!;
  const row = new Float64Array(inputSize);
  for (let r = 0; r < y.shape[0]!; r++) {
    const expert = ids.data[ids.offset + r]!;
    const from = rowStart(x, Math.floor(r / rowsOfX));
    for (let k = 0; k < inputSize; k++) row[k] = roundX ? roundToBf16(x.data[from + k]!) : x.data[from + k]!;
    const to = rowStart(y, r);
    for (let n = 0; n < outputSize; n++) {
      const start = weight.offset + (expert * outputSize + n) * inputSize;
      let sum = 0;
      for (let k = 0; k < inputSize; k++)
        sum += row[k]! * (isBf16 ? fromBf16(weight.data[start + k]!) : weight.data[start + k]!);
      const factor = scale ? scale.data[scale.offset + expert * outputSize + n]! : 1;
      y.data[to + n] = sum * factor + (bias ? bias.data[bias.offset + expert * outputSize + n]! : 0);
    }
  }
}

export function combineExperts({ inputs, outputs }: KernelCall): void {
  const [y, weights] = inputs as [View, View];
  const out = outputs[0]!;
  const topK = weights.shape[1]!;
  for (let t = 0; t < out.shape[0]!; t++)
    for (let k = 0; k < out.shape[1]!; k++) {
      let sum = 0;
      for (let j = 0; j < topK; j++)
        sum += weights.data[rowStart(weights, t) + j]! * y.data[rowStart(y, t * topK + j) + k]!;
      out.data[rowStart(out, t) + k] = sum;
    }
}
