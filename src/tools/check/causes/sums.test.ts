import { expect, test } from "vitest";
import { sumOf } from "./sums.js";

const values = (seed: number): Float32Array => Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * seed + seed));
const neighbours = [1.1, 2.3, 3.7, 4.9, 6.1].map((seed, i) => ({ label: `n${i}`, values: values(seed) }));
const combine = (...terms: [number, number][]): Float32Array =>
  values(1).map((_, i) => terms.reduce((sum, [n, factor]) => sum + factor * neighbours[n]!.values[i]!, 0));

test.each([
  [[[3, 1]], [["n3", 1]]],
  [
    [
      [0, 1],
      [2, 0.22],
    ],
    [
      ["n0", 1],
      ["n2", 0.22],
    ],
  ],
  [
    [
      [0, 1],
      [1, 1],
      [4, -2],
    ],
    [
      ["n0", 1],
      ["n1", 1],
      ["n4", -2],
    ],
  ],
] as [[number, number][], [string, number][]][])("finds the terms of %j", (terms, wanted) => {
  const found = sumOf(combine(...terms), neighbours, 1e-5);
  expect(found?.map(({ label }) => label)).toEqual(wanted.map(([label]) => label));
  found?.forEach(({ factor }, i) => expect(factor).toBeCloseTo(wanted[i]![1], 4));
});

test("says nothing about what is no such sum", () => {
  expect(sumOf(values(9.9), neighbours, 1e-5)).toBeUndefined();
  expect(sumOf(new Float32Array(200), neighbours, 1e-5)).toBeUndefined();
});
