import { describe, expect, test } from "vitest";
import { ShapeError } from "../util/errors.js";
import { Source } from "./source.js";

/** Values of a view over a tensor whose element i is i, row-major. */
function values(source: Source): number[] {
  const { shape, strides, offset } = source.view();
  const walk = (dimension: number, start: number): number[] =>
    dimension === shape.length
      ? [start]
      : Array.from({ length: shape[dimension]! }, (_, i) =>
          walk(dimension + 1, start + i * strides[dimension]!),
        ).flat();
  return walk(0, offset);
}

const matrix = new Source("w", [4, 3]);

describe("index steps move elements like torch", () => {
  test.each<[string, Source, number[], number[]]>([
    ["rows", matrix.rows(1, 2), [2, 3], [3, 4, 5, 6, 7, 8]],
    ["columns", matrix.columns(1, 2), [4, 2], [1, 2, 4, 5, 7, 8, 10, 11]],
    ["rows of columns", matrix.columns(2, 1).rows(3, 1), [1, 1], [11]],
    ["transpose", matrix.transpose(), [3, 4], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]],
    ["rows of a transpose", matrix.transpose().rows(1, 1), [1, 4], [1, 4, 7, 10]],
    ["split", matrix.reshape(2, 2, 3).slice(1, 1, 1), [2, 1, 3], [3, 4, 5, 9, 10, 11]],
    ["merge after a split", matrix.reshape(2, 2, 3).reshape(4, 3).rows(0, 1), [1, 3], [0, 1, 2]],
    ["heads interleaved with kinds", new Source("qkv", [6]).reshape(2, 3).permute(1, 0), [3, 2], [0, 3, 1, 4, 2, 5]],
    ["one-element dimensions", matrix.reshape(1, 4, 1, 3).reshape(4, 3).rows(3, 1), [1, 3], [9, 10, 11]],
  ])("%s", (_, source, shape, expected) => {
    expect(source.view().shape).toEqual(shape);
    expect(values(source)).toEqual(expected);
  });

  test.each<[string, () => unknown]>([
    ["rows outside", () => matrix.rows(3, 2).view()],
    ["negative start", () => matrix.rows(-1, 2).view()],
    ["another number of elements", () => matrix.reshape(5, 2).view()],
    ["a reshape that would have to move elements", () => matrix.transpose().reshape(12).view()],
  ])("%s is a ShapeError", (_, act) => expect(act).toThrow(ShapeError));
});
