/** Attributes of a request's span: vLLM's names, most of them OpenTelemetry's for generative AI. */
import type { EndedRequest } from "../../engine/stats-listener.js";

export type SpanAttributes = Record<string, string | number | string[]>;

/** Times in seconds. Those of a request that never got so far are left out; with several outputs they are the first one's. */
export function spanAttributes(request: EndedRequest, servedModel: string): SpanAttributes {
  const { outputs, trace, end, arrivalMs, endMs } = request;
  const [first] = outputs;
  const { queuedMs, prefillMs, decodeMs, timeToFirstTokenMs } = first ?? {};
  const inferenceMs = prefillMs === undefined || decodeMs === undefined ? undefined : prefillMs + decodeMs;
  const seconds = (name: string, ms: number | undefined): SpanAttributes =>
    ms === undefined ? {} : { [`gen_ai.latency.${name}`]: ms / 1000 };
  const ended = end === "aborted" ? "abort" : "error";
  return {
    "gen_ai.request.id": trace.answerId ?? request.requestId,
    "gen_ai.request.model": trace.model ?? servedModel,
    "gen_ai.response.model": servedModel,
    "gen_ai.request.max_tokens": request.maxTokens,
    "gen_ai.request.temperature": request.temperature,
    "gen_ai.request.top_p": request.topP,
    "gen_ai.request.n": request.n,
    "gen_ai.usage.prompt_tokens": request.numPromptTokens,
    "gen_ai.usage.completion_tokens": request.numOutputTokens,
    "gen_ai.usage.cached_tokens": request.numCachedTokens,
    "gen_ai.usage.num_sequences": outputs.length,
    "gen_ai.response.finish_reasons": outputs.map(({ finishReason }) => finishReason ?? ended),
    ...(trace.endpoint === undefined ? {} : { "http.route": trace.endpoint }),
    ...seconds("time_in_queue", queuedMs),
    ...seconds("time_to_first_token", timeToFirstTokenMs),
    ...seconds("e2e", endMs - arrivalMs),
    ...seconds("time_in_model_prefill", prefillMs),
    ...seconds("time_in_model_decode", decodeMs),
    ...seconds("time_in_model_inference", inferenceMs),
  };
}
