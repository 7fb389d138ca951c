/** Definitions of all metrics that are Quire's to make: vLLM's by its names, labels and buckets, and Quire's own. */
import * as buckets from "./buckets.js";
import type { MetricDefinition, MetricType } from "./metric.js";

/** Labels that every metric of the engine has. */
const ENGINE = ["model_name", "engine"];

function metric(
  type: MetricType,
  name: string,
  help: string,
  more: Partial<Pick<MetricDefinition, "labels" | "buckets" | "bucketsText">> = {},
): MetricDefinition {
  return { type, name, help, labels: ENGINE, ...more };
}

const COUNT_BUCKETS = "1, 2, 5, 10, ... up to the model's length";

/** @param maxModelLen where the buckets of token counts end */
export function engineDefinitions(maxModelLen: number) {
  const counts = { buckets: buckets.tokenCounts(maxModelLen), bucketsText: COUNT_BUCKETS };
  const request = { buckets: buckets.REQUEST_SECONDS };
  return {
    running: metric("gauge", "vllm:num_requests_running", "Requests in the batch of the last step."),
    waiting: metric("gauge", "vllm:num_requests_waiting", "Requests that wait to be scheduled."),
    waitingByReason: metric(
      "gauge",
      "vllm:num_requests_waiting_by_reason",
      "Requests that wait, by the reason: capacity (no room) or deferred (not ready yet, such as a grammar that compiles).",
      { labels: [...ENGINE, "reason"] },
    ),
    sleepState: metric(
      "gauge",
      "vllm:engine_sleep_state",
      "1 for the state that the engine is in: awake, weights_offloaded (level 1) or discard_all (level 2).",
      { labels: [...ENGINE, "sleep_state"] },
    ),
    kvCacheUsage: metric(
      "gauge",
      "vllm:kv_cache_usage_perc",
      "Share of the KV cache's blocks in use; 1 is all of them.",
    ),
    numBlocks: metric("gauge", "vllm:num_kv_cache_total_blocks", "Blocks of the KV cache."),
    cachedBlocks: metric(
      "gauge",
      "vllm:num_prefix_cached_blocks",
      "Blocks with content that later prompts may share, in use or free.",
    ),
    cachedTokens: metric("gauge", "vllm:num_prefix_cached_tokens", "Tokens of those blocks."),
    cachedShare: metric("gauge", "vllm:prefix_cache_usage_perc", "Share of the KV cache's blocks that they are."),
    prefixQueries: metric("counter", "vllm:prefix_cache_queries_total", "Tokens looked up in the prefix cache."),
    prefixHits: metric("counter", "vllm:prefix_cache_hits_total", "Tokens found in the prefix cache."),
    externalQueries: metric(
      "counter",
      "vllm:external_prefix_cache_queries_total",
      "Tokens looked up in other instances' prefix caches; there are none: always 0.",
    ),
    externalHits: metric(
      "counter",
      "vllm:external_prefix_cache_hits_total",
      "Tokens found in other instances' prefix caches; there are none: always 0.",
    ),
    mmQueries: metric("counter", "vllm:mm_cache_queries_total", "Items looked up in the multimodal cache; always 0."),
    mmHits: metric("counter", "vllm:mm_cache_hits_total", "Items found in the multimodal cache; always 0."),
    preemptions: metric("counter", "vllm:num_preemptions_total", "How often a request lost its blocks to another one."),
    promptTokens: metric("counter", "vllm:prompt_tokens_total", "Prompt tokens of requests whose first token came."),
    promptTokensBySource: metric(
      "counter",
      "vllm:prompt_tokens_by_source_total",
      "The same, by where they came from.",
      {
        labels: [...ENGINE, "source"],
      },
    ),
    promptTokensCached: metric("counter", "vllm:prompt_tokens_cached_total", "Of them, those that a cache held."),
    generationTokens: metric("counter", "vllm:generation_tokens_total", "Tokens generated."),
    requestSuccess: metric(
      "counter",
      "vllm:request_success_total",
      "Outputs that ended, by how: stop, length, abort, error, repetition. A request with n outputs counts n times.",
      { labels: [...ENGINE, "finished_reason"] },
    ),
    requestPromptTokens: metric("histogram", "vllm:request_prompt_tokens", "Prompt tokens of an output.", counts),
    requestGenerationTokens: metric("histogram", "vllm:request_generation_tokens", "Tokens of an output.", counts),
    iterationTokens: metric(
      "histogram",
      "vllm:iteration_tokens_total",
      "Tokens of a step: those generated, and the prompts of the requests whose first token it gave.",
      { buckets: buckets.STEP_TOKENS },
    ),
    maxGenerationTokens: metric(
      "histogram",
      "vllm:request_max_num_generation_tokens",
      "Tokens of a request's longest output.",
      counts,
    ),
    paramsN: metric("histogram", "vllm:request_params_n", "The request's n.", { buckets: buckets.N_OUTPUTS }),
    paramsMaxTokens: metric("histogram", "vllm:request_params_max_tokens", "The request's max_tokens.", counts),
    timeToFirstToken: metric(
      "histogram",
      "vllm:time_to_first_token_seconds",
      "From the arrival of a request (before its prompt is tokenized) to the first token.",
      { buckets: buckets.FIRST_TOKEN_SECONDS },
    ),
    interToken: metric(
      "histogram",
      "vllm:inter_token_latency_seconds",
      "Between two steps that gave an output tokens, on the engine's clock.",
      { buckets: buckets.TOKEN_SECONDS },
    ),
    timePerOutputToken: metric(
      "histogram",
      "vllm:request_time_per_output_token_seconds",
      "First token to last token of an output, divided by its tokens less one; 0 with one token.",
      { buckets: buckets.TOKEN_SECONDS },
    ),
    endToEnd: metric("histogram", "vllm:e2e_request_latency_seconds", "From a request's arrival to its end.", request),
    queueTime: metric(
      "histogram",
      "vllm:request_queue_time_seconds",
      "From a request's coming to the engine to when it was first scheduled.",
      request,
    ),
    inferenceTime: metric(
      "histogram",
      "vllm:request_inference_time_seconds",
      "From when it was first scheduled to the last token.",
      request,
    ),
    prefillTime: metric(
      "histogram",
      "vllm:request_prefill_time_seconds",
      "From when it was first scheduled to the first token.",
      request,
    ),
    decodeTime: metric("histogram", "vllm:request_decode_time_seconds", "First token to last token.", request),
    prefillComputedTokens: metric(
      "histogram",
      "vllm:request_prefill_kv_computed_tokens",
      "Prompt tokens that were computed: those that no cache held.",
      counts,
    ),
    cacheConfig: metric("gauge", "vllm:cache_config_info", "Always 1: what the KV cache is, in its labels.", {
      labels: CACHE_CONFIG_LABELS,
    }),
  } as const;
}

