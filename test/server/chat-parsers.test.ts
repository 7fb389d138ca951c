/** Tool calls and reasoning over HTTP, from an engine that says what the test wrote. */
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import type { ServerOptions } from "../../src/config/server-config.js";
import { ScriptedEngine } from "./scripted-engine.js";
import { serverAround } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer<ScriptedEngine> | undefined;
afterEach(() => server?.close());

const path = "/v1/chat/completions";
const messages = [{ role: "user" as const, content: "hi" }];
const weather = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const clock = { type: "function" as const, function: { name: "clock" } };
const tools = [weather, clock];
const call = { id: expect.stringMatching(/^chatcmpl-tool-[0-9a-f]{32}$/), type: "function" };

/** A server whose model says these pieces. */
async function saying(pieces: string[], options: ServerOptions = {}, engine = new ScriptedEngine()) {
  engine.script = [pieces];
  server = await serverAround(engine, options);
  return server;
}

const auto: ServerOptions = { enableAutoToolChoice: true, toolCallParser: "hermes" };

/** The answer, and the same from a stream's deltas put together. */
async function both(body: object) {
  const { status, json } = await server!.post(path, { messages, ...body });
  expect(status, JSON.stringify(json)).toBe(200);
  const { events } = await server!.stream(path, { messages, stream_options: { include_usage: true }, ...body });
  const put = { content: "", reasoning: "", tool_calls: [] as any[], finish_reason: null as string | null };
  for (const { choices } of events) {
    for (const { delta, finish_reason } of choices) {
      put.content += delta.content ?? "";
      put.reasoning += delta.reasoning ?? "";
      put.finish_reason ??= finish_reason;
      for (const { index, id, function: called } of delta.tool_calls ?? []) {
        if (id !== undefined) put.tool_calls.push({ index, name: called.name, arguments: "" });
        put.tool_calls[index].arguments += called.arguments;
      }
    }
  }
  const [{ message, finish_reason }] = json.choices;
  expect(put).toEqual({
    content: message.content ?? "",
    reasoning: message.reasoning ?? "",
    tool_calls: (message.tool_calls ?? []).map(({ function: called }: any, index: number) => ({ index, ...called })),
    finish_reason,
  });
  expect(events.at(-1).usage).toEqual(json.usage);
  return { json, message, finish_reason, events };
}

describe("tool calls by the model's choice", () => {
  const pieces = [
    "Let me see.",
    "<tool",
    '_call>\n{"name": "weather",',
    ' "arguments": {"city": "Par',
    'is"}}',
    "\n</tool_call>",
  ];

  it("come with their text, whole and streamed", async () => {
    await saying(pieces, auto);
    const { message, finish_reason, events } = await both({ tools });
    expect(message.content).toBe("Let me see.");
    expect(message.tool_calls).toEqual([{ ...call, function: { name: "weather", arguments: '{"city": "Paris"}' } }]);
    expect(finish_reason).toBe("tool_calls");
    const deltas = events.flatMap(({ choices }) => choices.flatMap(({ delta }: any) => delta.tool_calls ?? []));
    expect(deltas[0]).toEqual({ index: 0, ...call, function: { name: "weather", arguments: '{"city": "Par' } });
    expect(deltas[1]).toEqual({ index: 0, function: { arguments: 'is"}' } });
  });

  it("may be several, without text; only the first with parallel_tool_calls false", async () => {
    const two = [
      '<tool_call>{"name": "weather", "arguments": {}}</tool_call>\n<tool_call>',
      '{"name": "clock"}</tool_call>',
    ];
    await saying(two, auto);
    const { message } = await both({ tools });
    expect(message.content).toBeNull();
    expect(message.tool_calls.map((one: any) => one.function)).toEqual([
      { name: "weather", arguments: "{}" },
      { name: "clock", arguments: "{}" },
    ]);
    expect((await both({ tools, parallel_tool_calls: false })).message.tool_calls).toHaveLength(1);
  });

  it("are text for requests without tools, and with tool_choice none", async () => {
    await saying(pieces, auto);
    expect((await both({})).message.content).toBe(pieces.join(""));
    expect((await both({ tools, tool_choice: "none" })).message).toMatchObject({ content: pieces.join("") });
    expect(server!.engine.rendered.at(-1)!.options.tools).toHaveLength(2);
  });

  it("keep the reason of a cut", async () => {
    const engine = new ScriptedEngine();
    engine.finishReason = "length";
    await saying(pieces.slice(0, 4), auto, engine);
    const { message, finish_reason } = await both({ tools });
    expect(finish_reason).toBe("length");
    expect(message.tool_calls[0].function.arguments).toBe('{"city": "Par');
  });

  it("keeps special tokens in the text where the parser looks for them", async () => {
    await saying(pieces, auto, new ScriptedEngine(["<tool_call>"]));
    await both({ tools });
    expect(server!.engine.params!.skipSpecialTokens).toBe(false);
    await server!.close();
    await saying(pieces, auto);
    await both({ tools });
    expect(server!.engine.params!.skipSpecialTokens).toBe(true);
  });

  it("leaves tools out of the prompt when told so", async () => {
    await saying(["ok"], { ...auto, excludeToolsWhenToolChoiceNone: true });
    await both({ tools, tool_choice: "none" });
    expect(server!.engine.rendered.at(-1)!.options).not.toHaveProperty("tools");
  });

  it("holds strict functions to their schemas", async () => {
    await saying(pieces, auto);
    await both({ tools: [{ type: "function", function: { ...weather.function, strict: true } }] });
    const tag = JSON.parse(server!.engine.params!.structuredOutputs!.structuralTag!);
    expect(tag.format.tags[0]).toEqual({
      type: "tag",
      begin: '<tool_call>\n{"name": "weather", "arguments": ',
      content: { type: "json_schema", json_schema: weather.function.parameters },
      end: "}\n</tool_call>",
    });
    expect(tag.format).toMatchObject({ triggers: ["<tool_call>"], at_least_one: false, stop_after_first: false });
  });
});

