/**
 * Where a parameter's values come from: a tensor of the checkpoint, seen through index steps. Steps only move elements;
 * together they are one strided view, so the reader can fetch exactly this rank's part, and check shapes before reading.
 */
import type { Shape } from "../tensor/shape.js";
import { formatShape, numElements, rowMajorStrides } from "../tensor/shape.js";
import { ShapeError } from "../util/errors.js";

/** A view of a dense tensor: element (i, j, …) lies at offset + i * strides[0] + j * strides[1] + … */
export interface SourceView {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

type SourceStep = (view: SourceView) => SourceView;

/** A checkpoint name, the shape that the tensor must have there, and steps. Immutable: every step returns a new source. */
export class Source {
  readonly name: string;
  /** Shape of the whole tensor in the checkpoint, before any step. */
  readonly shape: Shape;
  private readonly steps: readonly SourceStep[];

  constructor(name: string, shape: Shape, steps: readonly SourceStep[] = []) {
    this.name = name;
    this.shape = shape;
    this.steps = steps;
  }

  /** Rows [start, start + count) of the first dimension. */
  rows(start: number, count: number): Source {
    return this.slice(0, start, count);
  }

  /** Columns [start, start + count) of the last dimension. */
  columns(start: number, count: number): Source {
    return this.slice(-1, start, count);
  }

  /** Part of one dimension; negative dimensions count from the end. */
  slice(dimension: number, start: number, count: number): Source {
    return this.with((view) => {
      const d = dimension < 0 ? view.shape.length + dimension : dimension;
      const size = view.shape[d];
      if (size === undefined || start < 0 || start + count > size)
        throw new ShapeError(
          `slice ${start}..${start + count} of dimension ${dimension} of ${formatShape(view.shape)}`,
        );
      return {
        shape: view.shape.map((n, i) => (i === d ? count : n)),
        strides: view.strides,
        offset: view.offset + start * view.strides[d]!,
      };
    });
  }

  /** Another shape with the same elements in the same order. */
  reshape(...shape: number[]): Source {
    return this.with((view) => reshapeView(view, shape));
  }

  /** Dimensions in another order: permute(1, 0) transposes. */
  permute(...order: number[]): Source {
    return this.with((view) => ({
      shape: order.map((d) => view.shape[d]!),
      strides: order.map((d) => view.strides[d]!),
      offset: view.offset,
    }));
  }

  /** Swaps the last two dimensions: for checkpoints that store [inputs, outputs]. */
  transpose(): Source {
    return this.with(({ shape, strides, offset }) => {
      const swap = <T>(list: readonly T[]): T[] => [
        ...list.slice(0, -2),
        list[list.length - 1]!,
        list[list.length - 2]!,
      ];
      return { shape: swap(shape), strides: swap(strides), offset };
    });
  }

  /**
   * What the steps make of the tensor.
   * @throws ShapeError if a step does not fit the shape
   */
  view(): SourceView {
    const whole = { shape: this.shape, strides: rowMajorStrides(this.shape), offset: 0 };
    return this.steps.reduce<SourceView>((view, step) => step(view), whole);
  }

  private with(step: SourceStep): Source {
    return new Source(this.name, this.shape, [...this.steps, step]);
  }
}

/** Splits and merges dimensions where strides allow it. @throws ShapeError where elements would have to move */
function reshapeView(view: SourceView, shape: readonly number[]): SourceView {
  if (numElements(shape) !== numElements(view.shape))
    throw new ShapeError(`cannot reshape ${formatShape(view.shape)} to ${formatShape(shape)}`);
  const strides: number[] = new Array<number>(shape.length);
  let from = view.shape.length - 1;
  let to = shape.length - 1;
  while (to >= 0) {
    // Take whole old dimensions until they hold whole new ones; merged old ones must be dense among themselves.
    let oldSize = from >= 0 ? view.shape[from]! : 1;
    let stride = from >= 0 ? view.strides[from]! : 1;
    let newSize = shape[to]!;
    let first = to;
    while (oldSize !== newSize) {
      if (oldSize < newSize) {
        from--;
        if (from < 0 || (oldSize > 1 && view.strides[from] !== stride * oldSize))
          throw new ShapeError(
            `cannot reshape ${formatShape(view.shape)} to ${formatShape(shape)} without moving elements`,
          );
        if (oldSize === 1) stride = view.strides[from]!;
        oldSize *= view.shape[from]!;
      } else newSize *= shape[--first]!;
    }
    for (let i = to; i >= first; i--) {
      strides[i] = stride;
      stride *= shape[i]!;
    }
    from--;
    to = first - 1;
  }
  return { shape, strides, offset: view.offset };
}
