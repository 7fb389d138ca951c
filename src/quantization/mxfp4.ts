/** MXFP4: e2m1 numbers in blocks of 32 with a power of two, in gpt-oss's experts. Source: OCP Microscaling Formats 1.0; HF integrations/mxfp4.py. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import { CheckpointError } from "../util/errors.js";
import type { CheckpointScheme, QuantizedTensor, ReadTensor, RowReader } from "./checkpoint-scheme.js";
import { ModuleTensors, SchemeProblems } from "./module-tensors.js";

/** e2m1: sign, two bits of exponent, one of mantissa. */
const values = Float32Array.of(0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6);
const blockSize = 32;
const blocksEnd = "_blocks";

export function mxfp4(): CheckpointScheme {
  return {
    name: "mxfp4",
    find(tensors) {
      const problems = new SchemeProblems("mxfp4");
      const found = [...tensors.values()]
        .filter(({ name }) => name.endsWith(blocksEnd))
        .map((blocks) => findStack(blocks, tensors, problems));
      problems.throwIfAny();
      return found.filter((one) => one !== undefined);
    },
  };
}

/** `gate_up_proj_blocks` and `gate_up_proj_scales` are `gate_up_proj` [experts, inputs, outputs]. */
function findStack(
  blocks: TensorInfo,
  tensors: ReadonlyMap<string, TensorInfo>,
  problems: SchemeProblems,
): QuantizedTensor | undefined {
  const name = blocks.name.slice(0, -blocksEnd.length);
  const dot = name.lastIndexOf(".");
  const module = new ModuleTensors(name.slice(0, dot), tensors, problems);
  const [experts, outputs, groups, bytes] = blocks.shape as [number, number, number, number];
  if (!module.check(blocks, ["u8"])) return undefined;
  if (blocks.shape.length !== 4 || bytes !== blockSize / 2)
    return module.complain(`${blocks.name} must be [experts, outputs, inputs / 32, 16]`);
  const scales = module.need(`${name.slice(dot + 1)}_scales`, ["u8"], [experts, outputs, groups]);
  if (!scales) return undefined;
  const inputs = groups * blockSize;
  return {
    name,
    shape: [experts, inputs, outputs],
    parts: [blocks, scales],
    rowsTogether: inputs,
    open: (read) => openStack(blocks, scales, inputs, outputs, read),
  };
}

function openStack(
  blocks: TensorInfo,
  scales: TensorInfo,
  inputs: number,
  outputs: number,
  read: ReadTensor,
): RowReader {
  const pairs = read(blocks);
  const exponents = read(scales);
  if (exponents.includes(255))
    throw new CheckpointError(`${scales.file}: "${scales.name}" holds 255, which is NaN in e8m0`);
  const groups = inputs / blockSize;
  return {
    read(start, count, out) {
      for (let r = 0; r < count; r++) {
        const expert = Math.floor((start + r) / inputs);
        const input = (start + r) % inputs;
        const group = Math.floor(input / blockSize);
        const shift = (input & 1) * 4;
        for (let output = 0; output < outputs; output++) {
          const block = (expert * outputs + output) * groups + group;
          const pair = pairs[block * (blockSize / 2) + ((input % blockSize) >> 1)]!;
          out[r * outputs + output] = values[(pair >> shift) & 15]! * 2 ** (exponents[block]! - 127);
        }
      }
    },
  };
}