describe("tool calls that the request demands", () => {
  it("required: a list by grammar, whatever the model's format", async () => {
    await saying([
      '[{"name": "weather", "para',
      'meters": {"city": "Rome"}}, {"name": "clock", "parameters": {}}',
      "]",
    ]);
    const { message, finish_reason } = await both({ tools, tool_choice: "required" });
    expect(message.content).toBe("");
    expect(message.tool_calls.map((one: any) => one.function)).toEqual([
      { name: "weather", arguments: '{"city": "Rome"}' },
      { name: "clock", arguments: "{}" },
    ]);
    expect(finish_reason).toBe("tool_calls");
    expect(JSON.parse(server!.engine.params!.structuredOutputs!.json!)).toEqual({
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        anyOf: [
          {
            properties: { name: { type: "string", enum: ["weather"] }, parameters: weather.function.parameters },
            required: ["name", "parameters"],
          },
          {
            properties: {
              name: { type: "string", enum: ["clock"] },
              parameters: { type: "object", properties: {} },
            },
            required: ["name", "parameters"],
          },
        ],
      },
    });
  });

  it("named: the output is the arguments; it ends with stop", async () => {
    await saying([' {"city"', ': "Rome"}']);
    const named = { type: "function", function: { name: "weather" } };
    const { message, finish_reason } = await both({ tools, tool_choice: named });
    expect(message).toMatchObject({
      content: "",
      tool_calls: [{ ...call, function: { name: "weather", arguments: '{"city": "Rome"}' } }],
    });
    expect(finish_reason).toBe("stop");
    expect(JSON.parse(server!.engine.params!.structuredOutputs!.json!)).toEqual(weather.function.parameters);
  });
});

describe("reasoning", () => {
  const pieces = ["<think>", "2 and 2", " is 4", "</think>", "Four", "."];

  it("comes apart from the answer, with its tokens counted", async () => {
    const engine = new ScriptedEngine();
    engine.addTokens("<think>", "</think>");
    await saying(pieces, { reasoningParser: "deepseek_r1" }, engine);
    const { message, json } = await both({});
    expect(message).toMatchObject({ reasoning: "2 and 2 is 4", content: "Four." });
    expect(json.usage).toMatchObject({ completion_tokens: 6, completion_tokens_details: { reasoning_tokens: 2 } });
  });

  it("may be all there is, or not wanted, or closed by the prompt", async () => {
    await saying(pieces.slice(1, 3), { reasoningParser: "qwen3" });
    expect((await both({})).message).toMatchObject({ reasoning: "2 and 2 is 4", content: null });
    const off = await both({ include_reasoning: false, logprobs: true, return_token_ids: true });
    expect(off.message).toMatchObject({ reasoning: null, content: null });
    expect(off.json.choices[0]).toMatchObject({ logprobs: null, token_ids: null });
    server!.engine.promptEnd = "<think>\n\n</think>\n\n";
    expect((await both({})).message).toMatchObject({ reasoning: null, content: "2 and 2 is 4" });
  });

  it("goes before calls, and a grammar waits for its end", async () => {
    const engine = new ScriptedEngine();
    engine.addTokens("<think>", "</think>");
    await saying(
      ["Hm", "</think>", '[{"name": "clock", "parameters": {}}]'],
      { reasoningParser: "deepseek_r1" },
      engine,
    );
    const { message } = await both({ tools, tool_choice: "required" });
    expect(message).toMatchObject({ reasoning: "Hm", content: "", tool_calls: [{ function: { name: "clock" } }] });
    expect(server!.engine.params!.structuredOutputs!.startAfter).toEqual([1001]);
  });

  it("of earlier turns reaches the template by all its names", async () => {
    await saying(["ok"], { reasoningParser: "deepseek_r1" });
    const earlier = { role: "assistant", content: "4", reasoning_content: "sum", tool_calls: [] };
    await both({ messages: [...messages, earlier, ...messages], reasoning_effort: "high" });
    const { messages: rendered, options } = server!.engine.rendered.at(-1)!;
    expect(rendered[1]).toEqual({
      role: "assistant",
      content: "4",
      reasoning: "sum",
      reasoning_content: "sum",
      thinking: "sum",
    });
    expect(options.chatTemplateKwargs).toEqual({ reasoning_effort: "high", enable_thinking: true });
  });
});

