/** The page of metrics, and the contract with vLLM's dashboards. */
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { tokenCounts } from "./buckets.js";
import { engineDefinitions, HTTP_DEFINITIONS, QUIRE_DEFINITIONS } from "./definitions.js";
import type { MetricDefinition } from "./metric.js";
import { metricsPage } from "./metrics-page.js";

const ENGINE = ["model_name", "engine"];
const REQUEST = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
const TOKEN = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** What dashboards, autoscalers and gateways made for vLLM ask for. */
const VLLM: Record<string, [type: string, labels: string[], buckets?: number[]]> = {
  "vllm:num_requests_running": ["gauge", ENGINE],
  "vllm:num_requests_waiting": ["gauge", ENGINE],
  "vllm:num_requests_waiting_by_reason": ["gauge", [...ENGINE, "reason"]],
  "vllm:engine_sleep_state": ["gauge", [...ENGINE, "sleep_state"]],
  "vllm:kv_cache_usage_perc": ["gauge", ENGINE],
  "vllm:num_kv_cache_total_blocks": ["gauge", ENGINE],
  "vllm:num_prefix_cached_blocks": ["gauge", ENGINE],
  "vllm:num_prefix_cached_tokens": ["gauge", ENGINE],
  "vllm:prefix_cache_usage_perc": ["gauge", ENGINE],
  "vllm:prefix_cache_queries_total": ["counter", ENGINE],
  "vllm:prefix_cache_hits_total": ["counter", ENGINE],
  "vllm:external_prefix_cache_queries_total": ["counter", ENGINE],
  "vllm:external_prefix_cache_hits_total": ["counter", ENGINE],
  "vllm:mm_cache_queries_total": ["counter", ENGINE],
  "vllm:mm_cache_hits_total": ["counter", ENGINE],
  "vllm:num_preemptions_total": ["counter", ENGINE],
  "vllm:prompt_tokens_total": ["counter", ENGINE],
  "vllm:prompt_tokens_by_source_total": ["counter", [...ENGINE, "source"]],
  "vllm:prompt_tokens_cached_total": ["counter", ENGINE],
  "vllm:generation_tokens_total": ["counter", ENGINE],
  "vllm:request_success_total": ["counter", [...ENGINE, "finished_reason"]],
  "vllm:request_prompt_tokens": ["histogram", ENGINE, COUNTS],
  "vllm:request_generation_tokens": ["histogram", ENGINE, COUNTS],
  "vllm:request_max_num_generation_tokens": ["histogram", ENGINE, COUNTS],
  "vllm:request_params_max_tokens": ["histogram", ENGINE, COUNTS],
  "vllm:request_prefill_kv_computed_tokens": ["histogram", ENGINE, COUNTS],
  "vllm:request_params_n": ["histogram", ENGINE, [1, 2, 5, 10, 20]],
  "vllm:iteration_tokens_total": [
    "histogram",
    ENGINE,
    [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384],
  ],
  "vllm:time_to_first_token_seconds": [
    "histogram",
    ENGINE,
    [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560],
  ],
  "vllm:inter_token_latency_seconds": ["histogram", ENGINE, TOKEN],
  "vllm:request_time_per_output_token_seconds": ["histogram", ENGINE, TOKEN],
  "vllm:e2e_request_latency_seconds": ["histogram", ENGINE, REQUEST],
  "vllm:request_queue_time_seconds": ["histogram", ENGINE, REQUEST],
  "vllm:request_inference_time_seconds": ["histogram", ENGINE, REQUEST],
  "vllm:request_prefill_time_seconds": ["histogram", ENGINE, REQUEST],
  "vllm:request_decode_time_seconds": ["histogram", ENGINE, REQUEST],
};

describe("metrics", () => {
  it("are told in docs/metrics.md (npx vitest run src/server/metrics -u writes it)", async () => {
    const page = await format(metricsPage(), { parser: "markdown", printWidth: 120 });
    await expect(page).toMatchFileSnapshot("../../../docs/metrics.md");
  });

  it("keep vLLM's names, types, labels and buckets", () => {
    const made: readonly MetricDefinition[] = Object.values(engineDefinitions(2048));
    for (const [name, [type, labels, buckets]] of Object.entries(VLLM)) {
      const definition = made.find((entry) => entry.name === name);
      expect(definition, name).toMatchObject({ type, labels });
      expect(definition!.buckets, name).toEqual(buckets);
    }
  });

  it("have names and words of their own, and counters that say so", () => {
    const all = [engineDefinitions(100), QUIRE_DEFINITIONS, HTTP_DEFINITIONS].flatMap((group): MetricDefinition[] =>
      Object.values(group),
    );
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, type, help } of all) {
      expect(name).toMatch(/^((vllm|quire):|http_)[a-z_0-9]+$/);
      expect(help).toMatch(/\.$/);
      if (name !== "vllm:iteration_tokens_total") expect(name.endsWith("_total")).toBe(type === "counter");
    }
  });

  it("end the buckets of counts at the model's length", () => {
    expect(tokenCounts(100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(tokenCounts(99)).toEqual([1, 2, 5, 10, 20, 50]);
    expect(tokenCounts(1)).toEqual([1]);
  });
});
