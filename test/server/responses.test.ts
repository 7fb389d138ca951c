/** /v1/responses over HTTP, from an engine that says what the test wrote, with the openai client. */
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import type { ServerOptions } from "../../src/config/server-config.js";
import { FakeEngine } from "./fake-engine.js";
import { ScriptedEngine } from "./scripted-engine.js";
import { serverAround, testServer, until } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer<FakeEngine>;
afterEach(() => server?.close());

const path = "/v1/responses";
const client = () => new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });

async function saying(pieces: string[], options: ServerOptions = {}) {
  const engine = new ScriptedEngine();
  engine.script = [pieces];
  engine.addTokens("<think>", "</think>");
  server = await serverAround(engine, options);
  return engine;
}

const weather = {
  type: "function" as const,
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" } } },
  strict: null,
};
const calling: ServerOptions = { enableAutoToolChoice: true, toolCallParser: "hermes" };
const thinking: ServerOptions = { reasoningParser: "qwen3" };
const CALL = ['<tool_call>\n{"name": "weather", "argu', 'ments": {"city": "Oslo"}}\n</tool_call>'];

/** Events by what begins and ends; numbers without a gap; the whole answer as the events tell it. */
function checkEvents(events: any[]): any {
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
  const open: string[] = [];
  for (const { type } of events) {
    if (type === "response.created" || type.endsWith(".added")) open.push(type);
    else if (/^response\.(completed|incomplete|failed)$/.test(type)) expect(open.pop()).toBe("response.created");
    else if (type.endsWith(".delta")) {
      if (open.at(-1) !== type) open.push(type);
    } else if (type.endsWith(".done")) {
      const begin = type.replace(/done$/, /(text|arguments)\.done$/.test(type) ? "delta" : "added");
      if (open.at(-1) === begin) open.pop();
      // Nothing may have come between.
      else expect(type).toMatch(/(text|arguments)\.done$/);
    }
  }
  expect(open).toEqual([]);
  const { response } = events.at(-1);
  const texts = (type: string) =>
    events
      .filter((event) => event.type === type)
      .map(({ delta }) => delta)
      .join("");
  const content = (type: string) =>
    response.output.flatMap((item: any) => item.content ?? []).filter((part: any) => part.type === type);
  expect(texts("response.output_text.delta")).toBe(
    content("output_text")
      .map((part: any) => part.text)
      .join(""),
  );
  expect(texts("response.reasoning_text.delta")).toBe(
    content("reasoning_text")
      .map((part: any) => part.text)
      .join(""),
  );
  expect(texts("response.function_call_arguments.delta")).toBe(
    response.output.map((item: any) => item.arguments ?? "").join(""),
  );
  return response;
}

const ANY_ID = expect.stringMatching(/^(resp|msg|rs|fc)_[0-9a-f]{32}$/);
/** Without what differs between two answers to the same request. */
function plain(response: any): any {
  const { id: _, created_at: __, completed_at: ___, ...rest } = response;
  return { ...rest, output: rest.output.map(({ id: _id, call_id: _call, ...item }: any) => item) };
}

