/** Ops from outside, as platforms see them: a reference that runs anywhere, and native code where there is some. */
import type { Shape } from "../tensor/shape.js";
import { numElements, rowMajorStrides } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";
import type { OpRecord } from "./platform.js";

/** Values of one tensor of an op from outside: dense, row-major. */
export interface OpArray {
  readonly shape: Shape;
  readonly data: Float32Array | Int32Array;
}

export type OpAttributes = Readonly<Record<string, number | string>>;

/** One record with its values. */
export interface OpCall<I = readonly OpArray[], A = OpAttributes, O = readonly OpArray[]> {
  /** Copies; writing to them has no effect. */
  readonly inputs: I;
  /** Zeros, to be filled. */
  readonly outputs: O;
  readonly attributes: A;
}

/** What a record of an op from outside carries. */
export interface CustomOp {
  /** Computes the op in TypeScript. */
  readonly reference: (call: OpCall) => void;
  /** Code for a platform, as paths of files. */
  readonly native: {
    /** A shared library with the function `symbol` of native/include/quire_op.h. */
    readonly cpu?: string | undefined;
    readonly symbol: string;
    /** CUDA source; kept for platforms that compile it. */
    readonly cuda?: string | undefined;
  };
  /** Bytes moved and operations, for measurements; undefined: its tensors once, and one operation an element. */
  readonly cost?: (
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attributes: OpAttributes,
  ) => { readonly bytesRead?: number; readonly bytesWritten?: number; readonly flops?: number };
}

/** Elements from the first to the last that a tensor has in its storage. */
export function spanOf({ shape, strides }: { readonly shape: Shape; readonly strides: readonly number[] }): number {
  if (numElements(shape) === 0) return 0;
  return shape.reduce((span, size, i) => span + (size - 1) * strides[i]!, 1);
}

/** A dense copy of a view's elements; `data` begins with the first of them. */
export function denseCopy<T extends Float32Array | Int32Array>(
  data: T,
  { shape, strides }: { readonly shape: Shape; readonly strides: readonly number[] },
): T {
  const dense = rowMajorStrides(shape);
  if (strides.every((stride, i) => shape[i] === 1 || stride === dense[i]))
    return data.slice(0, numElements(shape)) as T;
  const out = new (data.constructor as new (length: number) => T)(numElements(shape));
  const last = shape.length - 1;
  const rowSize = shape[last] ?? 1;
  for (let row = 0; row * rowSize < out.length; row++) {
    let from = 0;
    for (let i = last - 1, rest = row; i >= 0; i--) {
      from += (rest % shape[i]!) * strides[i]!;
      rest = Math.floor(rest / shape[i]!);
    }
    for (let k = 0; k < rowSize; k++) out[row * rowSize + k] = data[from + k * strides[last]!]!;
  }
  return out;
}

/**
 * Computes a record by its reference.
 * @param read  a dense copy of a tensor's values
 * @param write puts dense values into an output
 */
export function runCustomOp(
  { op, inputs, outputs, attributes, custom }: OpRecord,
  read: (tensor: Tensor) => Float32Array | Int32Array,
  write: (tensor: Tensor, data: Float32Array | Int32Array) => void,
): void {
  const made = outputs.map(({ shape, dtype }) => {
    const length = numElements(shape);
    return { shape, data: dtype === "i32" ? new Int32Array(length) : new Float32Array(length) };
  });
  custom!.reference({
    inputs: inputs.map((tensor) => ({ shape: tensor.shape, data: read(tensor) })),
    outputs: made,
    attributes,
  });
  made.forEach(({ data }, i) => {
    if (data.length !== numElements(outputs[i]!.shape))
      throw new ShapeError(`${op}: output ${i} was replaced; fill the array that is there`);
    write(outputs[i]!, data);
  });
}
