/** Parameters: tensors that live until the model is disposed, in the layout that the platform multiplies fastest. */
import type { DType } from "./dtype.js";
import type { Shape } from "./shape.js";
import type { Storage } from "./tensor.js";
import { Tensor } from "./tensor.js";
/**
 * How a parameter's bytes are ordered. `rowMajor` is the plain order; `matrix` is the platform's own order for the
 * right-hand side of a linear layer and for gathered embedding rows (panels on the CPU). Only the platform reads it.
 */
export type ParameterLayout = "rowMajor" | "matrix";
/**
 * A parameter of shape [rows, columns] or, one matrix after the other, [count, rows, columns] (matrix), or of any shape (rowMajor);
 * `storage.address` is set at load.
 */
export declare class Parameter extends Tensor {
    readonly name: string;
    readonly layout: ParameterLayout;
    constructor(name: string, storage: Storage, shape: Shape, dtype: DType, layout: ParameterLayout);
}
