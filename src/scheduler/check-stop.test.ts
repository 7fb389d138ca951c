import { describe, expect, it } from "vitest";
import { Request } from "../request/request.js";
import { normalizeSamplingParams, type SamplingParamsInput } from "../request/sampling-params.js";
import { checkStop } from "./check-stop.js";
import { endsInRepetition } from "./repetition.js";

const EOS = 2;
const OTHER_EOS = 3;

/** What checkStop says after `outputTokenIds`, with a prompt of 5 tokens. */
function stopAfter(outputTokenIds: number[], input: SamplingParamsInput, maxTotalTokens = 100) {
  const request = new Request({
    requestId: "r",
    promptTokenIds: [9, 9, 9, 9, 9],
    params: normalizeSamplingParams({ maxTokens: null, ...input }),
    eosTokenIds: [EOS, OTHER_EOS],
  });
  request.outputTokenIds.push(...outputTokenIds);
  return checkStop(request, maxTotalTokens);
}
const stop = (stopReason: number | null) => ({ finishReason: "stop", stopReason });
const LENGTH = { finishReason: "length", stopReason: null };

describe("checkStop", () => {
  it("goes on", () => {
    expect(stopAfter([10, 11], {})).toBeNull();
    expect(stopAfter([], {})).toBeNull();
  });

  it("stops at the end-of-sequence ids: the first without a reason, the others with themselves", () => {
    expect(stopAfter([10, EOS], {})).toEqual(stop(null));
    expect(stopAfter([10, OTHER_EOS], {})).toEqual(stop(OTHER_EOS));
    expect(stopAfter([EOS, 10], {})).toBeNull();
  });

  it("ignores them if told so, but not an equal stop token id", () => {
    expect(stopAfter([10, EOS], { ignoreEos: true })).toBeNull();
    expect(stopAfter([10, OTHER_EOS], { ignoreEos: true })).toBeNull();
    expect(stopAfter([10, EOS], { ignoreEos: true, stopTokenIds: [EOS] })).toEqual(stop(EOS));
  });

  it("stops at a stop token id and says which", () => {
    expect(stopAfter([10, 42], { stopTokenIds: [41, 42] })).toEqual(stop(42));
    expect(stopAfter([10, 43], { stopTokenIds: [41, 42] })).toBeNull();
  });

  it("prefers the end-of-sequence id to a stop token id, and both to the length", () => {
    expect(stopAfter([10, EOS], { stopTokenIds: [EOS], maxTokens: 2 })).toEqual(stop(null));
    expect(stopAfter([10, 42], { stopTokenIds: [42], maxTokens: 2 })).toEqual(stop(42));
  });

  it("stops nothing before minTokens", () => {
    expect(stopAfter([10, EOS], { minTokens: 3 })).toBeNull();
    expect(stopAfter([10, 42], { minTokens: 3, stopTokenIds: [42] })).toBeNull();
    expect(stopAfter([10, 11, EOS], { minTokens: 3 })).toEqual(stop(null));
    expect(stopAfter([7, 7, 7], { minTokens: 4, repetitionDetection: { maxPatternSize: 1, minCount: 3 } })).toBeNull();
  });

  it("stops at maxTokens and at the longest request", () => {
    expect(stopAfter([10], { maxTokens: 2 })).toBeNull();
    expect(stopAfter([10, 11], { maxTokens: 2 })).toEqual(LENGTH);
    expect(stopAfter([10, 11], {}, 8)).toBeNull();
    expect(stopAfter([10, 11, 12], {}, 8)).toEqual(LENGTH);
  });

  it("never goes beyond the longest request, whatever minTokens says", () => {
    expect(stopAfter([10, 11, 12], { minTokens: 50 }, 8)).toEqual(LENGTH);
  });

  it("stops at a repetition, after all else", () => {
    const repetitionDetection = { maxPatternSize: 3, minCount: 3 };
    expect(stopAfter([7, 7, 7], { repetitionDetection })).toEqual({
      finishReason: "repetition",
      stopReason: "repetition_detected",
    });
    expect(stopAfter([7, 7, 7], { repetitionDetection, maxTokens: 3 })).toEqual(LENGTH);
  });
});

describe("endsInRepetition", () => {
  const detection = { minPatternSize: 1, maxPatternSize: 3, minCount: 3 };
  const cases: [string, number[], boolean][] = [
    ["three times 1 2 3", [1, 2, 3, 1, 2, 3, 1, 2, 3], true],
    ["twice 1 2 3", [1, 2, 3, 1, 2, 3], false],
    ["three times 5 6 after noise", [1, 9, 4, 5, 6, 5, 6, 5, 6], true],
    ["a broken last triple", [1, 2, 3, 1, 2, 3, 1, 2, 4], false],
    ["a broken first triple", [1, 2, 9, 1, 2, 3, 1, 2, 3], false],
    ["one token three times", [4, 8, 8, 8], true],
    ["a pattern that is too long", [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], false],
    ["nothing", [], false],
  ];
  it.each(cases)("%s", (_, tokenIds, expected) => {
    expect(endsInRepetition(tokenIds, detection)).toBe(expected);
  });

  it("does not look for shorter patterns than asked", () => {
    expect(endsInRepetition([8, 8, 8], { ...detection, minPatternSize: 2 })).toBe(false);
    expect(endsInRepetition([8, 8, 8, 8, 8, 8], { ...detection, minPatternSize: 2 })).toBe(true);
  });
});
