/** Ops from outside, as platforms see them: a reference that runs anywhere, and native code where there is some. */
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
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
    readonly cost?: (inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: OpAttributes) => {
        readonly bytesRead?: number;
        readonly bytesWritten?: number;
        readonly flops?: number;
    };
}
/** Elements from the first to the last that a tensor has in its storage. */
export declare function spanOf({ shape, strides }: {
    readonly shape: Shape;
    readonly strides: readonly number[];
}): number;
/** A dense copy of a view's elements; `data` begins with the first of them. */
export declare function denseCopy<T extends Float32Array | Int32Array>(data: T, { shape, strides }: {
    readonly shape: Shape;
    readonly strides: readonly number[];
}): T;
/**
 * Computes a record by its reference.
 * @param read  a dense copy of a tensor's values
 * @param write puts dense values into an output
 */
export declare function runCustomOp({ op, inputs, outputs, attributes, custom }: OpRecord, read: (tensor: Tensor) => Float32Array | Int32Array, write: (tensor: Tensor, data: Float32Array | Int32Array) => void): void;
