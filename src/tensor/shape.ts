/** Shapes are plain lists of sizes, outermost first. */
export type Shape = readonly number[];

/** Product of the sizes; 1 for a scalar. */
export function numElements(shape: Shape): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/** Strides in elements of a dense row-major tensor. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** `[3, 64]`, as shown in errors. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
