/** Who may call, what breaks, what stops: the server around its endpoints. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ServerOptions } from "../../src/config/server-config.js";
import { ResourceError } from "../../src/util/errors.js";
import type { FakeEngine } from "./fake-engine.js";
import { curlLine } from "../../src/server/curl-line.js";
import { testServer, until } from "./support.js";
import type { TestServer } from "./support.js";

let server: TestServer;
afterEach(() => server?.close());
const start = async (options: ServerOptions = {}, prepare?: (engine: FakeEngine) => void) =>
  (server = await testServer(options, prepare));

const completions = "/v1/completions";
const body = { prompt: "a", max_tokens: 2 };
const json = { "Content-Type": "application/json" };

describe("plain endpoints", () => {
  it("answers health, ping and version", async () => {
    await start();
    expect(await server.get("/health")).toMatchObject({ status: 200, text: "" });
    expect((await server.get("/ping")).status).toBe(200);
    expect((await server.post("/ping", {})).status).toBe(200);
    expect(JSON.parse((await server.get("/version")).text)).toEqual({ version: "1.2.3" });
    server.engine.isStuck = true;
    const refused = await server.post(completions, body);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(refused.json.error.message).toContain("silent for some seconds");
    expect((await server.get("/health")).status).toBe(503);
    server.engine.isStuck = false;
    expect((await server.get("/ping")).status).toBe(200);
    server.engine.isDead = true;
    expect((await server.get("/health")).status).toBe(503);
  });

  it("lists models under all their names", async () => {
    await start();
    const { data, object } = JSON.parse((await server.get("/v1/models")).text);
    expect(object).toBe("list");
    expect(data.map((card: any) => card.id)).toEqual(["fake-model", "org/alias"]);
    expect(data[0]).toMatchObject({ object: "model", max_model_len: 64, root: "fake-model", parent: null });
    expect(JSON.parse((await server.get("/v1/models/org/alias")).text).id).toBe("org/alias");
    expect((await server.get("/v1/models/none")).status).toBe(404);
    expect((await server.post(completions, { ...body, model: "org/alias" })).json.model).toBe("org/alias");
  });

  it("says what is wrong with path and method", async () => {
    await start();
    expect(JSON.parse((await server.get("/v1/nothing")).text).error).toMatchObject({
      code: 404,
      type: "NotFoundError",
    });
    const wrong = await server.get(completions);
    expect(wrong.status).toBe(405);
    expect(JSON.parse(wrong.text).error.message).toContain("use POST");
    expect((await server.get("/%ff")).status).toBe(400);
  });
});

describe("hostile bodies", () => {
  it.each([
    ["no JSON", "{", 400, /not valid JSON/],
    ["nothing", "", 400, /empty/],
    ["a list", "[]", 400, /JSON object/],
    ["null", "null", 400, /JSON object/],
    ["text", '"x"', 400, /JSON object/],
    ["NaN", '{"prompt": "a", "temperature": NaN}', 400, /not valid JSON/],
    ["an infinite number", '{"prompt": "a", "temperature": 1e999}', 400, /temperature/],
    ["__proto__", '{"prompt": "a", "__proto__": {"stream": true}}', 400, /__proto__ cannot be a key/],
    [
      "constructor.prototype",
      '{"prompt": "a", "constructor": {"prototype": {"x": 1}}}',
      400,
      /constructor cannot be a key/,
    ],
    ["deep nesting", `{"prompt": ${"[".repeat(200_000)}${"]".repeat(200_000)}}`, 400, /^prompt: nested too deep/],
    [
      "a deep unknown field",
      `{"prompt": 1, "x": ${'{"x":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
      400,
      /^x: nested too deep/,
    ],
    ["a huge number of ids", `{"prompt": [${"1,".repeat(1_000_000)}1]}`, 400, /64 tokens/],
    ["half a surrogate", '{"prompt": "a", "stop": ["b", "\\ud800"]}', 400, /^stop.1: the text holds half a surrogate/],
    ["half a surrogate in a key", '{"prompt": "a", "logit_bias": {"\\udfff": 1}}', 400, /^logit_bias: a key/],
    ["a huge body", `{"prompt": "${"x".repeat(33 * 1024 * 1024)}"}`, 413, /--max-body-bytes/],
  ])("%s", async (_, text, status, message) => {
    await start();
    const answer = await server.post(completions, text);
    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toMatch(message);
    expect((await server.post(completions, body)).status).toBe(200);
    expect(({} as { stream?: boolean }).stream).toBeUndefined();
  });

  it("wants JSON by its content type", async () => {
    await start();
    const answer = await server.post(completions, body, { "Content-Type": "text/plain" });
    expect(answer.status).toBe(415);
    expect(answer.json.error.message).toContain("Content-Type: application/json");
  });

  it("keeps control characters out of the log", async () => {
    await start();
    await server.post(completions, { ...body, "evil\n\x1b[31mfield": 1 });
    expect(server.log).toHaveLength(1);
    // oxlint-disable-next-line no-control-regex
    expect(server.log[0]).not.toMatch(/[\n\x1b]/);
    const fields = Array.from({ length: 250 }, (_, i) => [`field${i}`, 1]);
    await server.post(completions, { ...body, ...Object.fromEntries(fields) });
    expect(server.log).toHaveLength(200);
  });
});

describe("keys and origins", () => {
  it("guards all but what is listed as open", async () => {
    await start({ apiKey: ["secret", "other"] });
    for (const path of ["/v1/models", "/nothing", "/load"]) expect((await server.get(path)).status).toBe(401);
    const refused = await server.post(completions, body);
    expect(refused.json.error).toMatchObject({ type: "AuthenticationError", code: 401 });
    expect(refused.headers.get("www-authenticate")).toBe("Bearer");
    for (const path of ["/", "/health", "/ping", "/health?x=1", "/version"]) {
      expect((await server.get(path)).status, path).toBe(200);
    }
    for (const headers of [
      { Authorization: "Bearer secret" },
      { Authorization: "bearer other" },
      { "X-API-Key": "other" },
    ]) {
      expect((await server.post(completions, body, headers as {})).status).toBe(200);
    }
    for (const header of [
      "Bearer wrong",
      "secret",
      "Basic secret",
      "Bearer",
      "Bearer secret2",
      "Bearer secret other",
    ]) {
      expect((await server.get("/v1/models", { Authorization: header })).status, header).toBe(401);
    }
    for (const path of [
      "//v1/models",
      "/v1/../v1/models",
      "/health/../v1/models",
      "/V1/models",
      "/v1/models/",
      "/%2e/",
    ]) {
      expect(await rawStatus(path), path).toBe(401);
    }
    const preflight = await fetch(server.url + completions, { method: "OPTIONS" });
    expect([preflight.status, preflight.headers.get("allow")]).toEqual([405, "POST"]);
  });

  /** fetch would tidy the path up. */
  function rawStatus(path: string): Promise<number> {
    const { port } = new URL(server.url);
    return new Promise((resolve, reject) => {
      httpRequest({ port, path, host: "127.0.0.1" }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on("error", reject)
        .end();
    });
  }

  it("answers no origin by default, the listed ones when told to", async () => {
    await start();
    const origin = { Origin: "http://a.example" };
    expect((await server.get("/v1/models", origin)).headers.get("access-control-allow-origin")).toBeNull();
    await server.close();
    await start({ allowedOrigins: ["http://a.example"], apiKey: ["k"] });
    const preflight = await fetch(server.url + completions, {
      method: "OPTIONS",
      headers: {
        ...origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("http://a.example");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization");
    const streamed = await fetch(server.url + completions, {
      method: "POST",
      headers: { ...json, ...origin, Authorization: "Bearer k" },
      body: JSON.stringify({ ...body, stream: true }),
    });
    expect(streamed.headers.get("access-control-allow-origin")).toBe("http://a.example");
    await streamed.text();
    const other = await server.get("/health", { Origin: "http://b.example" });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("request ids, paths, sockets", () => {
  it("echoes X-Request-Id when told to, and names answers after it", async () => {
    await start({ enableRequestIdHeaders: true });
    const answer = await server.post(completions, body, { "X-Request-Id": "abc" });
    expect(answer.headers.get("x-request-id")).toBe("abc");
    expect(answer.json.id).toBe("cmpl-abc");
    expect((await server.get("/health")).headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
    const [a, b] = await Promise.all([1, 2].map(() => server.post(completions, body, { "X-Request-Id": "same" })));
    expect([a!.status, b!.status]).toEqual([200, 200]);
    const ids = server.engine.calls.map((call) => call.options.requestId);
    expect(new Set(ids).size).toBe(3);
  });

  it("takes the root path off", async () => {
    await start({ rootPath: "/llm/" });
    expect((await server.get("/llm/v1/models")).status).toBe(200);
    expect((await server.get("/v1/models")).status).toBe(200);
    expect((await server.get("/llmx")).status).toBe(404);
  });

  it("listens on a unix socket, also over one that was left behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quire-uds-"));
    const path = join(folder, "s");
    await start({ uds: path });
    expect(server.url).toBe(`unix:${path}`);
    const status = await new Promise((resolve) => {
      httpRequest({ socketPath: path, path: "/health" }, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(200);
    await expect(testServer({ uds: path })).rejects.toThrow(/EADDRINUSE/);
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it("leaves a file alone that is not a socket", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quire-uds-"));
    const path = join(folder, "precious");
    writeFileSync(path, "text");
    await expect(testServer({ uds: path })).rejects.toThrow(/is not a socket; choose another --uds/);
    await expect(testServer({ uds: folder })).rejects.toThrow(/is not a socket/);
    expect(readFileSync(path, "utf8")).toBe("text");
    rmSync(folder, { recursive: true });
  });

  it("says when the port is taken", async () => {
    await start();
    const port = Number(new URL(server.url).port);
    await expect(testServer({ port })).rejects.toThrow(ResourceError);
    await expect(testServer({ port })).rejects.toThrow(/listens there already; choose another --port/);
  });
});

describe("failures", () => {
  it("answers 500 and 503, and keeps inner words inside", async () => {
    await start();
    server.engine.failAfter = 1;
    expect((await server.post(completions, body)).json.error).toMatchObject({
      code: 500,
      message: "this request failed",
    });
    server.engine.failure = new Error("secret path /etc/shadow");
    const answer = await server.post(completions, body);
    expect(answer.json.error).toMatchObject({ code: 500, type: "InternalServerError" });
    expect(answer.json.error.message).not.toContain("secret");
    expect(server.log.join()).toContain("POST /v1/completions: Error: secret path");
    server.engine.isDead = true;
    expect((await server.post(completions, body)).json.error).toMatchObject({
      code: 503,
      type: "ServiceUnavailableError",
    });
  });

  it("sends an error as an event once the stream has begun, and as a status before", async () => {
    await start();
    server.engine.failAfter = 1;
    const { events, done } = await server.stream(completions, { ...body });
    expect(events[0].choices[0].text).toHaveLength(1);
    expect(events[1].error).toMatchObject({ code: 500, message: "this request failed" });
    expect(done).toBe(true);
    const refused = await server.post(completions, { ...body, stream: true, prompt: "x".repeat(64) });
    expect(refused.status).toBe(400);
  });

  it("aborts all prompts of a request when one fails", async () => {
    await start();
    server.engine.stepMs = 5;
    const answer = await server.post(completions, { prompt: [[1], Array(64).fill(1)], max_tokens: 60 });
    expect(answer.status).toBe(400);
    expect(server.engine.calls.map((call) => call.ended)).toEqual(["aborted", "failed"]);
  });
});

describe("what is not HTTP", () => {
  it.each([
    ["NONSENSE\r\n\r\n", "400", "not a valid HTTP request"],
    [`GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(100_000)}\r\n\r\n`, "431", "headers are too large"],
  ])("%.20s gets %s in the usual form", async (sent, status, message) => {
    await start();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.end(sent);
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    await until(() => socket.closed || socket.destroyed, "the connection ends");
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const { error } = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as {
      error: { message: string; code: number };
    };
    expect(error).toMatchObject({ code: Number(status) });
    expect(error.message).toContain(message);
  });
});

describe("clients that leave", () => {
  it.each([true, false])("aborts in the engine (stream: %s)", async (stream) => {
    await start();
    server.engine.stepMs = 5;
    const abort = new AbortController();
    const body = JSON.stringify({ prompt: ["a", "b"], max_tokens: 60, stream });
    const call = fetch(server.url + completions, { method: "POST", headers: json, body, signal: abort.signal });
    await until(() => server.engine.calls.length === 2 && server.engine.calls[0]!.steps >= 2, "two steps");
    expect(server.numOpenRequests).toBe(1);
    abort.abort();
    await call.then((response) => response.text()).catch(() => {});
    await until(() => server.engine.calls.every((one) => one.ended === "aborted"), "both aborted");
    await until(() => server.numOpenRequests === 0, "the request is over");
    expect(server.log).toEqual([]);
  });

  it("aborts all of a hundred prompts", async () => {
    await start();
    server.engine.stepMs = 5;
    const abort = new AbortController();
    const body = JSON.stringify({ prompt: Array(100).fill("a"), max_tokens: 60 });
    const call = fetch(server.url + completions, { method: "POST", headers: json, body, signal: abort.signal });
    await until(() => server.engine.calls.length === 100 && server.engine.calls[99]!.steps >= 1, "all run");
    abort.abort();
    await call.catch(() => {});
    await until(() => server.engine.calls.every((one) => one.ended === "aborted"), "all aborted");
  });

  it("cuts off a reader that is too far behind", async () => {
    await start({ maxBufferedBytes: 65_536 }, (engine) => (engine.tokenText = "x".repeat(500_000)));
    server.engine.stepMs = 1;
    const { port } = new URL(server.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.pause();
    const text = JSON.stringify({ prompt: "a", max_tokens: 60, stream: true });
    socket.write(`POST ${completions} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`);
    socket.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
    await until(() => server.engine.calls[0]?.ended === "aborted", "the slow reader's request is aborted");
    expect(server.engine.calls[0]!.steps).toBeLessThan(60);
    socket.destroy();
  });

  it("keeps an idle stream alive with comments, headers first", async () => {
    await start({ sseKeepAliveInterval: 0.05 });
    server.engine.stepMs = 700;
    const response = await fetch(server.url + completions, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ prompt: "a", max_tokens: 1, stream: true }),
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(await response.text()).toMatch(/^(: keep-alive\n\n)+data: \{/);
  });
});

describe("stopping", () => {
  const open = (stream: boolean) =>
    fetch(server.url + completions, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ prompt: "a", max_tokens: 20, stream }),
    }).then(async (response) => ({ status: response.status, text: await response.text() }));

  it("aborts open requests at once by default, with an answer", async () => {
    await start();
    server.engine.stepMs = 20;
    const calls = [open(true), open(false)];
    await until(() => server.engine.calls.length === 2 && server.engine.calls[0]!.steps > 1, "both run");
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(500);
    const [streamed, plain] = await Promise.all(calls);
    expect(streamed!.text).toContain('"message":"the server is shutting down","type":"ServiceUnavailableError"');
    expect(server.log).toEqual([]);
    expect(streamed!.text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(plain!.status).toBe(503);
    expect(plain!.text).toContain("shutting down");
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it("lets them finish within the time given, and takes no new ones", async () => {
    await start({ shutdownTimeout: 5 });
    server.engine.stepMs = 10;
    const agent = new Agent({ keepAlive: true });
    const calls = [open(true), open(false)];
    await until(() => server.engine.calls.length === 2 && server.engine.calls[0]!.steps > 1, "both run");
    const closed = server.close();
    expect((await server.get("/health")).status).toBe(503);
    const refused = await server.post(completions, body);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(refused.json.error.message).toBe("the server is shutting down");
    const [streamed, plain] = await Promise.all(calls);
    expect(streamed!.text).toContain('"finish_reason":"length"');
    expect(plain!.status).toBe(200);
    await closed;
    agent.destroy();
  });

  it("waits until a large answer has been read", async () => {
    await start({ shutdownTimeout: 5 }, (engine) => (engine.tokenText = "x".repeat(500_000)));
    server.engine.stepMs = 1;
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    const text = JSON.stringify({ prompt: "a", max_tokens: 40 });
    const head = `POST ${completions} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${text.length}`;
    socket.pause();
    socket.write(`${head}\r\n\r\n${text}`);
    await until(() => server.engine.calls.length === 1, "it runs");
    const closed = server.close();
    let size = 0;
    setTimeout(() => socket.on("data", (bytes: Buffer) => (size += bytes.length)).resume(), 300);
    await closed;
    await until(() => socket.closed, "the connection ends");
    expect(size).toBeGreaterThan(20_000_000);
  });

  it("aborts what is not done by then", async () => {
    await start({ shutdownTimeout: 0.1 });
    server.engine.stepMs = 100;
    const call = open(false);
    await until(() => server.engine.calls.length === 1, "it runs");
    await server.close();
    expect((await call).status).toBe(503);
    expect(server.engine.calls[0]!.ended).toBe("aborted");
  });

  it("closes with idle keep-alive connections open, twice as well", async () => {
    await start();
    await server.get("/health");
    await server.close();
    await server.close();
  });
});

describe("without a tokenizer", () => {
  it("serves token ids, and refuses text", async () => {
    await start({}, (engine) => (engine.tokenizer = undefined));
    const { json: answer } = await server.post(completions, { prompt: [1, 2], max_tokens: 2, logprobs: 1 });
    expect(answer.choices[0]).toMatchObject({ text: "", token_ids: [99, 100], prompt_token_ids: [1, 2] });
    expect(answer.choices[0].logprobs.tokens).toEqual(["token_id:99", "token_id:100"]);
    const { events } = await server.stream(completions, { prompt: [1, 2], max_tokens: 2 });
    expect(events.map((event) => event.choices[0].token_ids)).toEqual([[99], [100]]);
    for (const [path, wrong] of [
      [completions, { prompt: "text" }],
      ["/v1/chat/completions", { messages: [{ role: "user", content: "x" }] }],
    ] as const) {
      const refused = await server.post(path, wrong);
      expect(refused.status).toBe(400);
      expect(refused.json.error.message).toMatch(/no(ne| tokenizer)/);
    }
    expect(curlLine(server.engine, server.url)).toContain('"prompt":[1]');
  });
});

describe("options", () => {
  it("reports cached tokens, forces usage, writes ids for tokens, logs requests", async () => {
    await start({
      enablePromptTokensDetails: true,
      enableForceIncludeUsage: true,
      returnTokensAsTokenIds: true,
      enableLogRequests: true,
    });
    const { json: answer } = await server.post(completions, { ...body, logprobs: 0 });
    expect(answer.usage.prompt_tokens_details).toEqual({ cached_tokens: 2 });
    expect(answer.choices[0].logprobs.tokens[0]).toMatch(/^token_id:\d+$/);
    const { events } = await server.stream(completions, body);
    expect(events.map((event) => event.usage.completion_tokens)).toEqual([1, 2, 2]);
    expect(server.log[0]).toMatch(/^cmpl-[0-9a-f]{32}: begins$/);
    expect(server.log[1]).toMatch(/^Received request cmpl-/);
    expect(server.log[2]).toMatch(/: ends after \d+ ms$/);
  });
});
