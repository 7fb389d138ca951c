/** Anthropic's /v1/messages over HTTP, from an engine that says what the test wrote, with Anthropic's client. */
import Anthropic from "@anthropic-ai/sdk";
import { afterEach, describe, expect, it } from "vitest";
import type { ServerOptions } from "../../src/config/server-config.js";
import { FakeEngine } from "./fake-engine.js";
import { ScriptedEngine } from "./scripted-engine.js";
import { serverAround, testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer<FakeEngine>;
afterEach(() => server?.close());

const path = "/v1/messages";
const base = { model: "fake-model", max_tokens: 20, messages: [{ role: "user" as const, content: "hi" }] };
const client = (apiKey = "none") => new Anthropic({ baseURL: server.url, apiKey, maxRetries: 0 });

async function saying(pieces: string[], options: ServerOptions = {}) {
  const engine = new ScriptedEngine();
  engine.script = [pieces];
  engine.addTokens("<think>", "</think>");
  server = await serverAround(engine, options);
  return engine;
}

const weather = {
  name: "weather",
  description: "of a city",
  input_schema: { type: "object" as const, properties: { city: { type: "string" } } },
};
const calling: ServerOptions = { enableAutoToolChoice: true, toolCallParser: "hermes" };
const thinking: ServerOptions = { reasoningParser: "qwen3" };
const CALL = ['<tool_call>\n{"name": "weather", "argu', 'ments": {"city": "Oslo"}}\n</tool_call>'];

/** Without what differs between two answers to the same request. */
function plain(message: any): any {
  const content = message.content.map((block: any) => ({ ...block, id: undefined, signature: undefined }));
  return { ...message, id: undefined, content };
}

describe("a message", () => {
  it("has the fields of the API", async () => {
    await saying(["Hel", "lo"]);
    const message = await client().messages.create(base);
    expect(message).toMatchObject({
      id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      type: "message",
      role: "assistant",
      model: "fake-model",
      content: [{ type: "text", text: "Hello" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 5, output_tokens: 2 },
    });
  });

  it.each([
    ["text", ["Hel", "lo"], {}, {}, ["text"], "end_turn"],
    ["thinking and text", ["I th", "ink.</think>", "\n\nYes", "."], thinking, {}, ["thinking", "text"], "end_turn"],
    ["a call", CALL, calling, { tools: [weather] }, ["tool_use"], "tool_use"],
    [
      "text and calls",
      ["See: ", ...CALL, ...CALL],
      calling,
      { tools: [weather] },
      ["text", "tool_use", "tool_use"],
      "tool_use",
    ],
    ["nothing", [""], {}, {}, [], "end_turn"],
  ])("is the same in a stream: %s", async (_, pieces, options, body, types, reason) => {
    await saying(pieces, options);
    const whole = await client().messages.create({ ...base, ...body });
    expect(whole.content.map(({ type }) => type)).toEqual(types);
    expect(whole.stop_reason).toBe(reason);
    const final = await client()
      .messages.stream({ ...base, ...body })
      .finalMessage();
    const { parsed_output: _parsed, ...message } = final as any;
    expect(plain(message)).toEqual(plain(whole));
    for (const block of whole.content) if (block.type === "tool_use") expect(block.input).toEqual({ city: "Oslo" });
  });

  it("streams the events of the API", async () => {
    await saying(["so", "</think>", "yes"], thinking);
    const { events, text, done } = await server.stream(path, base);
    expect(done).toBe(false);
    for (const part of text.trim().split("\n\n")) {
      const [, name, data] = /^event: (\S+)\ndata: (.*)$/.exec(part)!;
      expect(JSON.parse(data!).type).toBe(name);
    }
    expect(events.map(({ type, delta }) => (type === "content_block_delta" ? delta.type : type))).toEqual([
      "message_start",
      "ping",
      "content_block_start",
      "thinking_delta",
      "signature_delta",
      "content_block_stop",
      "content_block_start",
      "text_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(events[0].message).toMatchObject({ content: [], stop_reason: null, usage: { input_tokens: 5 } });
    expect(events.at(-2)).toEqual({
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { input_tokens: 5, output_tokens: 3 },
    });
  });

  it("says why it stopped", async () => {
    const engine = await saying(["a"]);
    engine.finishReason = "length";
    expect((await client().messages.create(base)).stop_reason).toBe("max_tokens");
    engine.finishReason = "stop";
    engine.stopReason = "END";
    const { stop_reason, stop_sequence } = await client().messages.create({ ...base, stop_sequences: ["END"] });
    expect([stop_reason, stop_sequence]).toEqual(["stop_sequence", "END"]);
    expect(engine.params).toMatchObject({ stop: ["END"], maxTokens: 20 });
  });

  it("tells of the prefix cache where the server does", async () => {
    server = await testServer({ enablePromptTokensDetails: true });
    const { usage } = (await server.post(path, base)).json;
    expect(usage).toEqual({
      input_tokens: 3,
      output_tokens: 20,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 2,
    });
  });

  it("hands sampling, formats and the budget for thinking on", async () => {
    const engine = await saying(["{}"], thinking);
    await server.post(path, {
      ...base,
      temperature: 0.3,
      top_k: 5,
      top_p: 0.9,
      thinking: { type: "enabled", budget_tokens: 1024 },
    });
    expect(engine.params).toMatchObject({
      temperature: 0.3,
      topK: 5,
      topP: 0.9,
      thinkingBudget: { maxTokens: 1024, endTokenIds: expect.any(Array) },
    });
    expect(engine.rendered.at(-1)!.options.chatTemplateKwargs).toEqual({ enable_thinking: true });
    const format = { type: "json_schema", schema: { type: "object" } };
    await server.post(path, { ...base, output_config: { format } });
    expect(engine.params!.structuredOutputs).toMatchObject({ json: expect.anything() });
  });
});

describe("a conversation", () => {
  it("becomes messages: system, calls and their results, thinking", async () => {
    await saying(["ok"], calling);
    await server.post(path, {
      ...base,
      system: [
        { type: "text", text: "Be brief." },
        { type: "text", text: "Be kind." },
      ],
      messages: [
        { role: "user", content: [{ type: "text", text: "weather?" }] },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "I should call.", signature: "x" },
            { type: "text", text: "One moment." },
            { type: "tool_use", id: "t1", name: "weather", input: { city: "Oslo" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "rain" }] },
            { type: "text", text: "And?" },
          ],
        },
      ],
      tools: [weather],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
    const { messages, options } = server.engine.rendered.at(-1)!;
    const thought = "I should call.";
    expect(messages).toEqual([
      { role: "system", content: "Be brief.\nBe kind." },
      { role: "user", content: [{ type: "text", text: "weather?" }] },
      {
        role: "assistant",
        content: "One moment.",
        reasoning: thought,
        reasoning_content: thought,
        thinking: thought,
        tool_calls: [{ id: "t1", type: "function", function: { name: "weather", arguments: { city: "Oslo" } } }],
      },
      { role: "tool", tool_call_id: "t1", content: "rain" },
      { role: "user", content: [{ type: "text", text: "And?" }] },
    ]);
    expect(options.tools).toEqual([
      {
        type: "function",
        function: { name: "weather", description: "of a city", parameters: weather.input_schema },
      },
    ]);
  });

  it("goes on with the assistant's own words", async () => {
    await saying(["ok"]);
    await client().messages.create({ ...base, messages: [...base.messages, { role: "assistant", content: "1, 2," }] });
    expect(server.engine.rendered.at(-1)!.options).toMatchObject({ continueFinalMessage: true });
  });
});

describe("errors", () => {
  it("have Anthropic's form, for Anthropic's client", async () => {
    await saying(["x"]);
    await expect(client().messages.create({ ...base, model: "other" })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    const { status, json } = await server.post(path, { ...base, messages: [] });
    expect([status, json]).toEqual([
      400,
      {
        type: "error",
        error: {
          type: "invalid_request_error",
          message: expect.stringContaining("messages"),
          param: "messages",
          code: 400,
        },
      },
    ]);
    expect((await server.post(path, "{")).json.type).toBe("error");
    expect((await server.post("/v1/chat/completions", "{")).json.error.code).toBe(400);
  });

  it.each([
    [{ max_tokens: undefined }, "max_tokens"],
    [{ max_tokens: 0 }, "max_tokens"],
    [{ model: undefined }, "model"],
    [{ messages: [{ role: "robot", content: "x" }] }, "messages.0.role"],
    [{ messages: [{ role: "user", content: [{ type: "image", source: {} }] }] }, "messages.0.content.0"],
    [{ messages: [{ role: "user", content: [{ type: "tool_result" }] }] }, "messages.0.content.0.tool_use_id"],
    [{ messages: [{ role: "assistant", content: [{ type: "tool_use", id: "x" }] }] }, "messages.0.content.0.name"],
    [{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, "tools.0.input_schema"],
    [{ tools: [weather] }, "auto"],
    [{ tools: [weather], tool_choice: { type: "tool" } }, "tool_choice.name"],
    [{ tools: [weather], tool_choice: { type: "tool", name: "other" } }, "tool_choice"],
    [{ stop_sequences: [""] }, "stop_sequences"],
    [{ temperature: 5 }, "temperature"],
  ])("name what is wrong: %j", async (change, words) => {
    await saying(["x"]);
    for (const stream of [false, true]) {
      const { status, json } = await server.post(path, { ...base, ...change, stream });
      expect([status, json.type], JSON.stringify(json)).toEqual([400, "error"]);
      expect(json.error.message).toContain(words);
    }
  });

  it("come as an event once the stream has begun", async () => {
    server = await testServer({}, (engine) => (engine.failAfter = 2));
    const { events } = await server.stream(path, base);
    expect(events.at(-1)).toEqual({
      type: "error",
      error: { type: "api_error", message: "this request failed", param: null, code: 500 },
    });
  });

  it("tell of a missing key, which may come as x-api-key", async () => {
    await saying(["x"], { apiKey: ["secret"] });
    await expect(client("wrong").messages.create(base)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    expect((await client("secret").messages.create(base)).content).toHaveLength(1);
  });
});

describe("count_tokens", () => {
  it("counts the prompt's tokens, tools and system included", async () => {
    await saying(["x"]);
    const { messages, model } = base;
    const counted = await client().messages.countTokens({ model, messages, system: "Be brief.", tools: [weather] });
    expect(counted).toEqual({ input_tokens: 17, context_management: { original_input_tokens: 17 } });
    expect(server.engine.calls).toEqual([]);
    expect((await server.post(`${path}/count_tokens`, { model: "other", messages })).status).toBe(404);
  });
});
