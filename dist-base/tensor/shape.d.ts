/** Shapes are plain lists of sizes, outermost first. */
export type Shape = readonly number[];
/** Product of the sizes; 1 for a scalar. */
export declare function numElements(shape: Shape): number;
/** Strides in elements of a dense row-major tensor. */
export declare function rowMajorStrides(shape: Shape): number[];
export declare function sameShape(a: Shape, b: Shape): boolean;
/** `[3, 64]`, as shown in errors. */
export declare function formatShape(shape: Shape): string;
