import { expect, it } from "vitest";
import { exponential, philox } from "./philox.js";

it("gives the published words of Philox4x32-10", () => {
  expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  const ones = 0xffffffff;
  expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
  expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ]);
});

it("makes exponential variates: mean 1, variance 1, a share e^-t above t", () => {
  const count = 20_000;
  const values = Array.from({ length: count }, (_, id) => exponential([1, 2], 3, id));
  const mean = values.reduce((sum, value) => sum + value) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  expect(Math.abs(mean - 1)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.1);
  for (const t of [0.1, 1, 3]) {
    const share = values.filter((value) => value > t).length / count;
    expect(Math.abs(share - Math.exp(-t))).toBeLessThan(0.015);
  }
});

it("depends on seed, draw and token, and on nothing else", () => {
  const value = exponential([5, 6], 7, 8);
  expect(exponential([5, 6], 7, 8)).toBe(value);
  for (const other of [
    exponential([4, 6], 7, 8),
    exponential([5, 7], 7, 8),
    exponential([5, 6], 8, 8),
    exponential([5, 6], 7, 9),
  ])
    expect(other).not.toBe(value);
  const block = Array.from({ length: 256 }, (_, id) => exponential([5, 6], 7, id));
  expect(new Set(block).size).toBe(256);
});
