/** compressed-tensors' int-quantized: int8 weights [outputs, inputs] with a scale for the matrix, each output, or each group. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { UnsupportedError } from "../util/errors.js";
import type { ActivationRule } from "./activation-rule.js";
import type { QuantizedTensor, ReadTensor, RowReader } from "./checkpoint-scheme.js";
import type { WeightArgs } from "./compressed-tensors.js";
import type { ModuleTensors } from "./module-tensors.js";
import { scalesOf } from "./stored-values.js";

const floats = ["f32", "bf16", "f16"] as const;

/** @param activation "static": by the module's `input_scale` and, where it has one, `input_zero_point` */
export function findInt8(
  module: ModuleTensors,
  { groupSize, block, symmetric }: WeightArgs,
  activation: ActivationRule | "static" | undefined,
  read: ReadTensor,
): QuantizedTensor | undefined {
  if (block) throw new UnsupportedError(`${module.module}: int8 weights in blocks are not read`);
  const weight = module.need("weight", ["i8"]);
  if (!weight) return undefined;
  const [outputs, inputs] = weight.shape as [number, number];
  if (weight.shape.length !== 2) return module.complain("weight must be [outputs, inputs]");
  const size = groupSize ?? inputs;
  if (inputs % size !== 0) return module.complain(`group_size ${size} does not divide its ${inputs} inputs`);
  const shapes = groupSize === undefined ? [[outputs, 1], [outputs], [1], []] : [[outputs, inputs / size]];
  const scale = module.need("weight_scale", floats, shapes);
  const zero = symmetric ? undefined : module.need("weight_zero_point", ["i8"], scale?.shape);
  const inputScale = activation === "static" ? module.need("input_scale", floats, [[], [1]]) : undefined;
  const inputZero = activation === "static" ? module.find("input_zero_point") : undefined;
  if (inputZero && !module.check(inputZero, ["i8", "i32"], [[], [1]])) return undefined;
  if (!scale || (!symmetric && !zero) || (activation === "static" && !inputScale)) return undefined;
  const parts = [weight, scale, zero, inputScale, inputZero].filter((one) => one !== undefined);
  return {
    name: weight.name,
    shape: weight.shape,
    parts,
    open: (again) => openInt8(weight, scale, zero, size, again),
    activation: inputScale ? staticRule(inputScale, inputZero, read) : (activation as ActivationRule | undefined),
  };
}

function staticRule(scale: TensorInfo, zero: TensorInfo | undefined, read: ReadTensor): ActivationRule {
  const zeroPoint = zero ? (read(zero)[0]! << 24) >> 24 : 0;
  return { type: "int8", per: "tensor", scale: scalesOf(scale, read)[0]!, zeroPoint };
}

function openInt8(
  weight: TensorInfo,
  scale: TensorInfo,
  zero: TensorInfo | undefined,
  groupSize: number,
  read: ReadTensor,
): RowReader {
  const inputs = weight.shape[1]!;
  const signed = (tensor: TensorInfo): Int8Array => {
    const bytes = read(tensor);
    return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const codes = signed(weight);
  const scales = scalesOf(scale, read);
  const zeros = zero && signed(zero);
  const groups = scales.length === 1 ? 0 : inputs / groupSize;
  return {
    read(start, count, out) {
      for (let r = 0; r < count; r++)
        for (let i = 0; i < inputs; i++) {
          const at = (start + r) * groups + (groups === 0 ? 0 : Math.floor(i / groupSize));
          out[r * inputs + i] = (codes[(start + r) * inputs + i]! - (zeros?.[at] ?? 0)) * scales[at]!;
        }
    },
  };
}
