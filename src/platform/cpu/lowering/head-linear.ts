/** Lowering of headLinear: its input is packed by heads first. */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { evenColumns, kernelDType } from "../matrix-layout.js";
import type { LoweredOp } from "./lowered-op.js";
import { place, temporary, view, whole } from "./lowered-op.js";

export function emitHeadLinear(record: OpRecord): LoweredOp[] {
  const [x, weight] = record.inputs as [Tensor, Tensor];
  const isBf16 = Number(weight.dtype === "bf16");
  const [numTokens, numHeads, inputSize] = x.shape as [number, number, number];
  const packed = whole(temporary(numTokens * numHeads * evenColumns(inputSize) * 4, "packed heads"));
  const matrix = [place(weight), kernelDType(weight.dtype), weight.size(1), inputSize];
  const args = [packed, isBf16, numTokens, ...matrix, numHeads, place(record.outputs[0]!)];
  return [
    { kernel: "packHeads", args: [...view(x), packed, isBf16], records: [record], helps: true },
    { kernel: "headLinear", args, records: [record] },
  ];
}