describe("several answers", () => {
  it("are read apart, with log-probabilities of all tokens", async () => {
    const engine = new ScriptedEngine();
    await saying([], auto, engine);
    engine.script = [
      ["<tool_call>", '{"name": "clock"}', "</tool_call>"],
      ["It is ", "noon"],
    ];
    const { json, events } = await (async () => {
      const body = { messages, tools, n: 2, logprobs: true };
      const { json } = await server!.post(path, body);
      return { json, events: (await server!.stream(path, body)).events };
    })();
    expect(json.choices.map(({ finish_reason }: any) => finish_reason)).toEqual(["tool_calls", "stop"]);
    expect(json.choices[1].message.content).toBe("It is noon");
    for (const index of [0, 1]) {
      const streamed = events.flatMap(({ choices }) =>
        choices
          .filter((choice: any) => choice.index === index)
          .flatMap((choice: any) => choice.logprobs?.content ?? []),
      );
      expect(streamed).toEqual(json.choices[index].logprobs.content);
      expect(streamed.map(({ token }: any) => token)).toEqual(engine.script[index]);
    }
  });
});

describe("the openai client", () => {
  it("puts streamed calls together", async () => {
    await saying(["Sure", '<tool_call>{"name": "weather", "arguments": {"city"', ': "Rome"}}</tool_call>'], auto);
    const client = new OpenAI({ baseURL: `${server!.url}/v1`, apiKey: "none" });
    const stream = client.chat.completions.stream({ model: "fake-model", messages, tools });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]!.finish_reason).toBe("tool_calls");
    expect(final.choices[0]!.message.tool_calls![0]).toMatchObject({
      function: { name: "weather", arguments: '{"city": "Rome"}' },
    });
  });
});

describe("a start", () => {
  it.each([
    [{ toolCallParser: "hermse" }, /--tool-call-parser hermse: unknown; did you mean hermes\? Known are/],
    [{ reasoningParser: "x" }, /--reasoning-parser x: unknown.*deepseek_r1/],
    [{ enableAutoToolChoice: true }, /requires --tool-call-parser/],
  ])("with %j is refused", async (options, message) => {
    await expect(serverAround(new ScriptedEngine(), options)).rejects.toThrow(message);
  });
});

describe("fields beside", () => {
  it("thinking_token_budget goes to the engine with what begins and ends the reasoning", async () => {
    const engine = new ScriptedEngine();
    await saying(["a", "</think>", "b"], { reasoningParser: "qwen3" }, engine);
    await both({ thinking_token_budget: 7 });
    const bytes = (text: string) => [...Buffer.from(text)];
    expect(engine.params!.thinkingBudget).toEqual({
      maxTokens: 7,
      startTokenIds: bytes("<think>"),
      endTokenIds: bytes("</think>"),
    });
    await both({ thinking_token_budget: -1 });
    expect(engine.params!.thinkingBudget).toBe(null);
    await server!.close();
    await saying(["a"]);
    const { status, json } = await server!.post(path, { messages, thinking_token_budget: 7 });
    expect([status, json.error.param]).toEqual([400, "thinking_token_budget"]);
  });

  it("logprob_token_ids needs logprobs", async () => {
    const engine = new ScriptedEngine();
    await saying(["a"], {}, engine);
    await both({ logprobs: true, logprob_token_ids: [3, 4] });
    expect(engine.params!.logprobTokenIds).toEqual([3, 4]);
    const { status, json } = await server!.post(path, { messages, logprob_token_ids: [3] });
    expect([status, json.error.param]).toEqual([400, "logprob_token_ids"]);
  });
});
