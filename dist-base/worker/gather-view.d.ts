/** Transposed and permuted views: read in the order of the file, only the part that they span, then brought into their own order. */
import type { SourceView } from "../layers/source.js";
/** Reads `count` elements from `start` of the tensor to element `at` of the staging memory. */
export type ReadElements = (start: number, count: number, at: number) => void;
/** Elements of the staging memory that stageView fills. */
export declare function stageElements(view: SourceView): number;
/** The same elements in memory, close together in the order of the file: strides and offset are those of the staging memory. */
export declare function stageView(view: SourceView, read: ReadElements): SourceView;
/** Rows [row, row + count) of a view over `from` to `to`, dense, in the view's order. */
export declare function gatherRows(view: SourceView, from: Uint8Array, row: number, count: number, to: Uint8Array): void;
