import { describe, expect, it } from "vitest";
import type { SamplingParamsInput } from "../request/sampling-params.js";
import { RequestError } from "../util/errors.js";
import { InputProcessor, type EnginePrompt } from "./input-processor.js";
import { BOS, bytesOf, EOS, FakeTokenizer } from "../../test/engine/fake-tokenizer.js";
import { FAKE_INFO } from "../../test/engine/fake-worker.js";

const INFO = { ...FAKE_INFO, maxModelLen: 64, vocabSize: 300 };
const withTokenizer = new InputProcessor(INFO, { maxLogprobs: 5 }, new FakeTokenizer());
const without = new InputProcessor(INFO, { maxLogprobs: -1 }, undefined);

const process = (prompt: EnginePrompt, params: SamplingParamsInput = {}, options = {}) =>
  withTokenizer.process(prompt, params, { requestId: "r", ...options });

async function refusal(run: Promise<unknown>): Promise<[string | null, string]> {
  const error = await run.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(RequestError);
  expect((error as RequestError).status).toBe(400);
  return [(error as RequestError).param, (error as RequestError).message];
}

describe("InputProcessor refuses", () => {
  it.each<[string, EnginePrompt, RegExp]>([
    ["no prompt", {}, /must be text or token ids; got neither/],
    ["an empty text", { text: "" }, /at least one token; "" has none/],
    ["no token ids", { tokenIds: [] }, /at least one token; got none/],
    ["an id that is too high", { tokenIds: [1, 300] }, /integers in \[0, 300\); got 300 at position 1/],
    ["a negative id", { tokenIds: [-1] }, /got -1 at position 0/],
    ["half an id", { tokenIds: [1, 2, 0.5] }, /got 0.5 at position 2/],
    ["NaN", { tokenIds: [Number.NaN] }, /got NaN/],
    ["ids as text", { tokenIds: "12" as never }, /text or a list of token ids; got string/],
    ["text as number", { text: 12 as never }, /text or a list of token ids; got number/],
    [
      "a long text",
      { text: "x".repeat(63) },
      /maximum context length is 64 tokens. However, you requested at least 65/,
    ],
    ["long ids", { tokenIds: Array<number>(64).fill(1) }, /64 in the prompt, at least 1 in the completion/],
  ])("%s", async (_, prompt, message) => {
    const [param, text] = await refusal(process(prompt));
    expect(param).toBe("prompt");
    expect(text).toMatch(message);
  });

  it.each<[string, SamplingParamsInput, RegExp]>([
    ["logprobs", { logprobs: 6 }, /at most 5 \(--max-logprobs\); got 6/],
    ["prompt_logprobs", { promptLogprobs: -1 }, /at most 5 \(--max-logprobs\); got -1/],
    ["allowed_token_ids", { allowedTokenIds: [1, 300] }, /\[0, 300\); got 300/],
    ["logit_bias", { logitBias: { 300: 1 } }, /got 300/],
    ["stop_token_ids", { stopTokenIds: [1000] }, /got 1000/],
    ["stop", { stop: "x", detokenize: false }, /detokenize true/],
    ["min_tokens", { minTokens: 20 }, /at most max_tokens \(16\)/],
    ["min_tokens", { minTokens: 62, maxTokens: null }, /at most 61 \(what the context of 64 tokens leaves/],
  ])("%s out of bounds", async (param, params, message) => {
    const [got, text] = await refusal(process({ tokenIds: [1, 2, 3] }, params));
    expect(got).toBe(param);
    expect(text).toMatch(message);
  });

  it("text, stop strings and bad words without a tokenizer", async () => {
    const ids = { tokenIds: [1] };
    const run = (prompt: EnginePrompt, params = {}) => refusal(without.process(prompt, params, { requestId: "r" }));
    expect(await run({ text: "x" })).toEqual(["prompt", expect.stringMatching(/no tokenizer; give token ids/)]);
    expect(await run(ids, { stop: "x" })).toEqual(["stop", expect.stringMatching(/use stop_token_ids/)]);
    expect(await run(ids, { badWords: ["x"] })).toEqual(["bad_words", expect.stringMatching(/no tokenizer/)]);
    const { params } = await without.process(ids, { logprobs: -1 }, { requestId: "r" });
    expect(params.detokenize).toBe(false);
  });

  it("a prompt that the KV cache cannot hold, naming it", async () => {
    const small = new InputProcessor({ ...INFO, numBlocks: 3 }, { maxLogprobs: 5 }, undefined);
    const run = (length: number) => small.process({ tokenIds: Array<number>(length).fill(1) }, {}, { requestId: "r" });
    const [param, text] = await refusal(run(33));
    expect(param).toBe("prompt");
    expect(text).toMatch(/has 33 tokens, but the KV cache holds 32 \(2 blocks of 16\).*--kv-cache-memory-bytes/);
    expect((await run(32)).promptTokenIds.length).toBe(32);
    const states = { ...INFO, numBlocks: 2, kvCacheGroups: [{ kind: "state" }] } as const;
    const ofStates = new InputProcessor(states, { maxLogprobs: 5 }, undefined);
    const long = { tokenIds: Array<number>(60).fill(1) };
    expect((await ofStates.process(long, {}, { requestId: "r" })).promptTokenIds.length).toBe(60);
  });
});

describe("InputProcessor", () => {
  it("tokenizes with or without special tokens", async () => {
    expect((await process({ text: "hi" })).promptTokenIds).toEqual([BOS, ...bytesOf("hi")]);
    expect((await process({ text: "hi", addSpecialTokens: false })).promptTokenIds).toEqual(bytesOf("hi"));
  });

  it("runs the ids of a prompt that has text too, and keeps the text", async () => {
    expect(await process({ text: "hi", tokenIds: [7] })).toMatchObject({ prompt: "hi", promptTokenIds: [7] });
  });

  it("copies token ids, so that the caller may reuse the list", async () => {
    const tokenIds = [1, 2];
    const { promptTokenIds } = await process({ tokenIds });
    tokenIds[0] = 9;
    expect(promptTokenIds).toEqual([1, 2]);
  });

  it("fills in maxTokens: 16, what is left for null, never more than is left", async () => {
    const maxTokens = async (params: SamplingParamsInput, length = 4) =>
      (await process({ tokenIds: Array<number>(length).fill(1) }, params)).params.maxTokens;
    expect(await maxTokens({})).toBe(16);
    expect(await maxTokens({}, 60)).toBe(4);
    expect(await maxTokens({ maxTokens: null })).toBe(60);
    expect(await maxTokens({ maxTokens: 61 })).toBe(60);
    const strict = process({ tokenIds: [1, 2, 3, 4] }, { maxTokens: 61 }, { strictLength: true });
    expect(await refusal(strict)).toEqual(["max_tokens", expect.stringMatching(/you requested 65 tokens \(4 in/)]);
    expect((await process({ tokenIds: [1] }, {}, { strictLength: true })).params.maxTokens).toBe(16);
  });

  it("fans out: ids of the engine's own, n 1, seeds in a row, prompt log-probabilities once", async () => {
    const { coreRequests } = await process({ tokenIds: [1] }, { n: 3, seed: 5, promptLogprobs: 1 }, { priority: 2 });
    expect(new Set(coreRequests.map((request) => request.requestId)).size).toBe(3);
    expect(coreRequests.map((request) => request.params.n)).toEqual([1, 1, 1]);
    expect(coreRequests.map((request) => request.params.seed)).toEqual([5, 6, 7]);
    expect(coreRequests.map((request) => request.params.promptLogprobs)).toEqual([1, null, null]);
    expect(coreRequests[0]).toMatchObject({ priority: 2, cacheSalt: null, eosTokenIds: [EOS] });
    const again = await process({ tokenIds: [1] });
    expect(coreRequests.map((request) => request.requestId)).not.toContain(again.coreRequests[0]!.requestId);
  });

  it("keeps the seeds of outputs apart at the end of the safe integers", async () => {
    const { coreRequests } = await process({ tokenIds: [1] }, { n: 3, seed: Number.MAX_SAFE_INTEGER - 1 });
    const seeds = coreRequests.map((request) => request.params.seed!);
    expect(seeds).toEqual([Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]);
  });

  it("encodes bad words bare and, where the space is part of the first token, spaced", async () => {
    const tokenizer = new FakeTokenizer();
    const ids: Record<string, number[]> = { cat: [5], " cat": [6], "two words": [7, 8], " two words": [9, 8], x: [1] };
    tokenizer.encode = async (text) => ids[text] ?? [2, 3];
    const processor = new InputProcessor(INFO, { maxLogprobs: 5 }, tokenizer);
    const { params, coreRequests } = await processor.process(
      { tokenIds: [1] },
      { badWords: [" cat", "two words", "x"] },
      { requestId: "r" },
    );
    expect(params.badWordsTokenIds).toEqual([[5], [6], [7, 8], [9, 8], [1]]);
    expect(coreRequests[0]!.params.badWordsTokenIds).toEqual(params.badWordsTokenIds);
  });
});
