import type { DType } from "./dtype.js";
import type { Shape } from "./shape.js";
/**
 * Where values live. A `step` storage belongs to one program and gets its place when the program is planned;
 * an `external` storage has an address for good: parameters, step inputs, KV cache.
 */
export interface Storage {
    readonly kind: "step" | "external";
    /** Unique in the process; for maps and messages. */
    readonly id: number;
    readonly bytes: number;
    /** Platform address of the first byte. Set for external storages; for step storages only by an output binding. */
    address: number | undefined;
    /** What it is, for messages: a parameter's name, an input's name, or the op that made it. */
    readonly label: string;
}
/** The program that a step tensor belongs to, as far as this floor needs to know it. */
export interface TensorOwner {
    readonly label: string;
}
export declare function createStorage(kind: Storage["kind"], bytes: number, label: string, address?: number): Storage;
/**
 * `shape` and `strides` count elements; `offset` is in elements from the storage's start. `owner` is the program,
 * or undefined for parameters and other external values that any program may read.
 */
export declare class Tensor {
    readonly storage: Storage;
    readonly shape: Shape;
    readonly strides: readonly number[];
    readonly offset: number;
    readonly dtype: DType;
    readonly owner: TensorOwner | undefined;
    constructor(storage: Storage, shape: Shape, dtype: DType, owner?: TensorOwner, strides?: readonly number[], offset?: number);
    get numElements(): number;
    get bytes(): number;
    /** Size of dimension `i`; negative counts from the end. Throws ShapeError when there is no such dimension. */
    size(i: number): number;
    /** True when elements lie in row-major order without gaps. */
    get isDense(): boolean;
    /**
     * Columns [start, start + count) of the last dimension, as a view of the same storage.
     * @throws ShapeError if they are not all inside
     */
    columns(start: number, count: number): Tensor;
    /**
     * Splits the last dimension into `sizes` (their product must be its size), as a view: [n, 128] -> [n, 2, 64].
     * @throws ShapeError if the sizes do not multiply to the last dimension
     */
    splitLast(...sizes: number[]): Tensor;
    /**
     * All but the first dimension as one, as a view: [n, 2, 64] -> [n, 128].
     * @throws ShapeError if the inner dimensions are not dense
     */
    flattenInner(): Tensor;
    toString(): string;
}
