/**
 * Where a parameter's values come from: a tensor of the checkpoint, seen through index steps. Steps only move elements;
 * together they are one strided view, so the reader can fetch exactly this rank's part, and check shapes before reading.
 */
import type { Shape } from "../tensor/shape.js";
/** A view of a dense tensor: element (i, j, …) lies at offset + i * strides[0] + j * strides[1] + … */
export interface SourceView {
    readonly shape: Shape;
    readonly strides: readonly number[];
    readonly offset: number;
}
type SourceStep = (view: SourceView) => SourceView;
/** A checkpoint name, the shape that the tensor must have there, and steps. Immutable: every step returns a new source. */
export declare class Source {
    readonly name: string;
    /** Shape of the whole tensor in the checkpoint, before any step. */
    readonly shape: Shape;
    private readonly steps;
    constructor(name: string, shape: Shape, steps?: readonly SourceStep[]);
    /** Rows [start, start + count) of the first dimension. */
    rows(start: number, count: number): Source;
    /** Columns [start, start + count) of the last dimension. */
    columns(start: number, count: number): Source;
    /** Part of one dimension; negative dimensions count from the end. */
    slice(dimension: number, start: number, count: number): Source;
    /** Another shape with the same elements in the same order. */
    reshape(...shape: number[]): Source;
    /** Dimensions in another order: permute(1, 0) transposes. */
    permute(...order: number[]): Source;
    /** Swaps the last two dimensions: for checkpoints that store [inputs, outputs]. */
    transpose(): Source;
    /**
     * What the steps make of the tensor.
     * @throws ShapeError if a step does not fit the shape
     */
    view(): SourceView;
    private with;
}
export {};
