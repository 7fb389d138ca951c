/** /tokenize, /detokenize and /tokenizer_info over real HTTP. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAX_MODEL_LEN } from "./fake-engine.js";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
beforeEach(async () => void (server = await testServer({ enableTokenizerInfoEndpoint: true })));
afterEach(() => server.close());

const bytes = (text: string) => [...Buffer.from(text)];

describe("/tokenize", () => {
  it("gives the ids of a text", async () => {
    const { status, json } = await server.post("/tokenize", { model: "fake-model", prompt: "hé" });
    expect(status).toBe(200);
    expect(json).toEqual({ count: 3, max_model_len: MAX_MODEL_LEN, tokens: bytes("hé"), token_strs: null });
  });

  it("gives the vocabulary's entries where they are asked for, and takes an empty text", async () => {
    expect((await server.post("/tokenize", { prompt: "ab", return_token_strs: true })).json.token_strs).toEqual([
      "a",
      "b",
    ]);
    expect((await server.post("/tokenize", { prompt: "" })).json).toMatchObject({ count: 0, tokens: [] });
  });

  it("renders a conversation with all that the template may want", async () => {
    const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
    const body = {
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "Sure," },
      ],
      add_generation_prompt: false,
      continue_final_message: true,
      chat_template_kwargs: { enable_thinking: false },
      tools,
    };
    const { json } = await server.post("/tokenize", body);
    expect(json.tokens).toEqual(bytes("u:hi;a:Sure,;"));
    expect(server.engine.rendered[0]!.options).toEqual({
      addGenerationPrompt: false,
      continueFinalMessage: true,
      chatTemplateKwargs: { enable_thinking: false },
      tools,
    });
    await server.post("/tokenize", { messages: [{ role: "user", content: "x" }] });
    expect(server.engine.rendered[1]!.options).toMatchObject({
      addGenerationPrompt: true,
      continueFinalMessage: false,
    });
  });

  it.each([
    ["an unknown model", { prompt: "a", model: "other" }, 404, "model"],
    ["no prompt", {}, 400, "prompt"],
    ["a prompt that is a list", { prompt: ["a"] }, 400, "prompt"],
    ["no messages", { messages: [] }, 400, "messages"],
    ["messages: null", { messages: null }, 400, "messages"],
    [
      "both ways to end",
      { messages: [{ role: "user", content: "x" }], add_generation_prompt: true, continue_final_message: true },
      400,
      "continue_final_message",
    ],
    [
      "a template of its own",
      { messages: [{ role: "user", content: "x" }], chat_template: "{{x}}" },
      400,
      "chat_template",
    ],
    [
      "one among the arguments",
      { messages: [{ role: "user", content: "x" }], chat_template_kwargs: { chat_template: "x" } },
      400,
      "chat_template",
    ],
    ["far too long a text", { prompt: "x".repeat(1_000_001) }, 400, "prompt"],
  ])("refuses %s", async (_, body, status, param) => {
    const answer = await server.post("/tokenize", body);
    expect([answer.status, answer.json.error.param]).toEqual([status, param]);
  });

  it("says so where there is no tokenizer", async () => {
    server.engine.tokenizer = undefined;
    expect((await server.post("/tokenize", { prompt: "a" })).json.error).toMatchObject({ code: 400, param: "prompt" });
    expect((await server.post("/detokenize", { tokens: [1] })).json.error).toMatchObject({
      code: 400,
      param: "tokens",
    });
  });
});

describe("/detokenize", () => {
  it("gives the text of ids", async () => {
    expect((await server.post("/detokenize", { tokens: bytes("héllo") })).json).toEqual({ prompt: "héllo" });
    expect((await server.post("/detokenize", { tokens: [] })).json).toEqual({ prompt: "" });
  });

  it.each([
    ["text", { tokens: "a" }, "tokens"],
    ["text in the list", { tokens: [1, "a"] }, "tokens.1"],
    ["a negative id", { tokens: [-1] }, "tokens.0"],
    ["an id that the model does not have", { tokens: [1, 256] }, "tokens.1"],
    ["a huge one", { tokens: [1e300] }, "tokens.0"],
    ["nothing", {}, "tokens"],
  ])("refuses %s", async (_, body, param) => {
    const { status, json } = await server.post("/detokenize", body);
    expect([status, json.error.param]).toEqual([400, param]);
  });
});

describe("/tokenizer_info", () => {
  it("tells the tokenizer's configuration", async () => {
    const { status, text } = await server.get("/tokenizer_info");
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      bos_token: "<s>",
      chat_template: "fake",
      tokenizer_class: "PreTrainedTokenizerFast",
    });
  });

  it("is not there without its flag", async () => {
    const plain = await testServer();
    expect((await plain.get("/tokenizer_info")).status).toBe(404);
    await plain.close();
  });
});

describe("/load", () => {
  it("counts the requests under way, if it is told to", async () => {
    const tracking = await testServer({ enableServerLoadTracking: true }, (engine) => (engine.stepMs = 20));
    const load = async (from: TestServer) => JSON.parse((await from.get("/load")).text);
    expect(await load(tracking)).toEqual({ server_load: 0 });
    const running = tracking.post("/v1/completions", { prompt: "a", max_tokens: 10 });
    await expect.poll(() => load(tracking)).toEqual({ server_load: 1 });
    await running;
    expect(await load(tracking)).toEqual({ server_load: 0 });
    expect(await load(server)).toEqual({ server_load: 0 });
    await tracking.close();
  });
});
