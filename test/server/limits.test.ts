/** Limits on work: how long, how many, how much may wait. */
import { afterEach, describe, expect, it } from "vitest";
import { parseEngineConfig } from "../../src/config/engine-config.js";
import { parseServerConfig } from "../../src/config/server-config.js";
import { Admission } from "../../src/engine/admission.js";
import { openAsyncLLM } from "../../src/engine/async-llm.js";
import type { OutputProcessor } from "../../src/engine/output-processor.js";
import type { ProcessedRequest } from "../../src/engine/input-processor.js";
import { startServer } from "../../src/server/server.js";
import { testServer } from "./support.js";
import type { TestServer } from "./support.js";

const path = "/v1/completions";
let server: TestServer;
afterEach(() => server?.close());

describe("--request-timeout", () => {
  it("ends a request in the engine and answers with 504", async () => {
    server = await testServer({ requestTimeout: 0.1 });
    server.engine.stepMs = 30;
    const { status, json } = await server.post(path, { prompt: "a", max_tokens: 60 });
    expect(status).toBe(504);
    expect(json.error).toMatchObject({ type: "RequestTimeoutError", code: 504 });
    expect(json.error.message).toBe("the request was not done after 0.1 s (--request-timeout)");
    expect(server.engine.calls[0]!.ended).toBe("aborted");
    expect(server.log).toEqual([]);
  });

  it("ends a stream with an event", async () => {
    server = await testServer({ requestTimeout: 0.1 });
    server.engine.stepMs = 30;
    const { events, done } = await server.stream(path, { prompt: "a", max_tokens: 60 });
    expect(events.length).toBeGreaterThan(1);
    expect(events.at(-1).error).toMatchObject({ code: 504 });
    expect(done).toBe(true);
    expect(server.engine.calls[0]!.ended).toBe("aborted");
  });
});

describe("numbers", () => {
  it("of prompts and outputs are bounded", async () => {
    server = await testServer({ maxPromptsPerRequest: 3, maxNSequences: 4 });
    const ask = async (body: object) => (await server.post(path, { max_tokens: 1, ...body })).json.error;
    expect(await ask({ prompt: ["a", "b", "c", "d"] })).toMatchObject({ code: 400, param: "prompt" });
    expect(await ask({ prompt: "a", n: 5 })).toMatchObject({ code: 400, param: "n" });
    expect(await ask({ prompt: ["a", "b", "c"], n: 2 })).toMatchObject({ code: 400, param: "n" });
    expect(await ask({ prompt: ["a", "b"], n: 2 })).toBeUndefined();
    expect(server.engine.calls).toHaveLength(2);
  });
});

describe("a full engine", () => {
  const open = (numOutputs: number, prefill: number) =>
    ({ numOutputs, countPrefillTokens: () => prefill }) as unknown as OutputProcessor;
  const request = (n: number) =>
    ({ coreRequests: Array.from({ length: n }, () => ({})) }) as unknown as ProcessedRequest;
  const thrown = (check: () => void) => {
    try {
      check();
    } catch (error) {
      return error as Error & { status: number; param: string | null };
    }
    return undefined;
  };

  it("refuses further outputs with 503, and with 400 what it would never take", () => {
    const admission = new Admission({ maxNumQueuedReqs: 4 }, open(3, 0));
    expect(thrown(() => admission.check())).toBeUndefined();
    expect(thrown(() => admission.check(request(1)))).toBeUndefined();
    expect(thrown(() => admission.check(request(2)))).toMatchObject({
      status: 503,
      message: "the server is full: 3 of 4 requests wait or run (--max-num-queued-reqs); try again later",
    });
    expect(thrown(() => admission.check(request(5)))).toMatchObject({ status: 400, param: "n" });
  });

  it("refuses while too many prompt tokens wait", () => {
    const check = (prefill: number) =>
      thrown(() => new Admission({ maxNumQueuedTokens: 100 }, open(9, prefill)).check());
    expect(check(99)).toBeUndefined();
    expect(check(100)).toMatchObject({ status: 503 });
  });

  it("costs nothing without limits", () => {
    const untouchable = new Proxy({} as OutputProcessor, {
      get: () => {
        throw new Error("looked");
      },
    });
    expect(thrown(() => new Admission({}, untouchable).check(request(1)))).toBeUndefined();
  });
});

describe("--max-num-queued-reqs", () => {
  it("of a real engine: 503 with Retry-After while it is full, and room again when a request has ended", async () => {
    const engine = await openAsyncLLM(
      parseEngineConfig({
        model: "models/stories260K",
        platform: "reference",
        numBlocksOverride: 200,
        maxNumQueuedReqs: 2,
      }),
    );
    const real = await startServer(engine, parseServerConfig({ port: 0 }, {}), { log: () => {} });
    try {
      const abort = new AbortController();
      const ask = (body: object, signal?: AbortSignal) =>
        fetch(`${real.url}${path}`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ prompt: "Once", ignore_eos: true, ...body }),
          ...(signal === undefined ? {} : { signal }),
        });
      const long = ask({ n: 2, max_tokens: 400, stream: true }, abort.signal);
      await (await long).body!.getReader().read();
      const refused = await ask({ max_tokens: 1 });
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(((await refused.json()) as { error: object }).error).toMatchObject({
        type: "ServiceUnavailableError",
        message: "the server is full: 2 of 2 requests wait or run (--max-num-queued-reqs); try again later",
      });
      abort.abort();
      let status = 503;
      while (status === 503) status = (await ask({ max_tokens: 1, n: 2 })).status;
      expect(status).toBe(200);
      expect((await ask({ max_tokens: 1, n: 3 })).status).toBe(400);
    } finally {
      await real.close();
      await engine.close();
    }
  });
});
