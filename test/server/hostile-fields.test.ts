/** Every field of every endpoint's schema with values that it is not made for: an answer or a 400 that names the field. */
import { request as httpRequest, Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { countTokensRequest, messagesRequest } from "../../src/server/anthropic/messages-request.js";
import { chatRequest } from "../../src/server/openai/chat-completions.js";
import { completionRequest } from "../../src/server/openai/completions.js";
import { responseRequest } from "../../src/server/responses/response-request.js";
import { detokenizeRequest } from "../../src/server/tokenization/detokenize.js";
import { tokenizeChatRequest, tokenizeCompletionRequest } from "../../src/server/tokenization/tokenize.js";
import { HOSTILE_VALUES } from "./hostile-values.js";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

interface Endpoint {
  readonly path: string;
  readonly schema: z.ZodObject;
  readonly base: Record<string, unknown>;
}

const ENDPOINTS: readonly Endpoint[] = [
  { path: "/v1/completions", schema: completionRequest, base: { prompt: "a", max_tokens: 1 } },
  {
    path: "/v1/chat/completions",
    schema: chatRequest,
    base: { messages: [{ role: "user", content: "a" }], max_tokens: 1 },
  },
  { path: "/tokenize", schema: tokenizeCompletionRequest, base: { prompt: "a" } },
  { path: "/tokenize", schema: tokenizeChatRequest, base: { messages: [{ role: "user", content: "a" }] } },
  { path: "/detokenize", schema: detokenizeRequest, base: { tokens: [1] } },
  { path: "/v1/responses", schema: responseRequest, base: { input: "a", max_output_tokens: 1 } },
  {
    path: "/v1/messages",
    schema: messagesRequest,
    base: { model: "fake-model", messages: [{ role: "user", content: "a" }], max_tokens: 1 },
  },
  {
    path: "/v1/messages/count_tokens",
    schema: countTokensRequest,
    base: { model: "fake-model", messages: [{ role: "user", content: "a" }] },
  },
];

let server: TestServer;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
beforeAll(async () => void (server = await testServer({ trustRequestChatTemplate: true })));
afterAll(async () => {
  agent.destroy();
  await server.close();
});

/** Faster than fetch, for thousands of requests. */
function post(path: string, text: string): Promise<{ status: number; text: string; type: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
    const { port } = new URL(server.url);
    const request = httpRequest({ port, path, method: "POST", headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          text: Buffer.concat(chunks).toString(),
          type: response.headers["content-type"] ?? "",
        }),
      );
    });
    request.on("error", reject);
    request.end(text);
  });
}

async function tryOne(endpoint: Endpoint, field: string, json: string): Promise<number> {
  const { [field]: _, ...rest } = endpoint.base;
  const others = JSON.stringify(rest).slice(1, -1);
  const answer = await post(endpoint.path, `{${others}${others === "" ? "" : ","}${JSON.stringify(field)}:${json}}`);
  const shown = `${endpoint.path} ${field}: ${json.slice(0, 80)} -> ${answer.status} ${answer.text.slice(0, 300)}`;
  expect([200, 400, 404], shown).toContain(answer.status);
  if (answer.type.startsWith("text/event-stream")) {
    const isNamed = answer.text.startsWith("event: ");
    const end = isNamed ? /\nevent: (response\.\w+|message_stop|error)\n[^\n]+\n\n$/ : /data: \[DONE\]\n\n$/;
    expect(answer.text, shown).toMatch(end);
    return answer.status;
  }
  const body = JSON.parse(answer.text);
  if (answer.status === 200) return 200;
  expect(Object.keys(body.error).sort(), shown).toEqual(["code", "message", "param", "type"]);
  expect(body.error.code, shown).toBe(answer.status);
  expect(body.error.message.length, shown).toBeLessThan(2000);
  expect(answer.text, shown).not.toMatch(/node_modules|\/src\/|at Object|undefined is not|Cannot read/);
  const member = endpoint.schema.shape[field] as z.ZodType;
  if (!member.safeParse(parse(json)).success) {
    expect(String(body.error.param).split(".")[0], shown).toBe(field);
    expect(body.error.message, shown).toContain(field);
  }
  return answer.status;
}

function parse(json: string): unknown {
  return JSON.parse(json);
}

describe.each(ENDPOINTS)("$path", (endpoint) => {
  it.each(Object.keys(endpoint.schema.shape))("%s", async (field) => {
    const statuses = await Promise.all(HOSTILE_VALUES.map((json) => tryOne(endpoint, field, json)));
    expect(statuses.some((status) => status !== 200) || ["user", "vllm_xargs"].includes(field)).toBe(true);
    expect(server.numOpenRequests).toBe(0);
    expect(server.log.filter((line) => !line.startsWith("request field"))).toEqual([]);
  });
});

describe("every POST route", () => {
  it("answers anything as a body with a client's fault, or takes it", async () => {
    const paths = server.routes.filter(({ method }) => method === "POST").map(({ path }) => path.replace(/:\w+/g, "x"));
    expect(paths.length).toBeGreaterThan(4);
    for (const path of paths) {
      for (const json of [...HOSTILE_VALUES, "", "{", "\0"]) {
        const answer = await post(path, json);
        const shown = `${path} <- ${json.slice(0, 60)} -> ${answer.status} ${answer.text.slice(0, 200)}`;
        expect(answer.status, shown).toBeLessThan(500);
        if (answer.status >= 400) expect(JSON.parse(answer.text).error.message, shown).toEqual(expect.any(String));
      }
    }
  });
});
