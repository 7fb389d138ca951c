/** Shape checks that ops share. Messages name the op, the tensor, what was expected and what came. */
import type { DType } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";
/** @throws ShapeError unless `tensor` has exactly `rank` dimensions */
export declare function checkRank(op: string, name: string, tensor: Tensor, rank: number): void;
/** @throws ShapeError unless dimension `i` of `tensor` is `size` */
export declare function checkSize(op: string, name: string, tensor: Tensor, i: number, size: number): void;
/** @throws ShapeError unless both have the same shape */
export declare function checkSameShape(op: string, aName: string, a: Tensor, bName: string, b: Tensor): void;
/** @throws ShapeError unless the dtype is one of `dtypes` */
export declare function checkDType(op: string, name: string, tensor: Tensor, ...dtypes: DType[]): void;
/** @throws ShapeError unless elements of each row lie side by side; rows may be apart */
export declare function checkDenseRows(op: string, name: string, tensor: Tensor): void;