/** Labels of `vllm:cache_config_info`. */
export const CACHE_CONFIG_LABELS = [
  "block_size",
  "cache_dtype",
  "enable_prefix_caching",
  "engine",
  "gpu_memory_utilization",
  "is_attention_free",
  "kv_cache_memory_bytes",
  "kv_cache_size_tokens",
  "num_cpu_blocks",
  "num_gpu_blocks",
  "num_gpu_blocks_override",
  "sliding_window",
] as const;

export const HTTP_DEFINITIONS = {
  requests: metric("counter", "http_requests_total", "Requests answered, by endpoint, method and class of status.", {
    labels: ["handler", "method", "status"],
  }),
  requestSize: metric("summary", "http_request_size_bytes", "Content-Length of requests; 0 without one.", {
    labels: ["handler"],
  }),
  responseSize: metric("summary", "http_response_size_bytes", "Content-Length of answers; 0 without one.", {
    labels: ["handler"],
  }),
  durationFine: metric(
    "histogram",
    "http_request_duration_highr_seconds",
    "Until the end of the answer, over all endpoints, with many buckets.",
    { labels: [], buckets: buckets.HTTP_FINE_SECONDS },
  ),
  duration: metric("histogram", "http_request_duration_seconds", "Until the end of the answer, with few buckets.", {
    labels: ["handler", "method"],
    buckets: buckets.HTTP_SECONDS,
  }),
} as const;

export const QUIRE_DEFINITIONS = {
  up: metric("gauge", "quire:engine_up", "1 while the engine answers; 0 when it died, was closed or is stuck."),
  accepted: metric(
    "counter",
    "quire:requests_accepted_total",
    "Requests that passed all checks and went to the engine.",
  ),
  finished: metric("counter", "quire:requests_finished_total", "Of those, the ones that got all their outputs."),
  aborted: metric("counter", "quire:requests_aborted_total", "Of those, the ones that their callers gave up."),
  failed: metric(
    "counter",
    "quire:requests_failed_total",
    "Of those, the ones that ended in an error, the engine's death included. Accepted = finished + aborted + failed + open.",
  ),
  open: metric("gauge", "quire:requests_open", "Requests that have not ended."),
  rejected: metric("counter", "quire:requests_rejected_total", "Requests refused with 503, by the reason.", {
    labels: ["reason"],
  }),
  slowClients: metric(
    "counter",
    "quire:slow_clients_dropped_total",
    "Streams cut off because their reader was more than --max-buffered-bytes behind.",
    { labels: [] },
  ),
  grammarCompile: metric("histogram", "quire:grammar_compile_seconds", "Compiling a grammar that no cache held.", {
    buckets: buckets.COMPILE_SECONDS,
  }),
  steps: metric("counter", "quire:engine_steps_total", "Steps of the engine."),
  scheduledTokens: metric("counter", "quire:engine_scheduled_tokens_total", "Tokens computed, prompt and output."),
  jsSeconds: metric(
    "counter",
    "quire:engine_js_seconds_total",
    "Time that the engine's own JavaScript took, by phase of the step: schedule, update, outputs.",
    { labels: [...ENGINE, "phase"] },
  ),
  spansDropped: metric(
    "counter",
    "quire:trace_spans_dropped_total",
    "Spans that were dropped because the collector is slow, down or refuses them.",
    { labels: [] },
  ),
  logLinesDropped: metric(
    "counter",
    "quire:log_lines_dropped_total",
    "Lines of the log that could not be written: the disk is full, or nobody reads them.",
    { labels: [] },
  ),
} as const;
