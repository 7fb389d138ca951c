/** Reference of linear and linearInt8: y = x weight^T (* scale) + bias; weights row-major here. */
import { fromBf16, roundToBf16 } from "./bf16.js";
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

export function linear({ inputs, outputs }: KernelCall): void {
  const [x, weight, bias] = inputs as [View, View, View?];
  product(x, weight, outputs[0]!, weight.tensor.dtype === "bf16", undefined, bias);
}

export function linearInt8({ inputs, outputs, text }: KernelCall): void {
  const [x, weight, scale, bias] = inputs as [View, View, View, View?];
  product(x, weight, outputs[0]!, text("activation") === "bf16", scale, bias);
}

function product(x: View, weight: View, y: View, roundX: boolean, scale?: View, bias?: View): void {
  const [numTokens, inputSize] = x.shape as [number, number];
  const outputSize = weight.shape[0]!;
  const rows: Float64Array[] = [];
  for (let t = 0; t < numTokens; t++) {
    const row = Float64Array.from(x.data.subarray(rowStart(x, t), rowStart(x, t) + inputSize) as Float32Array);
    if (roundX) for (let k = 0; k < inputSize; k++) row[k] = roundToBf16(row[k]!);
    rows.push(row);
  }
  const isBf16 = weight.tensor.dtype === "bf16";
  const w = new Float64Array(inputSize);
  for (let n = 0; n < outputSize; n++) {
    const start = rowStart(weight, n);
    for (let k = 0; k < inputSize; k++) w[k] = isBf16 ? fromBf16(weight.data[start + k]!) : weight.data[start + k]!;
    const factor = scale ? scale.data[scale.offset + n]! : 1;
    const offset = bias ? bias.data[bias.offset + n]! : 0;
    for (let t = 0; t < numTokens; t++) {
      const row = rows[t]!;
      let sum = 0;
      for (let k = 0; k < inputSize; k++) sum += row[k]! * w[k]!;
      y.data[rowStart(y, t) + n] = sum * factor + offset;
    }
  }
}
