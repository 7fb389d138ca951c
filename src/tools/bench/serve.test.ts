import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigError, ResourceError } from "../../util/errors.js";
import { benchServe } from "./serve.js";
import type { ServeOptions } from "./serve.js";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Seen {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, any>;
}

type Answer = (response: ServerResponse, body: Record<string, any>, i: number) => void;

/** A server that lists the model "m" and leaves POSTs to `answer`; i counts them. */
async function fakeServer(answer: Answer): Promise<{ url: string; seen: Seen[]; mostOpen: () => number }> {
  const seen: Seen[] = [];
  let open = 0;
  let mostOpen = 0;
  const server = createServer((request, response) => {
    if (request.method === "GET") return void response.end('{"data":[{"id":"m"}]}');
    let text = "";
    mostOpen = Math.max(mostOpen, ++open);
    let isOpen = true;
    const end = () => {
      if (isOpen) open--;
      isOpen = false;
    };
    response.on("finish", end);
    response.on("close", end);
    request.on("data", (data) => (text += String(data)));
    request.on("end", () => {
      const body = JSON.parse(text) as Record<string, any>;
      seen.push({ url: request.url!, headers: request.headers, body });
      answer(response, body, seen.length - 1);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, seen, mostOpen: () => mostOpen };
}

const event = (data: unknown) => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const token = (text = "a") => event({ choices: [{ text, finish_reason: null }] });
const usage = (completion_tokens: number, prompt_tokens = 3) =>
  event({ choices: [], usage: { completion_tokens, prompt_tokens } });
const DONE = event("[DONE]");
const GAP_MS = 40;

/** Three events, a gap before each, then what the server tells. */
const wellBehaved: Answer = (response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const parts = [token(), token(""), token("c") + usage(5) + DONE];
  parts.forEach((part, i) => setTimeout(() => (i < 2 ? response.write(part) : response.end(part)), GAP_MS * (i + 1)));
};
const fails: Answer = (response) => {
  response.statusCode = 400;
  response.end('{"error":{"message":"bad\\n thing"}}');
};

function options(url: string, more: Partial<ServeOptions> = {}): ServeOptions {
  return {
    target: { baseUrl: url, endpoint: "/v1/completions", headers: {}, apiKey: undefined },
    backend: "openai",
    model: undefined,
    prompts: async (count) =>
      Array.from({ length: count }, () => ({ prompt: [5, 6], promptTokens: 2, outputTokens: 9 })),
    numPrompts: 4,
    numWarmups: 1,
    requestRate: Infinity,
    burstiness: 1,
    maxConcurrency: [2],
    ignoreEos: false,
    temperature: 0,
    timeoutMs: 5000,
    seed: 0,
    goodput: {},
    percentiles: [50],
    signal: new AbortController().signal,
    ...more,
  };
}

describe("bench serve", () => {
  it("asks as OpenAI's clients do, and times what comes back", async () => {
    const server = await fakeServer(wellBehaved);
    const target = {
      baseUrl: `${server.url}/v1/`,
      endpoint: "/v1/completions",
      headers: { "X-A": "b" },
      apiKey: "key",
    };
    const { model, runs } = await benchServe(options(server.url, { target, ignoreEos: true }));
    expect(model).toBe("m");
    expect(server.seen).toHaveLength(5);
    expect(server.mostOpen()).toBe(2);
    const [{ url, headers, body }] = server.seen as [Seen];
    expect(url).toBe("/v1/completions");
    expect(headers).toMatchObject({ authorization: "Bearer key", "x-a": "b", "content-type": "application/json" });
    expect(body).toEqual({
      ...{ model: "m", prompt: [5, 6], max_tokens: 9, temperature: 0, ignore_eos: true },
      ...{ stream: true, stream_options: { include_usage: true } },
    });
    const [{ metrics, requests, firstError }] = runs as [(typeof runs)[0]];
    expect(firstError).toBeUndefined();
    expect(metrics).toMatchObject({ completed: 4, failed: 0, totalOutputTokens: 20, totalInputTokens: 12 });
    expect(metrics).toMatchObject({ peakConcurrentRequests: 2, numCountedRequests: 0 });
    for (const { ttftMs, e2elMs, itlMs } of requests) {
      expect(itlMs).toHaveLength(2);
      expect(ttftMs).toBeGreaterThan(GAP_MS - 5);
      expect(e2elMs).toBeCloseTo(ttftMs + itlMs[0]! + itlMs[1]!, 6);
      expect(e2elMs).toBeGreaterThan(3 * GAP_MS - 10);
    }
  });

  it("in a chat leaves out the event that only names the role, and counts outputs where no usage comes", async () => {
    const delta = (value: object, finish_reason: string | null = null) =>
      event({ choices: [{ delta: value, finish_reason }] });
    const server = await fakeServer((response) => {
      response.write(delta({ role: "assistant", content: "" }));
      setTimeout(() => response.end(delta({ content: "a" }) + delta({ content: "" }, "stop") + DONE), GAP_MS);
    });
    const target = { baseUrl: server.url, endpoint: "/v1/chat/completions", headers: {}, apiKey: undefined };
    const prompts = async () => [{ prompt: "hi", promptTokens: undefined, outputTokens: 4 }];
    const { runs } = await benchServe(options(server.url, { backend: "openai-chat", target, prompts, numWarmups: 0 }));
    expect(server.seen[0]!.url).toBe("/v1/chat/completions");
    expect(server.seen[0]!.body).toMatchObject({
      messages: [{ role: "user", content: "hi" }],
      max_completion_tokens: 4,
    });
    const [request] = runs[0]!.requests;
    expect(request).toMatchObject({ isOk: true, outputTokens: 2, isCountTold: false, promptTokens: undefined });
    expect(request!.ttftMs).toBeGreaterThan(GAP_MS - 5);
    expect(runs[0]!.metrics.numCountedRequests).toBe(1);
  });

  it("counts failures of every kind, and goes on", async () => {
    const server = await fakeServer((response, body, i) => {
      if (i === 0) return wellBehaved(response, body, i);
      if (i === 1) return fails(response, body, i);
      if (i === 2) return void response.end("hello");
      if (i === 3) return void response.end(token() + event({ error: { message: "engine died" } }) + DONE);
      if (i === 4) return void response.write(token(), () => response.destroy());
      if (i === 5) return void response.write(token());
      if (i === 6) return void response.end(event("{"));
      return void response.end(DONE);
    });
    const { runs } = await benchServe(
      options(server.url, { numPrompts: 8, numWarmups: 0, maxConcurrency: [1], timeoutMs: 200 }),
    );
    expect(runs[0]!.metrics).toMatchObject({ completed: 1, failed: 7 });
    expect(runs[0]!.firstError).toBe("HTTP 400: bad thing");
    expect(runs[0]!.requests.map(({ error }) => error)).toEqual([
      undefined,
      "HTTP 400: bad thing",
      "the answer is no stream of events with outputs",
      "error in the stream: engine died",
      "the stream broke off before its end",
      "no end after 0.2 s (--timeout)",
      'the stream has an event that is no JSON: "{"',
      "the stream ended without an output",
    ]);
  });

  it("runs each concurrency in turn, with new prompts", async () => {
    const server = await fakeServer(wellBehaved);
    let calls = 0;
    const prompts = async (count: number) => {
      const prompt = [++calls];
      return Array.from({ length: count }, () => ({ prompt, promptTokens: 1, outputTokens: 1 }));
    };
    const told: number[] = [];
    const onRun = (run: { maxConcurrency: number }) => told.push(run.maxConcurrency);
    await benchServe(options(server.url, { prompts, maxConcurrency: [1, 4, Infinity], onRun, numPrompts: 3 }));
    expect(told).toEqual([1, 4, Infinity]);
    expect(server.seen.map(({ body }) => body.prompt[0])).toEqual([1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  });

  it("sends at the rate asked for", async () => {
    const server = await fakeServer((response) => void response.end(token() + usage(1) + DONE));
    const { runs } = await benchServe(
      options(server.url, { requestRate: 50, burstiness: Infinity, maxConcurrency: [Infinity], numPrompts: 10 }),
    );
    const starts = runs[0]!.requests.map(({ startMs }) => startMs);
    starts.forEach((start, i) => expect(start).toBeGreaterThanOrEqual((i + 1) * 20 - 2));
    expect(runs[0]!.metrics.durationSeconds).toBeGreaterThan(0.19);
  });

  it("keeps many requests open without a warning", async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.message);
    process.on("warning", onWarning);
    const server = await fakeServer(wellBehaved);
    const { runs } = await benchServe(options(server.url, { numPrompts: 30, maxConcurrency: [Infinity] }));
    process.off("warning", onWarning);
    expect(runs[0]!.metrics).toMatchObject({ completed: 30, peakConcurrentRequests: 30 });
    expect(warnings).toEqual([]);
  });

  it("stops when it is told to, with what it has", async () => {
    const stop = new AbortController();
    const server = await fakeServer((response, body, i) => {
      if (i < 2) return wellBehaved(response, body, i);
      response.write(token());
      setTimeout(() => stop.abort(), 20);
    });
    const { runs } = await benchServe(
      options(server.url, { signal: stop.signal, numPrompts: 50, maxConcurrency: [1, 2] }),
    );
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ isInterrupted: true, metrics: { completed: 1, failed: 0 } });
  });

  it("says what is wrong with the server before anything is measured", async () => {
    const server = await fakeServer(fails);
    await expect(benchServe(options(server.url))).rejects.toThrow(ResourceError);
    await expect(benchServe(options(server.url))).rejects.toThrow(
      `${server.url}/v1/completions: the warm-up request failed: HTTP 400: bad thing`,
    );
    await expect(benchServe(options("http://127.0.0.1:1"))).rejects.toThrow(
      /http:\/\/127\.0\.0\.1:1\/v1\/models: the server cannot be reached: .*ECONNREFUSED/,
    );
    await expect(benchServe(options("localhost"))).rejects.toThrow(ConfigError);
    const target = { baseUrl: server.url, endpoint: "/v1/completions", headers: { a: "b\nc" }, apiKey: undefined };
    await expect(benchServe(options(server.url, { target, model: "m" }))).rejects.toThrow(
      /warm-up request failed: .*header/i,
    );
  });
});
