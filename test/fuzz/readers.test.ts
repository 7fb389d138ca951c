/** A small sample of the fuzzing that test/fuzz/readers.ts does at length. */
import { expect, test } from "vitest";
import { fuzzReaders } from "./fuzz-readers.js";

test("damaged checkpoints open or end in a CheckpointError", () => {
  const report = fuzzReaders({ seed: 20, first: 0, count: 300, maxCaseMs: Infinity, maxGrowthBytes: Infinity });
  expect(report.failures).toEqual([]);
  // The damage is neither all fatal at the first byte nor all harmless.
  const outcomes = Object.values(report.outcomes);
  expect(outcomes).toHaveLength(5);
  for (const { refused } of outcomes) expect(refused).toBeGreaterThan(10);
  expect(outcomes.reduce((sum, { opened }) => sum + opened, 0)).toBeGreaterThan(10);
  expect(report.messages.size).toBeGreaterThan(35);
});
