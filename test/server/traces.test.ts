/** Spans of requests, as a collector gets them. */
import { afterEach, describe, expect, it } from "vitest";
import { parseServerConfig } from "../../src/config/server-config.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { startServer } from "../../src/server/server.js";
import type { RunningServer } from "../../src/server/server.js";
import { tracesTarget } from "../../src/server/tracing/traces-target.js";
import { fakeAsyncLLM } from "../engine/support.js";
import { OtlpCollector } from "../support/otlp-collector.js";
import { until } from "./support.js";

let collector: OtlpCollector;
let llm: AsyncLLM;
let server: RunningServer;

async function serve(path = "", prepare: (url: string) => string = (url) => url): Promise<void> {
  collector = new OtlpCollector();
  const otlpTracesEndpoint = prepare((await collector.listen()) + path);
  ({ llm } = await fakeAsyncLLM({
    stepMs: 1,
    errorOf: (_, tokens) => (tokens[1] === "!".charCodeAt(0) && tokens.length > 5 ? "broken on purpose" : undefined),
  }));
  server = await startServer(llm, parseServerConfig({ port: 0, otlpTracesEndpoint }, {}), {
    log: () => {},
    version: "1.2",
  });
}

afterEach(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL;
  await server.close();
  await llm.close();
  collector.close();
});

const post = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ ignore_eos: true, seed: 1, ...body }),
  });

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const traced = (flags: string) => ({ traceparent: `00-${TRACE}-${PARENT}-${flags}`, tracestate: "vendor=1" });

describe.each(["http/protobuf", "http/json"])("traces by %s", (protocol) => {
  it("tell each request's parameters, usage and times, under its caller's span", async () => {
    process.env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL = protocol;
    await serve();
    const before = Date.now();
    const answer = await post(
      { prompt: "Hello", max_tokens: 7, temperature: 0.5, top_p: 0.75, n: 2, model: llm.servedModelNames[0] },
      traced("01"),
    );
    const { id } = (await answer.json()) as { id: string };
    await (await post({ prompt: "Hello", max_tokens: 3, stream: true })).text();
    expect((await post({ prompt: "!", max_tokens: 50 })).status).toBe(500);
    await until(() => collector.spans.length === 3, "three spans");
    expect(collector.paths[0]).toBe("/v1/traces");
    expect(collector.contentTypes[0]).toBe(protocol === "http/json" ? "application/json" : "application/x-protobuf");
    const [first, streamed, failed] = collector.spans;
    expect(first).toMatchObject({
      name: "llm_request",
      kind: 2,
      traceId: TRACE,
      parentSpanId: PARENT,
      traceState: "vendor=1",
      statusCode: 0,
      resource: { "service.name": "quire", "service.version": "1.2" },
      attributes: {
        "gen_ai.request.id": id,
        "gen_ai.request.max_tokens": 7,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.75,
        "gen_ai.request.n": 2,
        "gen_ai.response.model": llm.servedModelNames[0],
        "gen_ai.usage.prompt_tokens": 6,
        "gen_ai.usage.completion_tokens": 14,
        "gen_ai.response.finish_reasons": ["length", "length"],
        "http.route": "/v1/completions",
      },
    });
    const latency = (name: string) => first!.attributes[`gen_ai.latency.${name}`] as number;
    expect(latency("time_in_queue")).toBeGreaterThanOrEqual(0);
    expect(latency("time_in_model_prefill")).toBeGreaterThan(0);
    expect(latency("time_in_model_decode")).toBeGreaterThan(0);
    const both = latency("time_in_model_prefill") + latency("time_in_model_decode");
    expect(latency("time_in_model_inference")).toBeCloseTo(both, 9);
    expect(latency("e2e")).toBeGreaterThan(latency("time_to_first_token"));
    expect(first!.endMs - first!.startMs).toBeCloseTo(latency("e2e") * 1000, 0);
    expect(first!.startMs).toBeGreaterThan(before - 1000);
    expect(first!.endMs).toBeLessThan(Date.now() + 1000);
    expect(streamed!.traceId).not.toBe(TRACE);
    expect(streamed!.parentSpanId).toBe("");
    expect(failed).toMatchObject({ statusCode: 2, attributes: { "gen_ai.response.finish_reasons": ["error"] } });
  });
});

describe("traces", () => {
  it("are not made for callers that do not sample, and malformed contexts begin a trace of their own", async () => {
    await serve("/own/path");
    await (await post({ prompt: "a", max_tokens: 2 }, traced("00"))).text();
    for (const traceparent of ["00-zz-00-01", "x".repeat(4000), `00-${"0".repeat(32)}-${PARENT}-01`])
      await (await post({ prompt: "a", max_tokens: 2 }, { traceparent })).text();
    await until(() => collector.spans.length === 3, "three spans");
    expect(collector.spans.map(({ parentSpanId }) => parentSpanId)).toEqual(["", "", ""]);
    expect(collector.paths).toContain("/own/path");
  });

  it("that wait are sent when the server stops", async () => {
    await serve();
    await (await post({ prompt: "a", max_tokens: 2 })).text();
    await server.close();
    expect(collector.spans).toHaveLength(1);
  });

  it("are dropped and counted when the collector refuses or is not there; requests do not notice", async () => {
    await serve();
    collector.status = 400;
    expect((await post({ prompt: "a", max_tokens: 2 })).status).toBe(200);
    const dropped = async () =>
      /^quire:trace_spans_dropped_total (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())![1];
    let seen: string | undefined;
    const look = async () => (seen = await dropped());
    await until(() => {
      void look();
      return seen === "1";
    }, "one span is dropped");
    collector.close();
    expect((await post({ prompt: "a", max_tokens: 2 })).status).toBe(200);
  });
});

describe("the target", () => {
  it("gets the usual path, and is HTTP", () => {
    const of = (otlpTracesEndpoint: string, protocol = "http/protobuf") =>
      tracesTarget({ otlpTracesEndpoint }, protocol);
    expect(of("http://c:4318")!.url).toBe("http://c:4318/v1/traces");
    expect(of("https://c/x?y=1", "http/json")).toEqual({ url: "https://c/x?y=1", protocol: "http/json" });
    expect(() => of("grpc://c:4317")).toThrow(/gRPC is not supported/);
    expect(() => of("c:4317")).toThrow(/--otlp-traces-endpoint: expected .* got c:4317/);
    expect(() => of("http://c", "grpc")).toThrow(/OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: expected .*; got grpc/);
    expect(tracesTarget({ otlpTracesEndpoint: undefined }, "grpc")).toBeUndefined();
  });
});
