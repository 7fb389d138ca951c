import { expect, it } from "vitest";
import { alibiSlopes } from "./alibi-slopes.js";

it("gives the powers of one base for a power of two of heads", () => {
  expect([...alibiSlopes(8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => 2 ** -i));
  expect([...alibiSlopes(1)]).toEqual([2 ** -8]);
  const sixteen = alibiSlopes(16);
  expect(sixteen[0]).toBeCloseTo(Math.SQRT1_2, 7);
  expect(sixteen[15]).toBeCloseTo(2 ** -8, 8);
});

it("adds every other slope of the next power of two", () => {
  const [six, four, eight] = [alibiSlopes(6), alibiSlopes(4), alibiSlopes(8)];
  expect([...six]).toEqual([...four, eight[0], eight[2]]);
  const twelve = alibiSlopes(12);
  expect([...twelve.slice(8)]).toEqual([0, 2, 4, 6].map((i) => alibiSlopes(16)[i]));
});
