/** Tensors whose elements do not lie one after the other: read as one span of the file and put in order. */
import type { Shape } from "../tensor/shape.js";
import type { RandomAccessFile } from "./random-access-file.js";
import type { SliceReader } from "./stored-checkpoint.js";
/** Where the elements lie, in elements of `elementBytes` bytes from `position` of the file on. */
export interface StridedPlace {
    position: number;
    shape: Shape;
    /** As long as the shape, none negative. */
    strides: readonly number[];
    elementBytes: number;
}
/** Holds the last tensor put in order, so that reading it slice by slice gathers it once, and memory holds only one. */
export declare class StridedCache {
    place: StridedPlace | undefined;
    bytes: Uint8Array;
}
/** True if elements lie in row-major order without gaps; strides of sizes 0 and 1 do not matter. */
export declare function isContiguous(shape: Shape, strides: readonly number[]): boolean;
/** Elements from the first to the last that the tensor touches, both included; 0 for an empty tensor. */
export declare function spanOf(shape: Shape, strides: readonly number[]): number;
/** Reads slices of the dense tensor. The whole tensor is gathered on the first read: bound its size before. */
export declare function stridedSlice(file: RandomAccessFile, place: StridedPlace, cache: StridedCache): SliceReader;