describe("an answer", () => {
  it("has the fields of the API", async () => {
    await saying(["Hel", "lo"]);
    const { status, json } = await server.post(path, {
      model: "fake-model",
      input: "hi",
      metadata: { a: "b" },
      temperature: 0.5,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: ANY_ID,
      object: "response",
      status: "completed",
      error: null,
      incomplete_details: null,
      model: "fake-model",
      metadata: { a: "b" },
      temperature: 0.5,
      top_p: 1,
      tool_choice: "auto",
      tools: [],
      parallel_tool_calls: true,
      truncation: "disabled",
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 7,
      },
    });
    expect(json.output).toEqual([
      {
        id: ANY_ID,
        type: "message",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "Hello", annotations: [], logprobs: null }],
        phase: null,
      },
    ]);
  });

  it.each([
    ["text", ["Hel", "lo"], {}, {}],
    ["reasoning and text", ["I th", "ink.</think>", "\n\nYes", "."], thinking, {}],
    ["a call", CALL, calling, { tools: [weather] }],
    ["text and calls", ["See: ", ...CALL, ...CALL], calling, { tools: [weather] }],
    ["reasoning alone", ["I think"], thinking, {}],
    ["nothing", [""], {}, {}],
  ])("is the same in a stream: %s", async (_, pieces, options, body) => {
    await saying(pieces, options);
    const whole = (await server.post(path, { input: "hi", ...body })).json;
    const { events, done } = await server.stream(path, { input: "hi", ...body });
    expect(done).toBe(false);
    expect(plain(checkEvents(events))).toEqual(plain(whole));
    // The client puts the same together from the events.
    const stream = client().responses.stream({ model: "fake-model", input: "hi", ...(body as object) });
    const final = await stream.finalResponse();
    expect(final.output_text).toBe(
      whole.output
        .flatMap((item: any) => (item.type === "message" ? item.content : []))
        .map((part: any) => part.text)
        .join(""),
    );
    expect(final.output).toHaveLength(whole.output.length);
  });

  it("names each event, and counts tokens of reasoning", async () => {
    await saying(["so", "</think>", "yes"], thinking);
    const { text, events } = await server.stream(path, { input: "hi" });
    for (const part of text.trim().split("\n\n")) {
      const [, name, data] = /^event: (\S+)\ndata: (.*)$/.exec(part)!;
      expect(JSON.parse(data!).type).toBe(name);
    }
    expect(events.at(-1).response.usage.output_tokens_details.reasoning_tokens).toBe(1);
    expect(events.map(({ type }) => type.replace("response.", ""))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "reasoning_text.delta",
      "reasoning_text.done",
      "content_part.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
  });

  it("that is cut off is incomplete", async () => {
    (await saying(["a", "b"])).finishReason = "length";
    const { json } = await server.post(path, { input: "hi", max_output_tokens: 2 });
    expect([json.status, json.incomplete_details, json.output[0].status]).toEqual([
      "incomplete",
      { reason: "max_output_tokens" },
      "incomplete",
    ]);
    const { events } = await server.stream(path, { input: "hi", max_output_tokens: 2 });
    expect(events.at(-1).type).toBe("response.incomplete");
  });

  it("has log-probabilities and raw messages where they are asked for", async () => {
    await saying(["Hel", "lo"]);
    const body = {
      input: "hi",
      include: ["message.output_text.logprobs"],
      top_logprobs: 2,
      enable_response_messages: true,
    };
    const { json } = await server.post(path, body);
    expect(json.output[0].content[0].logprobs.map(({ token }: any) => token)).toEqual(["Hel", "lo"]);
    expect(json.input_messages).toEqual([{ message: "u:hi;", tokens: expect.any(Array), type: "raw_message_tokens" }]);
    expect(json.output_messages[0].tokens).toHaveLength(2);
    const { events } = await server.stream(path, body);
    const deltas = events.filter(({ type }) => type === "response.output_text.delta");
    expect(deltas.map(({ logprobs }) => logprobs.length)).toEqual([1, 1]);
  });

  it("says what failed, after it began", async () => {
    server = await testServer({}, (engine) => (engine.failAfter = 2));
    const { events, done } = await server.stream(path, { input: "hi" });
    expect(done).toBe(false);
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error: { code: "server_error", message: "this request failed" } },
    });
    const before = await testServer({}, (engine) => (engine.failAfter = 0));
    expect((await before.post(path, { input: "hi", stream: true })).status).toBe(500);
    await before.close();
  });
});

