import { describe, expect, test } from "vitest";
import { Source } from "../layers/source.js";
import { gatherRows, stageElements, stageView } from "./gather-view.js";

/** What the view's elements are, when element i of the tensor is i. */
function expected(source: Source): number[] {
  const { shape, strides, offset } = source.view();
  const walk = (d: number, start: number): number[] =>
    d === shape.length
      ? [start]
      : Array.from({ length: shape[d]! }, (_, i) => walk(d + 1, start + i * strides[d]!)).flat();
  return walk(0, offset);
}

describe.each([
  ["u16", Uint16Array],
  ["u32", Uint32Array],
  ["u64", BigUint64Array],
] as const)("%s", (_, Words) => {
  test.each<[string, Source, number]>([
    ["transposed", new Source("w", [5, 7]).transpose(), 35],
    ["columns of a transposed matrix: only they are read", new Source("w", [5, 7]).transpose().rows(2, 3), 15],
    ["rows of a transposed matrix", new Source("w", [6, 4]).rows(1, 3).transpose(), 12],
    ["experts transposed", new Source("w", [3, 4, 5]).slice(0, 1, 2).transpose(), 40],
    ["heads and kinds swapped", new Source("w", [2, 3, 4, 5]).permute(1, 0, 2, 3).slice(0, 1, 1), 40],
    [
      "every second column of an expert",
      new Source("w", [2, 6, 8]).rows(1, 1).reshape(6, 8).transpose().reshape(4, 2, 6).slice(1, 1, 1).reshape(4, 6),
      47,
    ],
    [
      "some of every second column",
      new Source("w", [3, 8]).transpose().reshape(4, 2, 3).slice(1, 0, 1).reshape(4, 3).rows(1, 2),
      9,
    ],
    ["every second row", new Source("w", [6, 4]).reshape(3, 2, 4).slice(1, 1, 1).reshape(3, 4), 12],
  ])("%s", (__, source, elements) => {
    const bytes = Words.BYTES_PER_ELEMENT;
    const stage = new Words(stageElements(source.view()));
    let reads = 0;
    const view = stageView(source.view(), (start, count, at) => {
      for (let i = 0; i < count; i++)
        (stage as Uint16Array)[at + i] = Words === BigUint64Array ? (BigInt(start + i) as never) : start + i;
      reads += count;
    });
    expect(reads).toBe(elements);
    const [rows] = view.shape as [number];
    const rowBytes = (expected(source).length / rows) * bytes;
    const got: number[] = [];
    for (let row = 0; row < rows; row++) {
      const out = new Uint8Array(rowBytes);
      gatherRows(view, new Uint8Array(stage.buffer), row, 1, out);
      got.push(...Array.from(new Words(out.buffer) as ArrayLike<number | bigint>, Number));
    }
    expect(got).toEqual(expected(source));
  });
});
