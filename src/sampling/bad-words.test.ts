import { expect, it } from "vitest";
import { banBadWords } from "./bad-words.js";

const banned = (sequences: number[][], output: number[]): number[] => {
  const ids: number[] = [];
  banBadWords(sequences, output, (id) => ids.push(id));
  return ids;
};

it("bans a word of one token always", () => {
  expect(banned([[7]], [])).toEqual([7]);
  expect(banned([[7]], [1, 2])).toEqual([7]);
});

it("bans the last token of a longer word only right after the others", () => {
  expect(banned([[1, 2, 3]], [])).toEqual([]);
  expect(banned([[1, 2, 3]], [2])).toEqual([]);
  expect(banned([[1, 2, 3]], [1, 2])).toEqual([3]);
  expect(banned([[1, 2, 3]], [0, 1, 2])).toEqual([3]);
  expect(banned([[1, 2, 3]], [1, 2, 0])).toEqual([]);
  expect(banned([[1, 2, 3]], [0, 2])).toEqual([]);
  expect(banned([[1, 2, 3], [2, 4], [9]], [1, 2])).toEqual([3, 4, 9]);
});

it("takes an empty word for nothing", () => {
  expect(banned([[]], [1])).toEqual([]);
});