describe("input", () => {
  const rendered = () => server.engine.rendered.at(-1)!;

  it("becomes messages: instructions, turns, calls and their results, reasoning", async () => {
    await saying(["ok"]);
    const input = [
      { role: "user", content: "weather?" },
      { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "I should call." }] },
      { type: "function_call", call_id: "c1", name: "weather", arguments: '{"city":"Oslo"}' },
      { type: "function_call", call_id: "c2", name: "weather", arguments: "" },
      { type: "function_call_output", call_id: "c1", output: "rain" },
      { type: "function_call_output", call_id: "c2", output: [{ type: "input_text", text: "sun" }] },
      {
        type: "message",
        role: "assistant",
        id: "m",
        content: [{ type: "output_text", text: "Rain.", annotations: [] }],
      },
      { type: "reasoning", summary: [], encrypted_content: null },
      { type: "message", role: "user", content: [{ type: "input_text", text: "Thanks" }] },
    ];
    expect((await server.post(path, { instructions: "Be brief.", input })).status).toBe(200);
    expect(rendered().messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "weather?" },
      {
        role: "assistant",
        content: null,
        reasoning: "I should call.",
        reasoning_content: "I should call.",
        thinking: "I should call.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "weather", arguments: { city: "Oslo" } } },
          { id: "c2", type: "function", function: { name: "weather", arguments: {} } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: "rain" },
      { role: "tool", tool_call_id: "c2", content: [{ type: "text", text: "sun" }] },
      { role: "assistant", content: [{ type: "text", text: "Rain." }] },
      { role: "user", content: [{ type: "text", text: "Thanks" }] },
    ]);
  });

  it("goes on with an unfinished message, and tells the template of effort", async () => {
    await saying(["ok"]);
    await server.post(path, {
      input: [
        { role: "user", content: "count" },
        { type: "message", role: "assistant", status: "incomplete", content: [{ type: "output_text", text: "1, 2," }] },
      ],
      reasoning: { effort: "low" },
    });
    expect(rendered().options).toMatchObject({
      continueFinalMessage: true,
      addGenerationPrompt: false,
      chatTemplateKwargs: { reasoning_effort: "low", enable_thinking: true },
    });
  });

  it("hands formats and sampling on", async () => {
    const engine = await saying(["{}"]);
    const schema = { type: "object" };
    await server.post(path, {
      input: "hi",
      text: { format: { type: "json_schema", name: "x", schema } },
      temperature: 0.3,
      top_k: 5,
      seed: 3,
      max_output_tokens: 9,
    });
    expect(engine.params).toMatchObject({ temperature: 0.3, topK: 5, seed: 3, maxTokens: 9 });
    expect(engine.params!.structuredOutputs).toMatchObject({ json: expect.anything() });
  });

  const item = { type: "function_call", call_id: "c", name: "f" };
  it.each([
    [{}, 400, "input"],
    [{ input: [] }, 400, "input"],
    [{ input: 5 }, 400, "input"],
    [{ input: [{ type: "web_search_call" }] }, 400, "input.0.type"],
    [{ input: [{ content: "x" }] }, 400, "input.0.role"],
    [{ input: [{ role: "user", content: [{ type: "input_image", image_url: "x" }] }] }, 400, "input.0.content.0"],
    [{ input: [{ ...item, call_id: undefined }] }, 400, "input.0.call_id"],
    [{ input: [{ ...item, arguments: "{" }] }, 400, "input.0.arguments"],
    [{ input: [{ type: "reasoning", encrypted_content: "abc" }] }, 400, "input.0.encrypted_content"],
    [{ input: "a", model: "other" }, 404, "model"],
    [{ input: "a", tools: [{ type: "web_search" }] }, 400, "tools.0.type"],
    [{ input: "a", tools: [{ type: "function" }] }, 400, "tools.0.name"],
    [{ input: "a", tools: [weather] }, 400, "tool_choice"],
    [{ input: "a", tool_choice: "required" }, 400, "tool_choice"],
    [{ input: "a", tools: [weather], tool_choice: { type: "function", name: "other" } }, 400, "tool_choice"],
    [{ input: "a", tools: [weather], tool_choice: { type: "mcp" } }, 400, "tool_choice"],
    [{ input: "a", max_output_tokens: 0 }, 400, "max_output_tokens"],
    [{ input: "a", prompt: { id: "x" } }, 400, "prompt"],
    [{ input: "a", background: true, store: false }, 400, "background"],
    [{ input: "a", background: true }, 400, "background"],
    [{ input: "a", include: ["everything"] }, 400, "include.0"],
    [
      { input: "a", text: { format: { type: "json_schema", name: "x" } }, structured_outputs: { regex: "a" } },
      400,
      "structured_outputs",
    ],
    [{ input: "a", previous_response_id: "nonsense" }, 400, "previous_response_id"],
    [{ input: "a", previous_response_id: "resp_0" }, 404, "previous_response_id"],
    [{ input: "a", thinking_token_budget: 5 }, 400, "thinking_token_budget"],
    [{ input: "a", temperature: 9 }, 400, "temperature"],
  ])("refuses %j", async (body, status, param) => {
    await saying(["x"]);
    for (const stream of [false, true]) {
      const answer = await server.post(path, { ...body, stream });
      expect([answer.status, answer.json.error?.param], JSON.stringify(answer.json)).toEqual([status, param]);
    }
  });
});

