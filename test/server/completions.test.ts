/** POST /v1/completions over real HTTP. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
beforeEach(async () => void (server = await testServer()));
afterEach(() => server.close());

const path = "/v1/completions";
const complete = async (body: object) => {
  const { status, json } = await server.post(path, { model: "fake-model", ...body });
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
};
/** What the fake engine says after a prompt that ends in `last`. */
const letters = (last: string, count: number, index = 0) =>
  Array.from({ length: count }, (_, i) => String.fromCharCode(97 + ((last.charCodeAt(0) + i + index) % 26))).join("");

describe("one answer", () => {
  it("has OpenAI's shape and vLLM's additions", async () => {
    const json = await complete({ prompt: "hello", max_tokens: 3 });
    expect(json).toEqual({
      id: expect.stringMatching(/^cmpl-[0-9a-f]{32}$/),
      object: "text_completion",
      created: expect.closeTo(Date.now() / 1000, -1),
      model: "fake-model",
      choices: [
        {
          index: 0,
          text: letters("o", 3),
          logprobs: null,
          finish_reason: "length",
          stop_reason: null,
          token_ids: null,
          prompt_logprobs: null,
          prompt_token_ids: null,
        },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8, prompt_tokens_details: null },
    });
  });

  it("is 16 tokens long by default, and as long as the model allows with null", async () => {
    expect((await complete({ prompt: "a" })).usage.completion_tokens).toBe(16);
    expect((await complete({ prompt: "a", max_tokens: null })).usage.completion_tokens).toBe(63);
    expect(server.engine.calls.map((call) => call.options.strictLength)).toEqual([false, false]);
    await complete({ prompt: "a", max_tokens: 16 });
    expect(server.engine.calls.at(-1)!.options.strictLength).toBe(true);
  });

  it.each([
    ["text", "ab", [{ text: "ab", addSpecialTokens: true }]],
    [
      "texts",
      ["ab", "c"],
      [
        { text: "ab", addSpecialTokens: true },
        { text: "c", addSpecialTokens: true },
      ],
    ],
    ["token ids", [1, 2], [{ tokenIds: [1, 2] }]],
    ["lists of token ids", [[1, 2], [3]], [{ tokenIds: [1, 2] }, { tokenIds: [3] }]],
  ])("takes %s", async (_, prompt, expected) => {
    const json = await complete({ prompt, max_tokens: 1 });
    expect(server.engine.calls.map((call) => call.prompt)).toEqual(expected);
    expect(json.choices.map((choice: { index: number }) => choice.index)).toEqual(expected.map((__, i) => i));
  });

  it("numbers n outputs of several prompts, and adds up usage", async () => {
    const json = await complete({ prompt: ["a", "bb"], n: 2, max_tokens: 3 });
    expect(json.choices.map((c: any) => [c.index, c.text])).toEqual([
      [0, letters("a", 3)],
      [1, letters("a", 3, 1)],
      [2, letters("b", 3)],
      [3, letters("b", 3, 1)],
    ]);
    expect(json.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 12, total_tokens: 15 });
  });

  it("hands sampling fields to the engine, over the model's defaults", async () => {
    server.engine.defaults = { temperature: 0.5, topP: 0.8, topK: 7 };
    await complete({
      prompt: "a",
      max_tokens: 2,
      min_tokens: 1,
      temperature: 0.7,
      top_p: null,
      min_p: 0.1,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      repetition_penalty: 1.1,
      logit_bias: { "5": 1 },
      stop: "x",
      stop_token_ids: [3],
      include_stop_str_in_output: true,
      ignore_eos: true,
      seed: 42,
      bad_words: ["bad"],
      allowed_token_ids: [1],
      skip_special_tokens: false,
      spaces_between_special_tokens: false,
      repetition_detection: { max_pattern_size: 3, min_count: 2 },
      logprobs: 2,
      prompt_logprobs: 1,
      priority: 3,
      cache_salt: "s",
    });
    const { params, options } = server.engine.calls[0]!;
    expect(params).toEqual({
      temperature: 0.7,
      topP: 0.8,
      topK: 7,
      minP: 0.1,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      repetitionPenalty: 1.1,
      logitBias: { "5": 1 },
      stop: "x",
      stopTokenIds: [3],
      includeStopStrInOutput: true,
      minTokens: 1,
      ignoreEos: true,
      seed: 42,
      badWords: ["bad"],
      allowedTokenIds: [1],
      skipSpecialTokens: false,
      spacesBetweenSpecialTokens: false,
      repetitionDetection: { minPatternSize: 0, maxPatternSize: 3, minCount: 2 },
      maxTokens: 2,
      logprobs: 2,
      promptLogprobs: 1,
    });
    expect(options).toMatchObject({ priority: 3, cacheSalt: "s", outputKind: "final" });
  });

  it("is as long as the model's own max_new_tokens at most", async () => {
    server.engine.defaults = { maxTokens: 5 };
    expect((await complete({ prompt: "a", max_tokens: 9 })).usage.completion_tokens).toBe(5);
    expect((await complete({ prompt: "a", max_tokens: null })).usage.completion_tokens).toBe(5);
  });

  it("gives log-probabilities: the token's own and the alternatives, -Infinity as -9999", async () => {
    const json = await complete({ prompt: "hi", max_tokens: 2, logprobs: 3 });
    const [first, second] = [...letters("i", 2)] as [string, string];
    const others = { A: -0.1, B: -0.2, C: -9999 };
    expect(json.choices[0].logprobs).toEqual({
      text_offset: [0, 1],
      tokens: [first, second],
      token_logprobs: [-0.5, -0.5],
      top_logprobs: [
        { [first]: -0.5, ...others },
        { [second]: -0.5, ...others },
      ],
    });
  });

  it("echoes the prompt with its log-probabilities", async () => {
    const json = await complete({ prompt: "hi", max_tokens: 1, echo: true, logprobs: 1 });
    const own = letters("i", 1);
    expect(json.choices[0].text).toBe(`hi${own}`);
    expect(json.choices[0].logprobs).toEqual({
      text_offset: [0, 1, 2],
      tokens: ["h", "i", own],
      token_logprobs: [null, -0.5, -0.5],
      top_logprobs: [null, { i: -0.5, A: -0.1 }, { [own]: -0.5, A: -0.1 }],
    });
    expect(server.engine.calls[0]!.params.promptLogprobs).toBe(1);
  });

  it("echoes alone with max_tokens 0, token ids decoded", async () => {
    const json = await complete({ prompt: [104, 105], max_tokens: 0, echo: true, logprobs: 0, return_token_ids: true });
    expect(json.choices[0]).toMatchObject({
      text: "hi",
      finish_reason: "length",
      token_ids: [],
      prompt_token_ids: [104, 105],
    });
    expect(json.choices[0].logprobs.token_logprobs).toEqual([null, -0.5]);
    expect(json.usage.completion_tokens).toBe(0);
  });

  it("gives prompt_logprobs in vLLM's form", async () => {
    const json = await complete({ prompt: "hi", max_tokens: 1, prompt_logprobs: 1 });
    expect(json.choices[0].prompt_logprobs).toEqual([
      null,
      {
        "105": { logprob: -0.5, rank: 2, decoded_token: "i" },
        "65": { logprob: -0.1, rank: 1, decoded_token: "A" },
      },
    ]);
  });

  it("returns token ids, and writes tokens as ids", async () => {
    const json = await complete({
      prompt: "hi",
      max_tokens: 1,
      return_token_ids: true,
      return_tokens_as_token_ids: true,
      logprobs: 0,
    });
    const id = letters("i", 1).charCodeAt(0);
    expect(json.choices[0]).toMatchObject({ token_ids: [id], prompt_token_ids: [104, 105] });
    expect(json.choices[0].logprobs.tokens).toEqual([`token_id:${id}`]);
  });

  it("cuts the prompt to truncate_prompt_tokens", async () => {
    await complete({ prompt: "hello", max_tokens: 1, truncate_prompt_tokens: 2 });
    await complete({ prompt: [1, 2, 3], max_tokens: 1, truncate_prompt_tokens: 2, truncation_side: "right" });
    await complete({ prompt: "x".repeat(100), max_tokens: null, truncate_prompt_tokens: -1 });
    const prompts = server.engine.calls.map((call) => call.prompt.tokenIds);
    expect(prompts.slice(0, 2)).toEqual([[...Buffer.from("lo")], [1, 2]]);
    expect(prompts[2]).toHaveLength(63);
  });
});

