/** The form between recorded ops and native records: kernels with arguments that still name buffers. */
import type { CompiledOp } from "../../platform.js";
import { dtypeBytes } from "../../../tensor/dtype.js";
import { ShapeError } from "../../../util/errors.js";
import { formatShape } from "../../../tensor/shape.js";
import type { Storage, Tensor } from "../../../tensor/tensor.js";
import { createStorage } from "../../../tensor/tensor.js";
import type { KernelName } from "../opcodes.js";

/** An address inside a storage; whether it is absolute is known once memory is planned. */
export interface Place {
  readonly storage: Storage;
  readonly byteOffset: number;
}

/** A number as it is, a place, or 0 for an optional address that is absent. */
export type Argument = number | Place;

/** What runs as TypeScript between native pieces: its arguments are the places that it reads and writes. */
export const hostKernel = "host";

export interface LoweredOp extends CompiledOp {
  readonly kernel: KernelName | typeof hostKernel;
  readonly args: readonly Argument[];
}

export function place(tensor: Tensor): Place {
  return { storage: tensor.storage, byteOffset: tensor.offset * dtypeBytes[tensor.dtype] };
}

export function optionalPlace(tensor: Tensor | undefined): Argument {
  return tensor ? place(tensor) : 0;
}

/** Whether a tensor is all of another, in the same order. */
export function isAllOf(tensor: Tensor, all: Tensor): boolean {
  const sameShape = String(tensor.shape) === String(all.shape) && tensor.offset === all.offset;
  return tensor.storage === all.storage && sameShape && tensor.isDense;
}

/** The start of a storage. */
export function whole(storage: Storage): Place {
  return { storage, byteOffset: 0 };
}

/** Working memory of the program. */
export function temporary(bytes: number, label: string): Storage {
  return createStorage("step", bytes, label);
}

/**
 * Six numbers: address, n0, stride0, n1, stride1, n2 (native/cpu/kernel.h, View).
 * @throws ShapeError for more than three dimensions or a last one with gaps
 */
export function view(tensor: Tensor): Argument[] {
  const { shape, strides } = tensor;
  const rank = shape.length;
  if (rank < 1 || rank > 3 || (shape[rank - 1]! > 1 && strides[rank - 1] !== 1))
    throw new ShapeError(
      `CPU platform: ${tensor} with strides ${formatShape(strides)} is not one to three dimensions with dense rows`,
    );
  const last = shape[rank - 1]!;
  if (rank === 1) return [place(tensor), 1, last, 1, 0, last];
  if (rank === 2) return [place(tensor), shape[0]!, strides[0]!, 1, 0, last];
  return [place(tensor), shape[0]!, strides[0]!, shape[1]!, strides[1]!, last];
}