describe("the store", () => {
  const stored: ServerOptions = { enableResponsesApiStore: true };

  it("gives responses again, and the turns before to the next one", async () => {
    await saying(["Hello"], stored);
    const first = await client().responses.create({ input: "I am Mark.", instructions: "Be brief." });
    expect((await client().responses.retrieve(first.id)).output_text).toBe("Hello");
    const second = await client().responses.create({ input: "Who am I?", previous_response_id: first.id });
    expect(second.previous_response_id).toBe(first.id);
    expect(server.engine.rendered.at(-1)!.messages).toEqual([
      { role: "user", content: "I am Mark." },
      { role: "assistant", content: [{ type: "text", text: "Hello" }] },
      { role: "user", content: "Who am I?" },
    ]);
    await expect(client().responses.cancel(first.id)).rejects.toThrow("Cannot cancel a synchronous response.");
    const kept = await client().responses.create({ input: "x", store: false });
    await expect(client().responses.retrieve(kept.id)).rejects.toThrow(/Response with id .* not found/);
    expect((await server.get(`${path}/abc`)).status).toBe(400);
  });

  it("keeps streamed ones too, and drops the oldest", async () => {
    await saying(["x".repeat(1000)], { ...stored, responsesStoreMaxBytes: 10_000 });
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) {
      const { events } = await server.stream(path, { input: "hi" });
      ids.push(events.at(-1).response.id);
    }
    const found = await Promise.all(ids.map(async (id) => (await server.get(`${path}/${id}`)).status));
    expect(found[0]).toBe(404);
    expect(found.at(-1)).toBe(200);
  });

  it("is off by default", async () => {
    await saying(["Hello"]);
    const { id, store } = (await server.post(path, { input: "hi" })).json;
    expect(store).toBe(false);
    expect((await server.get(`${path}/${id}`)).status).toBe(404);
  });

  it("makes responses in the background, and streams them from any event on", async () => {
    await saying(["a", "b", "c"], stored);
    const queued = await client().responses.create({ input: "hi", background: true });
    expect([queued.status, queued.output]).toEqual(["queued", []]);
    await expect.poll(async () => (await client().responses.retrieve(queued.id)).status).toBe("completed");
    const text = (await server.get(`${path}/${queued.id}?stream=true&starting_after=1`)).text;
    const events = text
      .trim()
      .split("\n\n")
      .map((part) => JSON.parse(part.split("\ndata: ")[1]!));
    expect(events[0].sequence_number).toBe(2);
    expect(events.at(-1).type).toBe("response.completed");
    const { events: live } = await server.stream(path, { input: "hi", background: true });
    expect(checkEvents(live).output[0].content[0].text).toBe("abc");
  });

  it("cancels what is made in the background, and ends it in the engine", async () => {
    server = await testServer(stored, (engine) => (engine.stepMs = 20));
    const queued = await client().responses.create({ input: "hi", background: true });
    await until(() => (server.engine.calls[0]?.steps ?? 0) > 1, "begun");
    expect((await client().responses.cancel(queued.id)).status).toBe("cancelled");
    await until(() => server.engine.calls[0]!.ended === "aborted", "aborted");
    expect((await client().responses.retrieve(queued.id)).status).toBe("cancelled");
    expect(server.numOpenRequests).toBe(0);
  });
});
