/** Random bodies: every one gets an answer or a clean refusal, and the server lives on. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chatRequest } from "../../src/server/openai/chat-completions.js";
import { completionRequest } from "../../src/server/openai/completions.js";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
beforeAll(async () => void (server = await testServer({ trustRequestChatTemplate: true })));
afterAll(() => server.close());

const scalar = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    1,
    2,
    -1,
    0.5,
    16,
    1e9,
    1e308,
    -0,
    "",
    "a",
    "text",
    "left",
    "none",
    "\0",
    "\ud800",
  ),
  fc.string({ maxLength: 8, unit: "binary" }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(fc.array(scalar, { maxLength: 3 }), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 6 }), scalar, { maxKeys: 3 }) },
);
const prompt = fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.array(fc.nat(255), { minLength: 1 }), value);
const message = fc.oneof(
  fc.record({ role: fc.constantFrom("user", "system", "tool", "x"), content: fc.oneof(fc.string(), value) }),
  fc.dictionary(fc.constantFrom("role", "content", "name", "tool_calls", "tool_call_id"), value),
);

/** A few of the endpoint's fields, with anything in them. */
function bodyOf(fields: readonly string[], base: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const some = fc.dictionary(fc.constantFrom(...fields, "unknown"), value, { maxKeys: 3 });
  return fc.tuple(base, some).map(([first, rest]) => ({ ...first, ...rest }));
}

const statuses = new Map<number, number>();

async function check(path: string, body: object): Promise<void> {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  const shown = `${JSON.stringify(body)} -> ${text.slice(0, 300)}`;
  expect([200, 400, 404], shown).toContain(response.status);
  if (response.headers.get("content-type")!.startsWith("text/event-stream")) {
    expect(text.endsWith("data: [DONE]\n\n"), shown).toBe(true);
    return;
  }
  const json = JSON.parse(text);
  if (response.status === 200) expect(json.choices.length, shown).toBeGreaterThan(0);
  else
    expect(json.error, shown).toEqual({
      message: expect.any(String),
      type: expect.any(String),
      param: json.error.param,
      code: response.status,
    });
  expect(
    server.log.filter((line) => !line.startsWith("request field")),
    shown,
  ).toEqual([]);
}

describe("random bodies", () => {
  const runs = { numRuns: 400, seed: 7 };

  it("of completions", async () => {
    const base = fc.record({ prompt, max_tokens: fc.constantFrom(0, 1, 2, null) });
    const bodies = bodyOf(Object.keys(completionRequest.shape), base);
    await fc.assert(
      fc.asyncProperty(bodies, (body) => check("/v1/completions", body)),
      runs,
    );
  });

  it("of chat completions", async () => {
    const base = fc.record({ messages: fc.array(message, { maxLength: 3 }), max_tokens: fc.constantFrom(1, 2) });
    const bodies = bodyOf(Object.keys(chatRequest.shape), base);
    await fc.assert(
      fc.asyncProperty(bodies, (body) => check("/v1/chat/completions", body)),
      runs,
    );
  });

  it("are answered often enough to mean something, and leave nothing open", () => {
    for (const status of [200, 400]) expect(statuses.get(status), `${status}`).toBeGreaterThan(10);
    expect(server.numOpenRequests).toBe(0);
    expect(server.engine.calls.filter((call) => call.ended === "open")).toEqual([]);
  });
});
