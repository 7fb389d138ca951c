import { describe, expect, it } from "vitest";
import { normalizeSamplingParams } from "../request/sampling-params.js";
import { createPenaltyCounts, PenaltyCounts } from "./penalty-counts.js";

function counted({ entries }: PenaltyCounts): Record<number, number> {
  const counts: Record<number, number> = {};
  for (let i = 0; i < entries.length; i += 2) counts[entries[i]!] = entries[i + 1]!;
  return counts;
}

describe("PenaltyCounts", () => {
  it("counts the output, and knows the prompt's tokens with count 0", () => {
    const counts = new PenaltyCounts([5, 6, 5]);
    counts.update([6, 7, 7]);
    expect(counted(counts)).toEqual({ 5: 0, 6: 1, 7: 2 });
    counts.update([6, 7, 7, 5]);
    expect(counted(counts)).toEqual({ 5: 1, 6: 1, 7: 2 });
  });

  it("starts anew when tokens were taken back", () => {
    const counts = new PenaltyCounts([5]);
    counts.update([1, 2, 3]);
    counts.update([1]);
    expect(counted(counts)).toEqual({ 5: 0, 1: 1 });
  });

  it("grows, each token once", () => {
    const counts = new PenaltyCounts([]);
    const output = Array.from({ length: 3000 }, (_, i) => i % 1000);
    for (let length = 0; length <= output.length; length += 100) counts.update(output.slice(0, length));
    expect(counts.entries.length).toBe(2000);
    expect(new Set(Object.values(counted(counts)))).toEqual(new Set([3]));
  });
});

it("counts only for the penalties that need it", () => {
  const numEntries = (params: object): number | undefined =>
    createPenaltyCounts(normalizeSamplingParams(params), [1, 2, 3])?.entries.length;
  expect(numEntries({})).toBeUndefined();
  expect(numEntries({ repetitionPenalty: 1.1 })).toBe(6);
  expect(numEntries({ frequencyPenalty: 0.1 })).toBe(0);
  expect(numEntries({ presencePenalty: 0.1 })).toBe(0);
});
