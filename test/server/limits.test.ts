/** Limits on work: how long, how many, how much may wait. */
import { afterEach, describe, expect, it } from "vitest";
import { Admission } from "../../src/engine/admission.js";
import type { OutputProcessor } from "../../src/engine/output-processor.js";
import type { ProcessedRequest } from "../../src/engine/input-processor.js";
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
