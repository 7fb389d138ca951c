/** compressed-tensors' pack-quantized: whole numbers packed along the inputs, low bits first, stored with half their range added. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { CheckpointError } from "../util/errors.js";
import type { QuantizedTensor, ReadTensor, RowReader } from "./checkpoint-scheme.js";
import type { WeightArgs } from "./compressed-tensors.js";
import type { ModuleTensors } from "./module-tensors.js";
import { scalesOf, wordsOf } from "./stored-values.js";

interface Parts {
  readonly packed: TensorInfo;
  readonly scale: TensorInfo;
  /** Packed along the outputs. */
  readonly zero: TensorInfo | undefined;
  readonly groupIndex: TensorInfo | undefined;
}

/** `weight_packed` [outputs, inputs / (32 / bits)], `weight_scale` [outputs, groups], maybe `weight_zero_point` and `weight_g_idx`. */
export function findPacked(
  module: ModuleTensors,
  { bits, groupSize, symmetric }: WeightArgs,
): QuantizedTensor | undefined {
  const perWord = 32 / bits;
  const packed = module.need("weight_packed", ["i32"]);
  const scale = module.need("weight_scale", ["f32", "f16", "bf16"]);
  if (!packed || !scale) return undefined;
  if (packed.shape.length !== 2) return module.complain(`weight_packed must be [outputs, inputs / ${perWord}]`);
  const [outputs, words] = packed.shape as [number, number];
  // Without `weight_shape` rows are whole words; with it the last word may hold padding.
  const groups = scale.shape.length === 2 ? scale.shape[1]! : 1;
  const inputs = words * perWord;
  const size = groupSize ?? inputs;
  if (inputs % size !== 0) return module.complain(`group_size ${size} does not divide its ${inputs} inputs`);
  const shapes = groupSize === undefined ? [[outputs, 1], [outputs], [1]] : [[outputs, inputs / size]];
  if (!module.check(scale, ["f32", "f16", "bf16"], shapes)) return undefined;
  const zero = symmetric
    ? undefined
    : module.need("weight_zero_point", ["i32"], [Math.ceil(outputs / perWord), groups]);
  if (!symmetric && !zero) return undefined;
  const groupIndex = module.find("weight_g_idx");
  if (groupIndex && !module.check(groupIndex, ["i32"], [inputs])) return undefined;
  const parts: Parts = { packed, scale, zero, groupIndex };
  return {
    name: `${module.module}.weight`,
    shape: [outputs, inputs],
    parts: Object.values(parts).filter((one): one is TensorInfo => one !== undefined),
    open: (read) => openPacked(parts, bits, outputs, inputs, size, read),
  };
}

function openPacked(
  parts: Parts,
  bits: number,
  outputs: number,
  inputs: number,
  groupSize: number,
  read: ReadTensor,
): RowReader {
  const perWord = 32 / bits;
  const mask = 2 ** bits - 1;
  const words = wordsOf(parts.packed, read);
  const scales = scalesOf(parts.scale, read);
  const zeroWords = parts.zero && wordsOf(parts.zero, read);
  const groups = inputs / groupSize;
  const groupOf = groupsOf(parts.groupIndex, inputs, groupSize, read);
  const scaleRow = scales.length === 1 ? 0 : groups;
  const half = 2 ** (bits - 1);
  const zeroAt = (output: number, group: number): number => {
    if (!zeroWords) return half;
    const word = zeroWords[Math.floor(output / perWord) * groups + group]!;
    return (word >>> (bits * (output % perWord))) & mask;
  };
  return {
    read(start, count, out) {
      for (let r = 0; r < count; r++) {
        const output = start + r;
        const zeros = Array.from({ length: groups }, (_, group) => zeroAt(output, group));
        const from = (output * inputs) / perWord;
        for (let i = 0; i < inputs; i++) {
          const code = (words[from + Math.floor(i / perWord)]! >>> (bits * (i % perWord))) & mask;
          const group = groupOf[i]!;
          out[r * inputs + i] = (code - zeros[group]!) * scales[output * scaleRow + group]!;
        }
      }
    },
  };
}

function groupsOf(tensor: TensorInfo | undefined, inputs: number, groupSize: number, read: ReadTensor): Uint32Array {
  const inOrder = Uint32Array.from({ length: inputs }, (_, i) => Math.floor(i / groupSize));
  if (tensor === undefined) return inOrder;
  const groups = wordsOf(tensor, read);
  const wrong = groups.findIndex((group) => group >= inputs / groupSize);
  if (wrong < 0) return groups;
  throw new CheckpointError(
    `${tensor.file}: "${tensor.name}" names group ${groups[wrong]} for input ${wrong}; there are ${inputs / groupSize}`,
  );
}
