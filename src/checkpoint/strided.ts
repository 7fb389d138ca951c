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
export class StridedCache {
  place: StridedPlace | undefined;
  bytes: Uint8Array = new Uint8Array(0);
}

/** True if elements lie in row-major order without gaps; strides of sizes 0 and 1 do not matter. */
export function isContiguous(shape: Shape, strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false;
    expected *= shape[i]!;
  }
  return true;
}

/** Elements from the first to the last that the tensor touches, both included; 0 for an empty tensor. */
export function spanOf(shape: Shape, strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  let last = 0;
  for (const [i, size] of shape.entries()) last += (size - 1) * strides[i]!;
  return last + 1;
}

/** Reads slices of the dense tensor. The whole tensor is gathered on the first read: bound its size before. */
export function stridedSlice(file: RandomAccessFile, place: StridedPlace, cache: StridedCache): SliceReader {
  return (offset, length, target, targetOffset) => {
    if (cache.place !== place) {
      cache.bytes = gatherFile(file, place);
      cache.place = place;
    }
    target.set(cache.bytes.subarray(offset, offset + length), targetOffset);
  };
}

function gatherFile(file: RandomAccessFile, { position, shape, strides, elementBytes }: StridedPlace): Uint8Array {
  const span = file.readBytes(position, spanOf(shape, strides) * elementBytes);
  const dense = new Uint8Array(shape.reduce((count, size) => count * size, elementBytes));
  const [from, to] = [span, dense].map((bytes) => elementsOf(bytes, elementBytes)) as [AnyElements, AnyElements];
  gather(from, to, shape, strides);
  return dense;
}

/** Elements that are only moved; 8 bytes of a double may not pass through a number, 4 of an integer may. */
type AnyElements = Record<number, number | bigint>;

function elementsOf(bytes: Uint8Array, elementBytes: number): AnyElements {
  const buffer = bytes.buffer as ArrayBuffer;
  if (elementBytes === 8) return new BigUint64Array(buffer);
  if (elementBytes === 4) return new Uint32Array(buffer);
  return elementBytes === 2 ? new Uint16Array(buffer) : bytes;
}

/** Copies element by element in row-major order. */
function gather(source: AnyElements, target: AnyElements, shape: Shape, strides: readonly number[]): void {
  const inner = shape.length - 1;
  const innerSize = shape[inner]!;
  const innerStride = strides[inner]!;
  const index = shape.map(() => 0);
  let to = 0;
  for (let base = 0; ;) {
    for (let i = 0, from = base; i < innerSize; i++, from += innerStride) target[to++] = source[from]!;
    let axis = inner - 1;
    for (; axis >= 0; axis--) {
      base += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      base -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
