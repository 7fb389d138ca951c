/** Windows of ops from the spans of threads. */
import { expect, test } from "vitest";
import { opWindows } from "./spans.js";

test("a window runs from the first entry to the last leave, and counts the time inside", () => {
  const spans = Float64Array.from([10, 20, 25, 40, 12, 22, -1, -1]);
  expect(opWindows({ threads: 2, spans })).toEqual([
    { entered: 10, left: 22, busy: 20 },
    { entered: 25, left: 40, busy: 15 },
  ]);
});

test("an op that nobody entered is empty", () => {
  const spans = Float64Array.from([10, 20, -1, -1]);
  expect(opWindows({ threads: 1, spans })[1]).toEqual({ entered: 20, left: 20, busy: 0 });
  expect(opWindows({ threads: 2, spans: new Float64Array(0) })).toEqual([]);
});
