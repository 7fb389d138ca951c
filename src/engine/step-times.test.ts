/** Medians of the last steps. */
import { expect, test } from "vitest";
import { StepTimes } from "./step-times.js";

test("medians over the last 256 steps; outside is the median of differences", () => {
  const times = new StepTimes();
  expect(times.recent()).toEqual({ count: 0, wallMs: 0, nativeMs: 0, outsideMs: 0 });
  times.add(10, 9);
  times.add(20, 1);
  expect(times.recent()).toEqual({ count: 2, wallMs: 15, nativeMs: 5, outsideMs: 10 });
  times.add(30, 28);
  expect(times.recent()).toEqual({ count: 3, wallMs: 20, nativeMs: 9, outsideMs: 2 });
  expect(times.recent(1)).toEqual({ count: 1, wallMs: 30, nativeMs: 28, outsideMs: 2 });
  expect(times.recent(0).count).toBe(0);
  for (let i = 0; i < 256; i++) times.add(5, 4);
  expect(times.recent()).toEqual({ count: 256, wallMs: 5, nativeMs: 4, outsideMs: 1 });
  times.add(8, 1);
  expect(times.recent(1)).toEqual({ count: 1, wallMs: 8, nativeMs: 1, outsideMs: 7 });
});
