/** POST /v1/chat/completions over real HTTP. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
beforeEach(async () => void (server = await testServer()));
afterEach(() => server.close());

const path = "/v1/chat/completions";
const messages = [{ role: "user", content: "hi" }];
const chat = async (body: object = {}) => {
  const { status, json } = await server.post(path, { messages, max_tokens: 3, ...body });
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
};
/** The rendered prompt is "u:hi;", and the fake engine goes on from ";". */
const letters = (count: number, index = 0) =>
  Array.from({ length: count }, (_, i) => String.fromCharCode(97 + ((";".charCodeAt(0) + i + index) % 26))).join("");

describe("one answer", () => {
  it("has OpenAI's shape and vLLM's additions", async () => {
    expect(await chat()).toEqual({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/),
      object: "chat.completion",
      created: expect.any(Number),
      model: "fake-model",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: letters(3),
            refusal: null,
            annotations: null,
            audio: null,
            function_call: null,
            reasoning: null,
          },
          logprobs: null,
          finish_reason: "length",
          stop_reason: null,
          token_ids: null,
        },
      ],
      service_tier: null,
      system_fingerprint: null,
      usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8, prompt_tokens_details: null },
      prompt_logprobs: null,
      prompt_token_ids: null,
      prompt_text: null,
      kv_transfer_params: null,
    });
  });

  it("goes up to the model's length by default; max_completion_tokens wins over max_tokens", async () => {
    expect((await chat({ max_tokens: undefined })).usage.completion_tokens).toBe(59);
    expect(server.engine.calls[0]!.options.strictLength).toBe(false);
    expect((await chat({ max_completion_tokens: 2 })).usage.completion_tokens).toBe(2);
  });

  it("hands messages and template arguments to the engine", async () => {
    await chat({
      messages: [
        {
          role: "system",
          content: [
            { type: "text", text: "be" },
            { type: "text", text: " kind" },
          ],
        },
        { role: "user", content: "hi", name: "Ann", extra: 1 },
        {
          role: "assistant",
          tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{"x": 1}' } }],
        },
        { role: "tool", content: "2", tool_call_id: "1" },
        { role: "assistant", content: "so" },
      ],
      continue_final_message: true,
      chat_template_kwargs: { enable_thinking: false },
      reasoning_effort: "low",
      tools: [{ type: "function", function: { name: "f" } }],
      tool_choice: "none",
    });
    const [{ messages: rendered, options }] = server.engine.rendered as [(typeof server.engine.rendered)[0]];
    expect(rendered[0]!.content).toEqual([
      { type: "text", text: "be" },
      { type: "text", text: " kind" },
    ]);
    expect(rendered[1]).toEqual({ role: "user", content: "hi", name: "Ann", extra: 1 });
    expect(rendered[2]).toMatchObject({ content: null, tool_calls: [{ function: { arguments: { x: 1 } } }] });
    expect(options).toEqual({
      addGenerationPrompt: false,
      continueFinalMessage: true,
      chatTemplateKwargs: { enable_thinking: false, reasoning_effort: "low" },
      tools: [{ type: "function", function: { name: "f", description: null, parameters: null } }],
    });
  });

  it("gives n outputs, echo, token ids and log-probabilities", async () => {
    const json = await chat({
      n: 2,
      max_tokens: 1,
      logprobs: true,
      top_logprobs: 2,
      return_token_ids: true,
      return_prompt_text: true,
    });
    const token = letters(1);
    expect(json.choices.map((choice: any) => choice.message.content)).toEqual([token, letters(1, 1)]);
    expect(json.choices[0].token_ids).toEqual([token.charCodeAt(0)]);
    expect(json.prompt_token_ids).toEqual([...Buffer.from("u:hi;")]);
    expect(json.prompt_text).toBe("u:hi;");
    expect(json.choices[0].logprobs).toEqual({
      content: [
        {
          token,
          logprob: -0.5,
          bytes: [token.charCodeAt(0)],
          top_logprobs: [
            { token: "A", logprob: -0.1, bytes: [65] },
            { token, logprob: -0.5, bytes: [token.charCodeAt(0)] },
          ],
        },
      ],
    });
    expect((await chat({ logprobs: true, max_tokens: 1 })).choices[0].logprobs.content[0].top_logprobs).toEqual([]);
  });

  it("echoes a message that the answer goes on with", async () => {
    const begun = [...messages, { role: "assistant", content: "he" }];
    const options = { echo: true, add_generation_prompt: false, continue_final_message: true, max_tokens: 2 };
    const json = await chat({ messages: begun, ...options });
    expect(json.choices[0].message.content).toBe(`he${letters(2)}`);
    expect(json.prompt_logprobs).toHaveLength(10);
    expect((await chat({ echo: true, max_tokens: 2 })).choices[0].message.content).toBe(letters(2));
  });

  it("gives prompt_logprobs beside the choices", async () => {
    const { prompt_logprobs: rows } = await chat({ prompt_logprobs: 0 });
    expect(rows).toHaveLength(5);
    expect(rows[0]).toBeNull();
    expect(rows[1]).toEqual({ "58": { logprob: -0.5, rank: 2, decoded_token: ":" } });
  });
});

