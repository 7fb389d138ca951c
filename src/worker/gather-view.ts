/** Transposed and permuted views: read in the order of the file, only the part that they span, then brought into their own order. */
import type { SourceView } from "../layers/source.js";

/** Reads `count` elements from `start` of the tensor to element `at` of the staging memory. */
export type ReadElements = (start: number, count: number, at: number) => void;

type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** Elements that lie so far apart are read with those between them: one read, not one for each. */
const nearStride = 4;

/** Dimensions from the outermost in the file to the innermost, and how far elements of the innermost are apart in memory. */
function fileOrder(view: SourceView): { order: number[]; unit: number } {
  const order = view.shape.map((_, d) => d).sort((a, b) => view.strides[b]! - view.strides[a]! || a - b);
  const innermost = order.findLast((d) => view.shape[d]! > 1);
  const stride = innermost === undefined ? 1 : view.strides[innermost]!;
  return { order, unit: stride <= nearStride ? stride : 1 };
}

/** Elements of the staging memory that stageView fills. */
export function stageElements(view: SourceView): number {
  return view.shape.reduce((product, size) => product * size, fileOrder(view).unit);
}

/** The same elements in memory, close together in the order of the file: strides and offset are those of the staging memory. */
export function stageView(view: SourceView, read: ReadElements): SourceView {
  const { order, unit } = fileOrder(view);
  const strides = new Array<number>(order.length);
  let size = unit;
  for (const d of order.toReversed()) {
    strides[d] = size;
    size *= view.shape[d]!;
  }
  // The innermost dimensions that lie together in the file are one read.
  let run = unit;
  let outer = order.length;
  while (outer > 0 && (view.shape[order[outer - 1]!] === 1 || view.strides[order[outer - 1]!] === run))
    run *= view.shape[order[--outer]!]!;
  const walk = (i: number, start: number, at: number): void => {
    // Nothing follows the last element that is wanted.
    if (i === outer) return read(start, run - (unit - 1), at);
    const d = order[i]!;
    for (let n = 0; n < view.shape[d]!; n++) walk(i + 1, start + n * view.strides[d]!, at + n * strides[d]!);
  };
  walk(0, view.offset, 0);
  return { shape: view.shape, strides, offset: 0 };
}

/** Rows [row, row + count) of a view over `from` to `to`, dense, in the view's order. */
export function gatherRows(view: SourceView, from: Uint8Array, row: number, count: number, to: Uint8Array): void {
  const { shape, strides } = view;
  const last = shape.length - 1;
  const bytes = to.byteLength / (count * shape.slice(1).reduce((product, size) => product * size, 1));
  const source = wordsOf(from, bytes);
  const target = wordsOf(to, bytes);
  let at = 0;
  const walk = (d: number, start: number, index: number, end: number): void => {
    const stride = strides[d]!;
    if (d < last) for (let i = index; i < end; i++) walk(d + 1, start + i * stride, 0, shape[d + 1]!);
    else for (let i = index; i < end; i++) target[at++] = source[start + i * stride]!;
  };
  walk(0, view.offset, row, row + count);
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array, bytes: number): Words {
  const Array = ({ 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const)[bytes] ?? Uint8Array;
  return new Array(buffer as ArrayBuffer, byteOffset, byteLength / Array.BYTES_PER_ELEMENT);
}
