import { describe, expect, it } from "vitest";
import { ThinkingLimit } from "./thinking-limit.js";

/** Output of a model that always says 5, or the given tokens first. */
function run(
  prompt: number[],
  says: number[],
  options: { maxTokens: number; start?: number[]; end?: number[] },
): number[] {
  const { maxTokens, start = [1], end = [2] } = options;
  const limit = new ThinkingLimit({ maxTokens, startTokenIds: start, endTokenIds: end }, prompt);
  const output: number[] = [];
  for (let i = 0; i < 10; i++) output.push(limit.forcedTokenId(output) ?? says[i] ?? 5);
  return output;
}

describe("ThinkingLimit", () => {
  it("ends reasoning that began in the prompt, counting its tokens there", () => {
    expect(run([9, 1], [], { maxTokens: 3 })).toEqual([5, 5, 5, 2, 5, 5, 5, 5, 5, 5]);
    expect(run([9, 1, 7, 7], [], { maxTokens: 3 })).toEqual([5, 2, 5, 5, 5, 5, 5, 5, 5, 5]);
    expect(run([9, 1, 7, 7], [], { maxTokens: 0, end: [2, 3] }).slice(0, 3)).toEqual([2, 3, 5]);
  });

  it("ends reasoning that begins in the output", () => {
    expect(run([9], [6, 1], { maxTokens: 2 })).toEqual([6, 1, 5, 5, 2, 5, 5, 5, 5, 5]);
    expect(run([9], [1], { maxTokens: 0 })).toEqual([1, 2, 5, 5, 5, 5, 5, 5, 5, 5]);
  });

  it("puts an end of several tokens, and knows a start of several", () => {
    expect(run([1, 8], [], { maxTokens: 2, start: [1, 8], end: [2, 3, 4] })).toEqual([5, 5, 2, 3, 4, 5, 5, 5, 5, 5]);
    expect(run([1, 9], [], { maxTokens: 2, start: [1, 8], end: [2, 3, 4] })).toEqual(Array(10).fill(5));
  });

  it("leaves shorter reasoning, and what is none, alone", () => {
    expect(run([1], [5, 2], { maxTokens: 3 })).toEqual([5, 2, 5, 5, 5, 5, 5, 5, 5, 5]);
    expect(run([1, 7, 2], [], { maxTokens: 1 })).toEqual(Array(10).fill(5));
  });

  it("begins anew with every start", () => {
    expect(run([1], [5, 2, 6, 1], { maxTokens: 2 })).toEqual([5, 2, 6, 1, 5, 5, 2, 5, 5, 5]);
  });

  it("begins with the output where there is no start", () => {
    expect(run([1, 1], [], { maxTokens: 2, start: [] })).toEqual([5, 5, 2, 5, 5, 5, 5, 5, 5, 5]);
  });
});
