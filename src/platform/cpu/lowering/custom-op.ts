/** An op from outside: its function of a shared library on all threads, or its reference between two native pieces. */
import type { CustomOp } from "../../custom-op.js";
import type { OpRecord } from "../../platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { UnsupportedError } from "../../../util/errors.js";
import type { FindOp } from "./lower.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
import { hostKernel, place } from "./lowered-op.js";

// Sizes of the arrays in native/cpu/external_op.cpp and quire_op.h.
const maxTensors = 24;
const maxDimensions = 8;
const maxAttributes = 16;
const maxTextBytes = 1024;

/** @throws UnsupportedError when the library cannot be used, or a record is larger than quire_op.h allows */
export function emitCustomOp(record: OpRecord, custom: CustomOp, findOp?: FindOp): LoweredOp[] {
  const tensors = [...record.inputs, ...record.outputs];
  const { cpu, symbol } = custom.native;
  if (cpu === undefined || findOp === undefined)
    return [{ kernel: hostKernel, args: tensors.map(place), records: [record] }];
  const texts = Object.entries(record.attributes).map(([name, value]) => [name, value] as const);
  const head = [findOp(cpu, symbol), record.inputs.length, record.outputs.length, texts.length];
  const attributes = texts.flatMap(([name, value]) =>
    typeof value === "string" ? [...text(name), 1, ...text(value)] : [...text(name), 0, value],
  );
  const numBytes = texts
    .flat()
    .reduce<number>((sum, value) => sum + 1 + Buffer.byteLength(typeof value === "string" ? value : ""), 0);
  if (
    tensors.length > maxTensors ||
    texts.length > maxAttributes ||
    numBytes > maxTextBytes ||
    tensors.some(({ shape }) => shape.length > maxDimensions)
  )
    throw new UnsupportedError(
      `op ${record.op} in ${record.scope}: native code takes at most ${maxTensors} tensors of ${maxDimensions} dimensions, ` +
        `${maxAttributes} attributes and ${maxTextBytes} bytes of names and texts; leave \`native\` out, or make the op smaller`,
    );
  return [
    { kernel: "externalOp", args: [...head, ...tensors.flatMap(tensorArguments), ...attributes], records: [record] },
  ];
}

function tensorArguments(tensor: Tensor): Argument[] {
  return [place(tensor), Number(tensor.dtype === "i32"), tensor.shape.length, ...tensor.shape, ...tensor.strides];
}

/** Its length in bytes, and the bytes. */
function text(value: string): number[] {
  const bytes = Buffer.from(value);
  return [bytes.length, ...bytes];
}
