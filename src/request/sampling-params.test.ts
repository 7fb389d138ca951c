import { describe, expect, it } from "vitest";
import { RequestError } from "../util/errors.js";
import {
  allStopTokenIds,
  checkSamplingParamsForModel,
  DEFAULT_SAMPLING_PARAMS,
  normalizeSamplingParams,
  type SamplingParamsInput,
} from "./sampling-params.js";

function thrownBy(run: () => unknown): RequestError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    return error as RequestError;
  }
  throw new Error("nothing was thrown");
}

const NOT_A_NUMBER = Number.NaN;
const OUT_OF_RANGE: [SamplingParamsInput, string][] = [
  [{ n: 0 }, "n"],
  [{ n: 16385 }, "n"],
  [{ n: 1.5 }, "n"],
  [{ n: 2, temperature: 0 }, "n"],
  [{ temperature: -0.1 }, "temperature"],
  [{ temperature: 2.01 }, "temperature"],
  [{ temperature: NOT_A_NUMBER }, "temperature"],
  [{ temperature: Infinity }, "temperature"],
  [{ temperature: "1" as never }, "temperature"],
  [{ topP: 0 }, "top_p"],
  [{ topP: 1.1 }, "top_p"],
  [{ topP: "0.5" as never }, "top_p"],
  [{ topK: -2 }, "top_k"],
  [{ topK: 1.5 }, "top_k"],
  [{ minP: -0.1 }, "min_p"],
  [{ minP: 1.1 }, "min_p"],
  [{ presencePenalty: -2.1 }, "presence_penalty"],
  [{ presencePenalty: 2.1 }, "presence_penalty"],
  [{ frequencyPenalty: -2.1 }, "frequency_penalty"],
  [{ frequencyPenalty: 2.1 }, "frequency_penalty"],
  [{ repetitionPenalty: 0 }, "repetition_penalty"],
  [{ repetitionPenalty: -1 }, "repetition_penalty"],
  [{ repetitionPenalty: Infinity }, "repetition_penalty"],
  [{ maxTokens: 0 }, "max_tokens"],
  [{ minTokens: -1 }, "min_tokens"],
  [{ minTokens: 17 }, "min_tokens"],
  [{ minTokens: 5, maxTokens: 4 }, "min_tokens"],
  [{ seed: 0.5 }, "seed"],
  [{ logprobs: -2 }, "logprobs"],
  [{ promptLogprobs: -2 }, "prompt_logprobs"],
  [{ stop: "" }, "stop"],
  [{ stop: ["a", ""] }, "stop"],
  [{ stop: 1 as never }, "stop"],
  [{ stop: "a", detokenize: false }, "stop"],
  [{ stopTokenIds: [1.5] }, "stop_token_ids"],
  [{ stopTokenIds: [-1] }, "stop_token_ids"],
  [{ badWords: [""] }, "bad_words"],
  [{ allowedTokenIds: [] }, "allowed_token_ids"],
  [{ allowedTokenIds: ["x" as never] }, "allowed_token_ids"],
  [{ logitBias: { x: 1 } as never }, "logit_bias"],
  [{ logitBias: { 1: NOT_A_NUMBER } }, "logit_bias"],
  [{ logitBias: new Map([[1, 1]]) as never }, "logit_bias"],
  [5 as never, "params"],
  [[] as never, "params"],
  [{ ignoreEos: 1 as never }, "ignore_eos"],
  [{ outputKind: "all" as never }, "output_kind"],
  [{ repetitionDetection: { maxPatternSize: 3, minCount: 1 } }, "repetition_detection"],
  [{ repetitionDetection: { minPatternSize: 4, maxPatternSize: 3, minCount: 2 } }, "repetition_detection"],
];

