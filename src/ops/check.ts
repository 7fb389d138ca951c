/** Shape checks that ops share. Messages name the op, the tensor, what was expected and what came. */
import type { DType } from "../tensor/dtype.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { ShapeError } from "../util/errors.js";

/** @throws ShapeError unless `tensor` has exactly `rank` dimensions */
export function checkRank(op: string, name: string, tensor: Tensor, rank: number): void {
  if (tensor.shape.length !== rank)
    throw new ShapeError(`${op}: ${name} needs ${rank} dimensions, got ${formatShape(tensor.shape)} (${tensor})`);
}

/** @throws ShapeError unless dimension `i` of `tensor` is `size` */
export function checkSize(op: string, name: string, tensor: Tensor, i: number, size: number): void {
  if (tensor.size(i) !== size)
    throw new ShapeError(
      `${op}: dimension ${i} of ${name} must be ${size}, got ${formatShape(tensor.shape)} (${tensor})`,
    );
}

/** @throws ShapeError unless both have the same shape */
export function checkSameShape(op: string, aName: string, a: Tensor, bName: string, b: Tensor): void {
  if (!sameShape(a.shape, b.shape))
    throw new ShapeError(
      `${op}: ${aName} ${formatShape(a.shape)} and ${bName} ${formatShape(b.shape)} must have one shape`,
    );
}

/** @throws ShapeError unless the dtype is one of `dtypes` */
export function checkDType(op: string, name: string, tensor: Tensor, ...dtypes: DType[]): void {
  if (!dtypes.includes(tensor.dtype))
    throw new ShapeError(`${op}: ${name} must be ${dtypes.join(" or ")}, got ${tensor.dtype} (${tensor})`);
}

/** @throws ShapeError unless elements of each row lie side by side; rows may be apart */
export function checkDenseRows(op: string, name: string, tensor: Tensor): void {
  if (tensor.size(-1) > 1 && tensor.strides[tensor.shape.length - 1] !== 1)
    throw new ShapeError(
      `${op}: the last dimension of ${name} must be dense, strides are ${formatShape(tensor.strides)}`,
    );
}
