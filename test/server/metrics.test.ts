/** /metrics of a server whose engine is behind a socket: traffic adds up, to the engine's death and beyond. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseServerConfig } from "../../src/config/server-config.js";
import type { ServerOptions } from "../../src/config/server-config.js";
import type { AsyncLLM } from "../../src/engine/async-llm.js";
import { startServer } from "../../src/server/server.js";
import type { RunningServer } from "../../src/server/server.js";
import { linkedCore } from "../engine/linked-core.js";
import type { Linked } from "../engine/linked-core.js";
import { testServer, until } from "./support.js";

let linked: Linked;
let llm: AsyncLLM;
let server: RunningServer;

async function serve(options: ServerOptions = {}): Promise<void> {
  linked = await linkedCore({
    stepMs: 1,
    errorOf: (_, tokens) => (tokens[1] === "!".charCodeAt(0) && tokens.length > 5 ? "broken on purpose" : undefined),
  });
  llm = await linked.engine();
  server = await startServer(llm, parseServerConfig({ port: 0, ...options }, {}), { log: () => {} });
}

beforeEach(() => serve());
afterEach(async () => {
  linked.link.kill();
  await server.close();
});

type Samples = Map<string, number>;

/** Every sample by its name and sorted labels. */
async function scrape(): Promise<Samples> {
  const answer = await fetch(`${server.url}/metrics`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const samples: Samples = new Map();
  for (const line of (await answer.text()).split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)!;
    const rest = labels
      .split(/,(?=\w+=)/)
      .filter((label) => !/^(engine|model_name)=/.test(label) && label !== "")
      .sort();
    samples.set(rest.length > 0 ? `${name}{${rest.join(",")}}` : name!, Number(value));
  }
  return samples;
}