describe("normalizeSamplingParams", () => {
  it("gives the defaults for nothing", () => {
    expect(normalizeSamplingParams()).toEqual(DEFAULT_SAMPLING_PARAMS);
  });

  it.each(OUT_OF_RANGE)("refuses %o and names %s", (input, param) => {
    const error = thrownBy(() => normalizeSamplingParams(input));
    expect(error.param).toBe(param);
    expect(error.message).toMatch(/must be .*; got /);
  });

  it("accepts the ends of every range", () => {
    const low = { n: 1, topP: 1e-9, topK: 0, minP: 0, presencePenalty: -2, frequencyPenalty: -2, logprobs: -1 };
    const high = { n: 16384, temperature: 2, topP: 1, minP: 1, presencePenalty: 2, frequencyPenalty: 2, maxTokens: 1 };
    expect(normalizeSamplingParams(low)).toMatchObject(low);
    expect(normalizeSamplingParams(high)).toMatchObject(high);
  });

  it("takes the caller's value, then the defaults', then its own; null where null is a value", () => {
    const defaults = { temperature: 0.6, topK: 20, maxTokens: 100 };
    expect(normalizeSamplingParams({ topK: 5, temperature: null, minP: undefined }, defaults)).toMatchObject({
      temperature: 0.6,
      topK: 5,
      minP: 0,
      maxTokens: 100,
    });
    expect(normalizeSamplingParams({ maxTokens: null }, defaults).maxTokens).toBeNull();
  });

  it("rewrites what has a plainer form", () => {
    const params = normalizeSamplingParams({
      temperature: 0.001,
      topK: -1,
      seed: -1,
      stop: "end",
      stopTokenIds: [7, 7, 8],
      badWords: ["a", "a"],
      logitBias: { 3: 1000, 4: -1000, 5: 0.5 },
    });
    expect(params).toMatchObject({ temperature: 0.01, topK: 0, seed: null, stop: ["end"], stopTokenIds: [7, 8] });
    expect(params.badWords).toEqual(["a"]);
    expect(params.logitBias).toEqual({ 3: 100, 4: -100, 5: 0.5 });
  });

  it("makes greedy sampling ignore the filters", () => {
    const params = normalizeSamplingParams({ temperature: 0, topP: 0.5, topK: 3, minP: 0.1 });
    expect(params).toMatchObject({ temperature: 0, topP: 1, topK: 0, minP: 0 });
  });

  it("names an unknown field and the nearest one", () => {
    const error = thrownBy(() => normalizeSamplingParams({ temprature: 1 } as never));
    expect(error.param).toBe("temprature");
    expect(error.message).toContain("temperature");
  });

  it("turns repetition detection with size 0 off, and completes it otherwise", () => {
    expect(normalizeSamplingParams({ repetitionDetection: { minCount: 3 } }).repetitionDetection).toBeNull();
    const detection = normalizeSamplingParams({ repetitionDetection: { maxPatternSize: 3, minCount: 2 } });
    expect(detection.repetitionDetection).toEqual({ minPatternSize: 1, maxPatternSize: 3, minCount: 2 });
  });

  it("cannot be changed by its maker's lists afterwards", () => {
    const stop = ["a"];
    const params = normalizeSamplingParams({ stop });
    stop.push("b");
    expect(params.stop).toEqual(["a"]);
    expect(Object.isFrozen(params)).toBe(true);
  });
});

describe("checkSamplingParamsForModel", () => {
  const limits = { vocabSize: 100, maxLogprobs: 20 };
  const cases: [SamplingParamsInput, string][] = [
    [{ logprobs: 21 }, "logprobs"],
    [{ logprobs: -1 }, "logprobs"],
    [{ promptLogprobs: 21 }, "prompt_logprobs"],
    [{ allowedTokenIds: [100] }, "allowed_token_ids"],
    [{ logitBias: { 100: 1 } }, "logit_bias"],
    [{ stopTokenIds: [100] }, "stop_token_ids"],
    [{ badWords: ["x"], badWordsTokenIds: [[1, 100]] }, "bad_words"],
  ];
  it.each(cases)("refuses %o and names %s", (input, param) => {
    const params = normalizeSamplingParams(input);
    expect(thrownBy(() => checkSamplingParamsForModel(params, limits)).param).toBe(param);
  });

  it("accepts values within the model", () => {
    const input = { logprobs: 20, allowedTokenIds: [0, 99], logitBias: { 99: 1 } };
    checkSamplingParamsForModel(normalizeSamplingParams(input), limits);
    const all = { vocabSize: 100, maxLogprobs: -1 };
    checkSamplingParamsForModel(normalizeSamplingParams({ logprobs: -1, promptLogprobs: -1 }), all);
  });
});

it("collects every id that may end a request", () => {
  expect([...allStopTokenIds(normalizeSamplingParams({ stopTokenIds: [5, 2] }), [2, 3])]).toEqual([2, 3, 5]);
});
