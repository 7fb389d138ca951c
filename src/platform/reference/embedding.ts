/** Reference of embedding: out[i] = weight[ids[i] - rowStart], zeros for rows that are not there. */
import { fromBf16 } from "./bf16.js";
import type { KernelCall, View } from "./memory.js";
import { rowStart } from "./memory.js";

export function embedding({ inputs, outputs, number }: KernelCall): void {
  const [ids, weight] = inputs as [View, View];
  const out = outputs[0]!;
  const [numRows, hiddenSize] = weight.shape as [number, number];
  const isBf16 = weight.tensor.dtype === "bf16";
  for (let i = 0; i < ids.shape[0]!; i++) {
    const row = ids.data[ids.offset + i]! - number("rowStart");
    const target = rowStart(out, i);
    for (let k = 0; k < hiddenSize; k++) {
      const value = row >= 0 && row < numRows ? weight.data[rowStart(weight, row) + k]! : 0;
      out.data[target + k] = isBf16 ? fromBf16(value) : value;
    }
  }
}
