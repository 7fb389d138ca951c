/** Reads the attributes of records as the numbers that kernels take. */
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Argument } from "./lowered-op.js";
import { place } from "./lowered-op.js";

/** Order as in activationFunctions (src/ops/activation.ts), which this floor may not import; a test holds them equal. */
export const activationNumbers = [
  "relu",
  "gelu",
  "gelu_pytorch_tanh",
  "silu",
  "quick_gelu",
  "relu2",
  "tanh",
  "sigmoid",
];

/** cache, blockBytes, blockSize, isBf16 */
export function cacheArguments(record: OpRecord, cache: Tensor): Argument[] {
  const isBf16 = Number(record.attributes["cacheDtype"] === "bf16");
  return [place(cache), cache.size(1), number(record, "blockSize"), isBf16];
}

export function number(record: OpRecord, name: string): number {
  return Number(record.attributes[name]);
}

export function activationNumber(record: OpRecord): number {
  return activationNumbers.indexOf(String(record.attributes["kind"]));
}
