import { expect, test } from "vitest";
import { median, quantile, rounded, spread } from "./statistics.js";

test("the median is the middle, or the mean of the two in the middle, and leaves the list alone", () => {
  const values = [10, 9, 100];
  expect(median(values)).toBe(10);
  expect(values).toEqual([10, 9, 100]);
  expect(median([1, 2, 3, 10])).toBe(2.5);
  expect(() => median([])).toThrow("at least one");
});

test("quantiles lie between neighbours", () => {
  expect(quantile([0, 10, 20], 0.75)).toBe(15);
  expect(quantile([0, 10, 20], 1)).toBe(20);
});

test("spread and rounding", () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(rounded(123.456)).toBe(123.5);
  expect(rounded(0.00123456)).toBe(0.001235);
});
