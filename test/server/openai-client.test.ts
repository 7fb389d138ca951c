/** OpenAI's own client library against the server. */
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServer, until } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
let client: OpenAI;
beforeAll(async () => {
  server = await testServer({ apiKey: ["key"] });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "key", maxRetries: 0 });
});
afterAll(() => server.close());

const messages = [{ role: "user" as const, content: "hi" }];

describe("openai client", () => {
  it("lists and finds models", async () => {
    const names: string[] = [];
    for await (const model of client.models.list()) names.push(model.id);
    expect(names).toEqual(["fake-model", "org/alias"]);
    expect((await client.models.retrieve("fake-model")).id).toBe("fake-model");
  });

  it("completes", async () => {
    const answer = await client.completions.create({ model: "fake-model", prompt: "a", max_tokens: 3, logprobs: 1 });
    expect(answer.choices[0]!.text).toHaveLength(3);
    expect(answer.choices[0]!.logprobs!.tokens).toHaveLength(3);
    const stream = await client.completions.create({ model: "fake-model", prompt: "a", max_tokens: 3, stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]!.text;
    expect(text).toBe(answer.choices[0]!.text);
  });

  it("chats, and streams with its helper", async () => {
    const answer = await client.chat.completions.create({ model: "fake-model", messages, max_completion_tokens: 4 });
    expect(answer.choices[0]!.message).toMatchObject({
      role: "assistant",
      content: expect.stringMatching(/^[a-z]{4}$/),
    });
    const stream = client.chat.completions.stream({
      model: "fake-model",
      messages,
      max_completion_tokens: 4,
      logprobs: true,
      stream_options: { include_usage: true },
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]!.message.content).toBe(answer.choices[0]!.message.content);
    expect(final.choices[0]!.logprobs!.content).toHaveLength(4);
    expect(final.usage).toMatchObject({ completion_tokens: 4 });
  });

  it("throws its own error classes", async () => {
    const ask = (body: object) => client.chat.completions.create({ model: "fake-model", messages, ...body } as never);
    await expect(ask({ temperature: 9 })).rejects.toThrow(OpenAI.BadRequestError);
    await expect(ask({ temperature: 9 })).rejects.toMatchObject({
      status: 400,
      param: "temperature",
      type: "BadRequestError",
    });
    await expect(ask({ model: "x" })).rejects.toThrow(OpenAI.NotFoundError);
    await expect(
      new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "no", maxRetries: 0 }).models.list(),
    ).rejects.toThrow(OpenAI.AuthenticationError);
  });

  it("throws an error that comes within a stream", async () => {
    server.engine.failAfter = 2;
    const stream = await client.chat.completions.create({ model: "fake-model", messages, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow(/this request failed/);
    server.engine.failAfter = Infinity;
  });

  it("stops the engine when its reader leaves the loop", async () => {
    server.engine.stepMs = 5;
    const stream = await client.chat.completions.create({ model: "fake-model", messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]!.delta.content) break;
    await until(() => server.engine.calls.at(-1)!.ended === "aborted", "aborted");
    server.engine.stepMs = 0;
  });

  it("serves a hundred streams at once", async () => {
    const texts = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const prompt = String.fromCharCode(97 + (i % 26));
        const stream = await client.completions.create({ model: "fake-model", prompt, max_tokens: 20, stream: true });
        let text = "";
        for await (const chunk of stream) text += chunk.choices[0]!.text;
        return text;
      }),
    );
    expect(new Set(texts).size).toBe(26);
    expect(texts.every((text) => text.length === 20)).toBe(true);
  });
});