const post = (body: object, signal?: AbortSignal) =>
  fetch(`${server.url}/v1/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ignore_eos: true, seed: 1, ...body }),
    ...(signal === undefined ? {} : { signal }),
  });

const REASONS = ["stop", "length", "abort", "error", "repetition"];
const STATES = ["finished", "aborted", "failed"];

function expectSum(samples: Samples): void {
  const accepted = samples.get("quire:requests_accepted_total")!;
  const ended = STATES.reduce((sum, state) => sum + samples.get(`quire:requests_${state}_total`)!, 0);
  expect(ended + samples.get("quire:requests_open")!).toBe(accepted);
}

describe("/metrics", () => {
  it("counts what vLLM counts, as soon as the answers are there", async () => {
    const prompt = "Hello my name is Robert";
    for (let i = 0; i < 10; i++) await (await post({ prompt, max_tokens: 10 })).json();
    const samples = await scrape();
    const value = (name: string) => samples.get(`vllm:${name}`);
    const numPromptTokens = prompt.length + 1;
    expect(value("time_to_first_token_seconds_count")).toBe(10);
    expect(value("inter_token_latency_seconds_count")).toBe(90);
    for (const name of ["e2e_request_latency", "request_queue_time", "request_prefill_time", "request_decode_time"])
      expect(value(`${name}_seconds_count`), name).toBe(10);
    expect(value("request_inference_time_seconds_count")).toBe(10);
    expect(value("request_time_per_output_token_seconds_count")).toBe(10);
    expect(value("request_prompt_tokens_sum")).toBe(10 * numPromptTokens);
    expect(value("request_generation_tokens_sum")).toBe(100);
    expect(value("request_params_n_sum")).toBe(10);
    expect(value("request_params_max_tokens_sum")).toBe(100);
    expect(value("request_max_num_generation_tokens_sum")).toBe(100);
    expect(value("iteration_tokens_total_sum")).toBe(10 * (numPromptTokens + 10));
    expect(value("iteration_tokens_total_count")).toBe(100);
    expect(value("prompt_tokens_total")).toBe(10 * numPromptTokens);
    expect(value("generation_tokens_total")).toBe(100);
    expect(value('request_success_total{finished_reason="length"}')).toBe(10);
    expect(value('time_to_first_token_seconds_bucket{le="+Inf"}')).toBe(10);
    const cached = value("prompt_tokens_cached_total")!;
    expect(cached).toBe(9 * 16);
    expect(value('prompt_tokens_by_source_total{source="local_cache_hit"}')).toBe(cached);
    expect(value('prompt_tokens_by_source_total{source="local_compute"}')).toBe(10 * numPromptTokens - cached);
    expect(value("request_prefill_kv_computed_tokens_sum")).toBe(10 * numPromptTokens - cached);
    expect(value("prefix_cache_queries_total")).toBe(10 * numPromptTokens);
    expect(value("prefix_cache_hits_total")).toBe(cached);
    expect(value("num_prefix_cached_tokens")).toBe(16 * value("num_prefix_cached_blocks")!);
    expect(value("num_prefix_cached_blocks")).toBeGreaterThan(0);
    expect(value("prefix_cache_usage_perc")).toBeCloseTo(value("num_prefix_cached_blocks")! / 257, 9);
    expect(samples.get('http_requests_total{handler="/v1/completions",method="POST",status="2xx"}')).toBe(10);
    expect(samples.get("quire:engine_up")).toBe(1);
    expectSum(samples);
  });

  it("falls back to zero when all clients have left", async () => {
    const controller = new AbortController();
    const running = Array.from({ length: 3 }, (_, i) =>
      post({ prompt: `${i} is long enough for more than one block of tokens`, max_tokens: 200 }, controller.signal),
    );
    const left = Promise.allSettled(running);
    await until(() => llm.stats().numRunning === 3, "all three run");
    const during = await scrape();
    expect(during.get("vllm:num_requests_running")).toBe(3);
    expect(during.get("vllm:kv_cache_usage_perc")).toBeGreaterThan(0);
    expect(during.get("quire:requests_open")).toBe(3);
    expectSum(during);
    controller.abort();
    await left;
    await until(() => llm.stats().numRunning === 0, "none runs");
    const after = await scrape();
    expect(after.get("vllm:num_requests_running")).toBe(0);
    expect(after.get("vllm:num_requests_waiting")).toBe(0);
    expect(after.get("vllm:kv_cache_usage_perc")).toBe(0);
    expect(after.get('vllm:request_success_total{finished_reason="abort"}')).toBe(3);
    expect(after.get("quire:requests_aborted_total")).toBe(3);
    expect(after.get('http_requests_total{handler="/v1/completions",method="POST",status="4xx"}')).toBe(3);
    expectSum(after);
  });

  it("adds up after mixed traffic, and after the engine's death", async () => {
    const mixed = [
      post({ prompt: "a", max_tokens: 5, n: 3 }),
      post({ prompt: ["b", "c"], max_tokens: 5, stream: true }).then((answer) => answer.text()),
      post({ prompt: "!", max_tokens: 50 }),
      post({ prompt: "x".repeat(300), max_tokens: 5 }),
      post({ prompt: "a", max_tokens: -1 }),
      fetch(`${server.url}/nowhere/at/all`),
    ];
    await Promise.all(mixed);
    const samples = await scrape();
    expect(samples.get("quire:requests_accepted_total")).toBe(4);
    expect(samples.get("quire:requests_finished_total")).toBe(3);
    expect(samples.get("quire:requests_failed_total")).toBe(1);
    expect(samples.get('vllm:request_success_total{finished_reason="error"}')).toBe(1);
    expect(samples.get('vllm:request_success_total{finished_reason="length"}')).toBe(5);
    expect(samples.get('http_requests_total{handler="none",method="GET",status="4xx"}')).toBe(1);
    expect(samples.get('http_requests_total{handler="/v1/completions",method="POST",status="5xx"}')).toBe(1);
    expectSum(samples);

    const open = post({ prompt: "long", max_tokens: 200 });
    await until(() => llm.stats().numRunning === 1, "it runs");
    linked.link.kill();
    expect((await open).status).toBeGreaterThanOrEqual(500);
    await post({ prompt: "too late", max_tokens: 5 });
    const dead = await scrape();
    expect(dead.get("quire:engine_up")).toBe(0);
    expect(dead.get("quire:requests_failed_total")).toBe(2);
    expect(dead.get('quire:requests_rejected_total{reason="unavailable"}')).toBe(1);
    const ends = REASONS.map((reason) => dead.get(`vllm:request_success_total{finished_reason="${reason}"}`)!);
    expect(ends.reduce((sum, count) => sum + count)).toBe(5 + 2);
    expectSum(dead);
  });

  it("shows the process's own figures, and comes without an engine's", async () => {
    const samples = await scrape();
    expect(samples.get("process_cpu_seconds_total")).toBeGreaterThan(0.1);
    for (const name of ["process_resident_memory_bytes", "process_start_time_seconds", "nodejs_heap_size_used_bytes"])
      expect(samples.get(name), name).toBeGreaterThan(0);
    const bare = await testServer();
    const { text } = await bare.get("/metrics");
    expect(text).toContain('vllm:num_requests_running{engine="0",model_name="fake-model"} 0');
    await bare.close();
  });
});
