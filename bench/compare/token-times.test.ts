import { describe, expect, test } from "vitest";
import { decodeRate, firstTokenMs } from "./token-times.js";

/** Arrival times of `count` tokens, the first at `first`, then every `step` milliseconds. */
const every = (first: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i * step);

describe("decodeRate", () => {
  test("counts steps, not the first token", () => {
    expect(decodeRate([every(500, 10, 65)])).toBeCloseTo(100, 6);
    expect(decodeRate([every(500, 10, 65), every(500, 10, 65)])).toBeCloseTo(200, 6);
  });

  test("tokens of one step may arrive one after another", () => {
    const times = [every(500.4, 10, 65), every(500, 10, 65), every(500.9, 10, 65)];
    expect(decodeRate(times)).toBeGreaterThan(297);
    expect(decodeRate(times)).toBeLessThan(303);
  });

  test("counts the time with all requests alone, where prompts were computed one after another", () => {
    const early = [...every(100, 200, 3), ...every(510, 10, 62)];
    const late = every(500, 10, 65);
    // The early one ends at 1120: 62 steps after 500. Its slow tokens before do not count.
    expect(decodeRate([early, late])).toBeCloseTo(200, 0);
  });

  test("refuses what has no such time", () => {
    expect(() => decodeRate([every(0, 10, 5), every(100, 10, 5)])).toThrow("ended before another");
    expect(() => decodeRate([[1]])).toThrow("two tokens");
    expect(() => decodeRate([])).toThrow("two tokens");
  });
});

test("firstTokenMs is that of the last request", () => {
  expect(firstTokenMs([[5, 6], [9]])).toBe(9);
  expect(() => firstTokenMs([[5], []])).toThrow("every request");
});