describe("a stream", () => {
  it("gives a chunk per token, then the end", async () => {
    const { events, done } = await server.stream(path, { prompt: "hello", max_tokens: 3 });
    expect(done).toBe(true);
    expect(events.map((event) => event.choices[0].text).join("")).toBe(letters("o", 3));
    expect(events.map((event) => event.choices[0].finish_reason)).toEqual([null, null, "length"]);
    expect(new Set(events.map((event) => event.id)).size).toBe(1);
    expect(events.every((event) => event.object === "text_completion" && !("usage" in event))).toBe(true);
  });

  it("reports usage at the end, or with each chunk", async () => {
    const atEnd = await server.stream(path, { prompt: "ab", max_tokens: 2, stream_options: { include_usage: true } });
    expect(atEnd.events.slice(0, -1).map((event) => event.usage)).toEqual([null, null]);
    const total = { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4, prompt_tokens_details: null };
    expect(atEnd.events.at(-1)).toMatchObject({ choices: [], usage: total });
    const always = await server.stream(path, {
      prompt: "ab",
      max_tokens: 2,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
    expect(always.events.map((event) => event.usage.completion_tokens)).toEqual([1, 2, 2]);
  });

  it("mixes prompts and outputs by index, echo first, token ids in the first chunk", async () => {
    const { events } = await server.stream(path, {
      prompt: ["ab", "c"],
      n: 2,
      max_tokens: 2,
      echo: true,
      logprobs: 0,
      return_token_ids: true,
    });
    const texts: string[] = [];
    const offsets: number[][] = [];
    const promptIds: (number[] | null)[][] = [[], [], [], []];
    for (const { choices } of events) {
      for (const choice of choices) {
        texts[choice.index] = (texts[choice.index] ?? "") + choice.text;
        offsets[choice.index] = [...(offsets[choice.index] ?? []), ...choice.logprobs.text_offset];
        promptIds[choice.index]!.push(choice.prompt_token_ids);
      }
    }
    expect(texts).toEqual([
      `ab${letters("b", 2)}`,
      `ab${letters("b", 2, 1)}`,
      `c${letters("c", 2)}`,
      `c${letters("c", 2, 1)}`,
    ]);
    expect(offsets[0]).toHaveLength(4);
    expect(promptIds[2]).toEqual([[99], null]);
  });
});

describe("refusals", () => {
  const refused = async (body: object, status = 400) => {
    const answer = await server.post(path, { prompt: "a", ...body });
    expect(answer.status, JSON.stringify(answer.json)).toBe(status);
    expect(answer.json.error.code).toBe(status);
    return answer.json.error as { message: string; param: string | null; type: string };
  };

  it.each([
    [{ model: "other" }, 404, "model", /model `other` does not exist; this server has fake-model, org\/alias/],
    [{ suffix: "x" }, 400, "suffix", /not supported/],
    [{ prompt: null }, 400, "prompt", /missing/],
    [{ prompt: [] }, 400, "prompt", /empty list/],
    [{ prompt: 5 }, 400, "prompt", /got number/],
    [{ prompt: ["a", [1]] }, 400, "prompt", /text, token ids/],
    [{ prompt: [1, "a"] }, 400, "prompt", /got string at position 1/],
    [{ prompt: [256] }, 400, "prompt", /integers in \[0, 256\); got 256 at position 0/],
    [{ prompt: [1.5] }, 400, "prompt", /got 1.5/],
    [{ prompt: [[1], [-1]] }, 400, "prompt", /got -1/],
    [{ prompt: Array(65).fill(1) }, 400, "prompt", /context length of 64 tokens \(--max-model-len\); got 65 tokens/],
    [{ prompt: "x".repeat(64) }, 400, "prompt", /64/],
    [{ prompt: "x".repeat(100_000) }, 400, "prompt", /64 tokens .* got 100000 characters/],
    [{ prompt: Array(5000).fill("a") }, 400, "prompt", /at most 4096 prompts/],
    [{ max_tokens: 0 }, 400, "max_tokens", /at least 1/],
    [{ max_tokens: "many" }, 400, "max_tokens", /expected .*got "many"/],
    [{ temperature: -1 }, 400, "temperature", /\[0, 2\]; got -1/],
    [{ temperature: "hot" }, 400, "temperature", /expected number.*got "hot"/],
    [{ top_p: 0 }, 400, "top_p", /\(0, 1\]/],
    [{ n: 0 }, 400, "n", /integer/],
    [{ n: 1e9 }, 400, "n", /16384/],
    [{ n: 5000, prompt: ["a", "b", "c", "d"] }, 400, "n", /at most 16384 outputs .* 4 prompts with n 5000/],
    [{ logprobs: true }, 400, "logprobs", /got true/],
    [{ stop: [1] }, 400, "stop.0", /got 1/],
    [{ stop: Array(1000).fill("x") }, 400, "stop", /list of 1000/],
    [{ stream_options: { include_usage: true } }, 400, "stream_options", /needs stream: true/],
    [{ stream_options: 3 }, 400, "stream_options", /object/],
    [{ logit_bias: { x: 1 } }, 400, "logit_bias", /got "x"/],
    [{ use_beam_search: true, n: 2, logprobs: 1, logprob_token_ids: [1] }, 400, "logprob_token_ids", /beam/],
    [{ logprob_token_ids: [1] }, 400, "logprob_token_ids", /needs logprobs/],
    [{ logprobs: 1, logprob_token_ids: [] }, 400, "logprob_token_ids", /at least one/],
    [{ logprobs: 1, logprob_token_ids: Array(129).fill(1) }, 400, "logprob_token_ids", /128/],
    [{ stream_interval: 0 }, 400, "stream_interval", /1/],
    [{ best_of: 2 }, 400, "best_of", /not in this version/],
    [{ prompt: "" }, 400, "prompt", /empty/],
    [{ response_format: { type: "xml" } }, 400, "response_format", /must be one of text, json_object/],
    [{ structured_outputs: {} }, 400, "structured_outputs", /You must use one kind/],
    [{ stream: true, prompt_logprobs: 1 }, 400, "prompt_logprobs", /not available in a stream/],
  ])("%j", async (body, status, param, message) => {
    const error = await refused(body, status);
    expect(error.message).toMatch(message);
    expect(error.param).toBe(param);
    expect(error.type).toBe(status === 404 ? "NotFoundError" : "BadRequestError");
  });

  it("asks for nothing with null, false and the text format", async () => {
    await complete({
      prompt: "a",
      best_of: 1,
      use_beam_search: false,
      response_format: { type: "text" },
      suffix: null,
      stop: null,
      kv_transfer_params: null,
    });
  });

  it("says what a field of several forms takes", async () => {
    const message = async (stop: unknown) => (await server.post(path, { prompt: "a", stop })).json.error.message;
    expect(await message(5)).toBe("stop: expected string or array; got 5");
    expect(await message(Array(257).fill("a"))).toMatch(
      /^stop: expected array to have <=256 items; got a list of 257$/,
    );
  });

  it("accepts unknown fields, and logs each once", async () => {
    await complete({ prompt: "a", max_tokens: 1, frobnicate: 1 });
    await complete({ prompt: "a", max_tokens: 1, frobnicate: 2 });
    expect(server.log).toEqual(["request field frobnicate is not known; it is ignored"]);
  });
});

describe("beam search", () => {
  it("gives the n best, the best first, whole and in a stream", async () => {
    const body = { prompt: ["a", "b"], n: 2, max_tokens: 2, temperature: 0, use_beam_search: true, length_penalty: 1 };
    const json = await complete(body);
    // The fake engine finds A and B likeliest, whatever came before.
    expect(json.choices.map((c: any) => [c.index, c.text, c.finish_reason])).toEqual([
      [0, "AA", "length"],
      [1, "AB", "length"],
      [2, "AA", "length"],
      [3, "AB", "length"],
    ]);
    expect(json.usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 8 });
    const { events, done } = await server.stream(path, { model: "fake-model", ...body });
    expect(done).toBe(true);
    expect(events.flatMap((e: any) => e.choices.map((c: any) => [c.index, c.text])).sort()).toEqual(
      json.choices.map((c: any) => [c.index, c.text]),
    );
  });
});

describe("chosen log-probabilities", () => {
  it("hand the ids to the engine and report those it gives", async () => {
    const json = await complete({ prompt: "a", max_tokens: 1, logprobs: 1, logprob_token_ids: [65, 66, 67] });
    expect(server.engine.calls[0]!.params).toMatchObject({ logprobTokenIds: [65, 66, 67] });
    expect(Object.keys(json.choices[0].logprobs.top_logprobs[0])).toEqual(["t", "A", "B", "C"]);
  });
});

describe("stream_interval", () => {
  it("goes to the engine; the server's own is the least", async () => {
    await server.stream(path, { prompt: "a", max_tokens: 1, stream_interval: 5 });
    expect(server.engine.calls[0]!.params).toMatchObject({ streamInterval: 5 });
    const coarse = await testServer({ streamInterval: 3 });
    for (const stream_interval of [undefined, 2, 4])
      await coarse.stream(path, { prompt: "a", max_tokens: 1, stream_interval });
    expect(coarse.engine.calls.map(({ params }) => params.streamInterval)).toEqual([3, 3, 4]);
    await coarse.close();
  });
});
