import { expect, it } from "vitest";
import { RequestError } from "../util/errors.js";
import { Request } from "./request.js";
import { normalizeSamplingParams } from "./sampling-params.js";

const params = normalizeSamplingParams();

it("counts and finds tokens across prompt and output", () => {
  const request = new Request({ requestId: "r", promptTokenIds: [5, 6], params });
  request.outputTokenIds.push(7);
  expect([request.numPromptTokens, request.numOutputTokens, request.numTokens]).toEqual([2, 1, 3]);
  expect([0, 1, 2, 3].map((i) => request.tokenAt(i))).toEqual([5, 6, 7, undefined]);
});

it("refuses an empty prompt", () => {
  expect(() => new Request({ requestId: "r", promptTokenIds: [], params })).toThrow(RequestError);
});

it("does not read the prefix cache for prompt log-probabilities, 0 of them included", () => {
  const asking = (promptLogprobs: number | null) =>
    new Request({ requestId: "r", promptTokenIds: [1], params: normalizeSamplingParams({ promptLogprobs }) });
  expect([null, 0, 5].map((count) => asking(count).skipReadingPrefixCache)).toEqual([false, true, true]);
});
