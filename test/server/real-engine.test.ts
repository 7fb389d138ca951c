/** The server on the real engine with the bundled model: streams equal whole answers, and nothing stays open. */
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { parseServerConfig } from "../../src/config/server-config.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { startServer } from "../../src/server/server.js";
import type { RunningServer } from "../../src/server/server.js";
import { openAsyncLLM } from "../../src/engine/async-llm.js";
import { until } from "./support.js";

let engine: AsyncLLM;
let server: RunningServer;
let client: OpenAI;
const log: string[] = [];
beforeAll(async () => {
  const options = { model: "models/quire-demo", servedModelName: "demo", maxNumSeqs: 8, numBlocksOverride: 400 };
  engine = await openAsyncLLM(parseEngineConfig(options), {});
  server = await startServer(engine, parseServerConfig({ port: 0 }, {}), { log: (line) => log.push(line) });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "x", maxRetries: 0 });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

describe("real engine", () => {
  it("chats: streams and whole answers alike, beside readers that leave", async () => {
    const one = async (i: number) => {
      const messages = [{ role: "user" as const, content: `Tell me about the number ${i}` }];
      const body = { model: "demo", messages, max_tokens: 12, temperature: 0, logprobs: true, top_logprobs: 2 };
      const stream = await client.chat.completions.create({ ...body, stream: true });
      let text = "";
      let numLogprobs = 0;
      for await (const { choices } of stream) {
        text += choices[0]!.delta.content ?? "";
        numLogprobs += choices[0]!.logprobs?.content?.length ?? 0;
        if (i % 3 === 0 && numLogprobs >= i % 4) return;
      }
      const whole = await client.chat.completions.create(body);
      expect(text).toBe(whole.choices[0]!.message.content);
      expect(numLogprobs).toBe(whole.usage!.completion_tokens);
    };
    await Promise.all(Array.from({ length: 16 }, (_, i) => one(i)));
    await until(() => engine.stats().numOpenRequests === 0 && server.numOpenRequests === 0, "all requests have ended");
    expect(log).toEqual([]);
  });

  it("completes: n outputs of several prompts, echoed with log-probabilities, streamed or not", async () => {
    const prompt = ["Once upon a time", "The cat"];
    const body = { model: "demo", prompt, n: 2, max_tokens: 5, echo: true, logprobs: 2, seed: 3 };
    const whole = await client.completions.create(body);
    const texts: string[] = [];
    const logprobs: (number | null)[][] = [];
    for await (const { choices } of await client.completions.create({ ...body, stream: true })) {
      for (const { index, text, logprobs: part } of choices) {
        texts[index] = (texts[index] ?? "") + text;
        logprobs[index] = [...(logprobs[index] ?? []), ...part!.token_logprobs!];
      }
    }
    expect(whole.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(texts).toEqual(whole.choices.map(({ text }) => text));
    expect(logprobs).toEqual(whole.choices.map((choice) => choice.logprobs!.token_logprobs));
    expect(whole.choices[0]!.text).toMatch(/^Once upon a time/);
  });

  it("takes token ids, and refuses what does not fit, naming the limit", async () => {
    const ids = await engine.tokenizer!.encode("Once upon a time");
    const body = { model: "demo", max_tokens: 4, temperature: 0 };
    const [text, tokens] = await Promise.all([
      client.completions.create({ ...body, prompt: "Once upon a time" }),
      client.completions.create({ ...body, prompt: ids }),
    ]);
    expect(tokens.choices[0]!.text).toBe(text.choices[0]!.text);
    const tooLong = client.completions.create({ ...body, prompt: "a b ".repeat(2000) });
    await expect(tooLong).rejects.toThrow(new RegExp(`400 .*${engine.modelConfig.maxModelLen} tokens`));
    const tooMany = client.completions.create({ ...body, prompt: "a", max_tokens: 100_000 });
    await expect(tooMany).rejects.toMatchObject({ status: 400, param: "max_tokens" });
  });
});
