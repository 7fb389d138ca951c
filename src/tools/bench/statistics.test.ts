import { describe, expect, it } from "vitest";
import { median, percentile, summarize } from "./statistics.js";

describe("percentile", () => {
  it("lies on the straight line between the two nearest values, as numpy's", () => {
    // numpy.percentile([1, 2, 4, 8], [0, 10, 25, 50, 75, 90, 99, 100])
    const expected = [1, 1.3, 1.75, 3, 5, 6.8, 7.88, 8];
    [0, 10, 25, 50, 75, 90, 99, 100].forEach((percent, i) =>
      expect(percentile([1, 2, 4, 8], percent)).toBeCloseTo(expected[i]!, 12),
    );
    expect(percentile([5], 99)).toBe(5);
  });
});

describe("summaries", () => {
  it("do not mind the order, and divide the deviation by the count", () => {
    expect(summarize([8, 1, 4, 2], [50, 99])).toEqual({
      count: 4,
      mean: 3.75,
      median: 3,
      std: Math.sqrt((2.75 ** 2 + 1.75 ** 2 + 0.25 ** 2 + 4.25 ** 2) / 4),
      min: 1,
      max: 8,
      percentiles: { 50: 3, 99: expect.closeTo(7.88, 12) },
    });
    expect(median([3, 1, 2])).toBe(2);
  });

  it("of nothing are nothing", () => {
    expect(summarize([], [50])).toBeUndefined();
    expect(median([])).toBeNaN();
  });
});