describe("a stream", () => {
  it("starts with the role, and ends with a reason", async () => {
    const { events, done } = await server.stream(path, { messages, max_tokens: 2 });
    expect(done).toBe(true);
    expect(events.map((event) => event.choices[0].delta)).toEqual([
      { role: "assistant", content: "" },
      { content: letters(1) },
      { content: letters(2)[1] },
    ]);
    expect(events.map((event) => event.choices[0].finish_reason)).toEqual([null, null, "length"]);
    expect(events.every((event) => event.object === "chat.completion.chunk" && !("usage" in event))).toBe(true);
  });

  it("sends what one engine step brought in one piece", async () => {
    server.engine.stepMs = 20;
    const body = JSON.stringify({ messages, max_tokens: 3, n: 4, stream: true });
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(server.url + path, { method: "POST", headers, body });
    const pieces: string[] = [];
    for await (const piece of response.body!) pieces.push(Buffer.from(piece).toString());
    const counts = pieces.map((piece) => piece.split("data: {").length - 1);
    expect(counts.filter((count) => count > 0)).toEqual([8, 4, 4]); // the first with four roles
  });

  it("carries log-probabilities, token ids, and usage", async () => {
    const { events } = await server.stream(path, {
      messages,
      max_tokens: 2,
      logprobs: true,
      top_logprobs: 1,
      return_token_ids: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
    expect(events[0]).toMatchObject({ prompt_token_ids: [...Buffer.from("u:hi;")], usage: { completion_tokens: 0 } });
    expect(events[1].choices[0].logprobs.content[0].top_logprobs).toEqual([{ token: "A", logprob: -0.1, bytes: [65] }]);
    expect(events[1].choices[0].token_ids).toEqual([letters(1).charCodeAt(0)]);
    expect(events.slice(1).map((event) => event.usage.completion_tokens)).toEqual([1, 2, 2]);
    expect(events.at(-1).choices).toEqual([]);
  });
});

describe("refusals", () => {
  it.each([
    [{ messages: undefined }, "messages", /missing/],
    [{ messages: [] }, "messages", /at least one message/],
    [{ messages: "hi" }, "messages", /expected array.*got "hi"/],
    [{ messages: [{ content: "x" }] }, "messages.0.role", /missing/],
    [{ messages: [{ role: "user", content: 5 }] }, "messages.0.content", /got 5/],
    [{ messages: [{ role: "user", content: [{ text: "x" }] }] }, "messages.0.content.0.type", /missing/],
    [{ messages: [{ role: "user", content: [{ type: "text" }] }] }, "messages.0.content.0", /expected a string/],
    [
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] },
      "messages.0.content.0",
      /"image_url" is not in this version/,
    ],
    [
      { messages: [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: "{" } }] }] },
      "messages.0.tool_calls.0.function.arguments",
      /expected JSON/,
    ],
    [{ tools: [{ type: "function", function: { name: "f" } }] }, "tool_choice", /--enable-auto-tool-choice/],
    [{ tools: [] }, "tools", /must not be an empty array/],
    [{ tool_choice: "auto" }, "tool_choice", /`tools` must be set/],
    [{ tools: [{ type: "function", function: {} }] }, "tools.0.function.name", /missing/],
    [{ tools: [{ type: "web_search" }] }, "tools.0.type", /function/],
    [{ tool_choice: "sometimes", tools: [{ function: { name: "f" } }] }, "tool_choice", /Only named tools/],
    [{ tool_choice: { function: { name: "g" } }, tools: [{ function: { name: "f" } }] }, "tool_choice", /match any/],
    [{ tool_choice: { function: {} }, tools: [{ function: { name: "f" } }] }, "tool_choice.function.name", /Expected/],
    [{ tool_choice: { function: "f" }, tools: [{ function: { name: "f" } }] }, "tool_choice.function", /Invalid/],
    [{ reasoning_effort: "lots" }, "reasoning_effort", /minimal/],
    [{ top_logprobs: 2 }, "top_logprobs", /`logprobs` must be set/],
    [{ chat_template: "x" }, "chat_template", /--trust-request-chat-template/],
    [{ chat_template_kwargs: { chat_template: "x" } }, "chat_template", /--trust-request-chat-template/],
    [{ add_generation_prompt: true, continue_final_message: true }, "continue_final_message", /both/],
    [{ max_tokens: 0 }, "max_tokens", />=1|at least|1/],
    [{ stream: true, prompt_logprobs: 1 }, "prompt_logprobs", /stream/],
    [{ model: 7 }, "model", /got 7/],
  ])("%j", async (body, param, message) => {
    const { status, json } = await server.post(path, { messages, ...body });
    expect(status).toBe(400);
    expect(json.error.message).toMatch(message);
    expect(json.error).toMatchObject({ param, type: "BadRequestError", code: 400 });
    expect(server.engine.calls).toEqual([]);
  });

  it("takes a template from a request when that is trusted", async () => {
    await server.close();
    server = await testServer({ trustRequestChatTemplate: true, defaultChatTemplateKwargs: { a: 1, b: 1 } });
    await chat({ chat_template: "{{ x }}", chat_template_kwargs: { b: 2 } });
    expect(server.engine.rendered[0]!.options).toMatchObject({
      chatTemplate: "{{ x }}",
      chatTemplateKwargs: { a: 1, b: 2 },
    });
  });
});

describe("beam search", () => {
  it("gives the n best answers, the best first", async () => {
    const body = { messages: [{ role: "user", content: "a" }], n: 2, max_tokens: 2, use_beam_search: true };
    const { status, json } = await server.post(path, body);
    expect(status, JSON.stringify(json)).toBe(200);
    expect(json.choices.map((c: any) => c.message.content)).toEqual(["AA", "AB"]);
    const { events } = await server.stream(path, body);
    const texts = ["", ""];
    for (const { choices } of events) for (const c of choices) texts[c.index] += c.delta.content ?? "";
    expect(texts).toEqual(["AA", "AB"]);
  });
});
