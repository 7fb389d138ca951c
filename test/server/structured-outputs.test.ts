/** docs/structured-output.md is true: its requests and its program run, and their outputs have the forms. Errors are 400s that name the field. */
import { readFileSync } from "node:fs";
import OpenAI from "openai";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { parseServerConfig } from "../../src/config/server-config.js";
import { openAsyncLLM } from "../../src/engine/async-llm.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { LLM } from "../../src/index.js";
import { startServer } from "../../src/server/server.js";
import type { RunningServer } from "../../src/server/server.js";

const page = readFileSync(new URL("../../docs/structured-output.md", import.meta.url), "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map((match) => match[1]!);

let engine: AsyncLLM;
let server: RunningServer;
beforeAll(async () => {
  engine = await openAsyncLLM(parseEngineConfig({ model: "models/quire-demo", servedModelName: "demo" }), {});
  server = await startServer(engine, parseServerConfig({ port: 0 }, {}), { log: () => undefined });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

async function post(path: string, body: object): Promise<{ status: number; json: any }> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

const FORMS = [
  (text: string) => z.strictObject({ name: z.string().max(12), age: z.int().min(0).max(120) }).parse(JSON.parse(text)),
  (text: string) => expect(["yes", "no"]).toContain(text),
  (text: string) => expect(text).toMatch(/^\d{3}-\d{4}$/),
  (text: string) => expect(text).toMatch(/^[1-9]\d{0,2}(\+[1-9]\d{0,2}){1,3}$/),
  (text: string) => expect(text).toMatch(/^<city>[A-Z][a-z]{2,8}<\/city>$/),
];

describe("docs/structured-output.md", () => {
  it.each(blocks("json").map((text, i) => [i, text] as const))("request %i gives what it says", async (i, text) => {
    const body = JSON.parse(text) as { prompt: string };
    for (const seed of [1, 2, 3]) {
      const { status, json } = await post("/v1/completions", { ...body, model: "demo", temperature: 1, seed });
      expect([status, json.choices?.[0]?.finish_reason]).toEqual([200, "stop"]);
      FORMS[i]!(json.choices[0].text);
    }
    const { prompt, ...fields } = body;
    const messages = [{ role: "user", content: prompt }];
    const { json } = await post("/v1/chat/completions", { ...fields, messages, max_tokens: 200, seed: 1 });
    FORMS[i]!(json.choices[0].message.content);
  });

  it("its program runs", async () => {
    const printed: unknown[] = [];
    const code = blocks("js")[0]!.replace(/^import .*\n/gm, "");
    const AsyncFunction = (async () => undefined).constructor as new (
      ...code: string[]
    ) => (...args: unknown[]) => Promise<void>;
    await new AsyncFunction("LLM", "z", "console", code)(LLM, z, { log: (value: unknown) => printed.push(value) });
    expect(printed).toEqual([{ name: expect.any(String), age: expect.any(Number) }]);
  });
});

describe("structured outputs over HTTP", () => {
  it("stream what they give as a whole", async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "x" });
    const body = {
      model: "demo",
      messages: [{ role: "user" as const, content: "Hello" }],
      response_format: {
        type: "json_schema" as const,
        json_schema: { name: "a", schema: { enum: ["left", "right"] } },
      },
      seed: 4,
    };
    let text = "";
    for await (const { choices } of await client.chat.completions.create({ ...body, stream: true }))
      text += choices[0]?.delta.content ?? "";
    const whole = await client.chat.completions.create(body);
    expect(text).toBe(whole.choices[0]!.message.content);
    expect(['"left"', '"right"']).toContain(text);
  });

  it.each([
    [
      { response_format: { type: "json_schema", json_schema: { name: "a", schema: { not: {} } } } },
      "response_format",
      /schema: not is not supported/,
    ],
    [{ structured_outputs: { regex: "(a" } }, "structured_outputs", /regex: Regex parsing error at position 1/],
    [
      { structured_outputs: { grammar: "root ::= select_statementinvalidsyntax" } },
      "structured_outputs",
      /is not defined/,
    ],
    [{ structured_outputs: { json: "{" } }, "structured_outputs", /Invalid JSON grammar specification/],
    [{ structured_outputs: { choice: [] } }, "structured_outputs", /cannot be an empty list/],
    [{ guided_regex: "(a" }, "guided_regex", /Regex parsing error/],
  ])("refuse %j, streamed too", async (fields, param, message) => {
    for (const stream of [false, true]) {
      const { status, json } = await post("/v1/completions", { model: "demo", prompt: "a", stream, ...fields });
      expect([status, json.error.param, json.error.code, json.error.type]).toEqual([
        400,
        param,
        400,
        "BadRequestError",
      ]);
      expect(json.error.message).toMatch(message);
    }
  });
});
