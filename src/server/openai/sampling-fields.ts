/** Request fields that completions and chat share: sampling, and what this version refuses. */
import { z } from "zod";
import type { SamplingParams, SamplingParamsInput } from "../../request/sampling-params.js";
import { RequestError } from "../../util/errors.js";
import { structuredOutputFields, structuredOutputs } from "./structured-output-fields.js";

const number = z.number().nullish();
const integer = z.int().nullish();
const boolean = z.boolean().nullish();
const tokenIds = z.array(z.int()).max(1_000_000).nullish();

/** Parts of an object schema; ranges are checked by `normalizeSamplingParams`, in one place for all doors. */
export const samplingFields = {
  temperature: number,
  top_p: number,
  top_k: integer,
  min_p: number,
  presence_penalty: number,
  frequency_penalty: number,
  repetition_penalty: number,
  logit_bias: z.record(z.string(), z.number()).nullish(),
  bad_words: z.array(z.string().max(1000)).max(1000).nullish(),
  allowed_token_ids: tokenIds,
  stop: z.union([z.string(), z.array(z.string()).max(256)]).nullish(),
  stop_token_ids: tokenIds,
  include_stop_str_in_output: boolean,
  min_tokens: integer,
  ignore_eos: boolean,
  seed: integer,
  n: integer,
  prompt_logprobs: integer,
  skip_special_tokens: boolean,
  spaces_between_special_tokens: boolean,
  /** Names of processors that plugins registered; a function cannot come over HTTP. */
  logits_processors: z.unknown().optional(),
  /** Report these tokens' log-probabilities in place of the likeliest ones'; needs `logprobs`. */
  logprob_token_ids: z.array(z.int()).min(1, "expected at least one token id").max(128).nullish(),
  /** Tokens of reasoning at most; -1: as many as the model likes. */
  thinking_token_budget: z.int().min(-1).nullish(),
  /** Tokens of an output between two chunks of a stream. */
  stream_interval: z.int().min(1).nullish(),
  vllm_xargs: z.record(z.string(), z.unknown()).nullish(),
  repetition_detection: z
    .object({ min_pattern_size: integer, max_pattern_size: integer, min_count: integer })
    .nullish(),
  ...structuredOutputFields,
};

/** Fields besides sampling that both endpoints have. */
export const commonFields = {
  model: z.string().nullish(),
  stream: boolean,
  stream_options: z.object({ include_usage: boolean, continuous_usage_stats: boolean }).nullish(),
  user: z.unknown().optional(),
  echo: boolean,
  use_beam_search: boolean,
  length_penalty: number,
  priority: integer,
  cache_salt: z.string().min(1).max(1024).nullish(),
  /** The same over many requests of a client; nothing depends on it. */
  session_id: z.string().nullish(),
  /** Only /render endpoints of vLLM heed it. */
  return_token_offsets: boolean,
  request_id: z.string().max(256).nullish(),
  add_special_tokens: boolean,
  return_token_ids: boolean,
  return_tokens_as_token_ids: boolean,
  truncate_prompt_tokens: z.int().min(-1).nullish(),
  truncation_side: z.enum(["left", "right"]).nullish(),
};

/** Known to vLLM; here they would change the answer and cannot be heeded. */
export const refusedFields = {
  best_of: z.unknown().optional(),
  prompt_embeds: z.unknown().optional(),
  kv_transfer_params: z.unknown().optional(),
  ec_transfer_params: z.unknown().optional(),
  watermarking: z.unknown().optional(),
};

const WITHOUT_EFFECT: Readonly<Partial<Record<keyof typeof refusedFields, (value: unknown) => boolean>>> = {
  best_of: (value) => value === 1,
};

/**
 * @throws RequestError if a field asks for what this version does not have; null, false and empty lists ask for nothing
 */
export function refuseUnsupported(body: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(refusedFields) as (keyof typeof refusedFields)[]) {
    const value = body[name];
    if (value === undefined || value === null || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (WITHOUT_EFFECT[name]?.(value)) continue;
    throw new RequestError(`${name} is not in this version; leave it out`, { param: name });
  }
}

type SamplingBody = z.output<z.ZodObject<typeof samplingFields>>;

/** What the endpoint decides itself. */
export interface EndpointParams {
  readonly maxTokens: number | null;
  readonly logprobs: number | null;
  readonly promptLogprobs: number | null;
}

/**
 * Sampling parameters of a request: its own fields, then the model's defaults.
 *
 * @param defaults  `defaultSamplingParams()` of the engine
 */
export function samplingParams(
  body: SamplingBody,
  defaults: Partial<SamplingParams>,
  endpoint: EndpointParams,
): SamplingParamsInput {
  const detection = body.repetition_detection;
  const own: SamplingParamsInput = {
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    minP: body.min_p,
    presencePenalty: body.presence_penalty,
    frequencyPenalty: body.frequency_penalty,
    repetitionPenalty: body.repetition_penalty,
    logitBias: body.logit_bias,
    badWords: body.bad_words,
    allowedTokenIds: body.allowed_token_ids,
    stop: body.stop === "" ? undefined : body.stop,
    stopTokenIds: body.stop_token_ids,
    includeStopStrInOutput: body.include_stop_str_in_output,
    minTokens: body.min_tokens,
    ignoreEos: body.ignore_eos,
    seed: body.seed,
    n: body.n,
    skipSpecialTokens: body.skip_special_tokens,
    spacesBetweenSpecialTokens: body.spaces_between_special_tokens,
    logitsProcessors: processorNames(body.logits_processors),
    extraArgs: body.vllm_xargs,
    structuredOutputs: structuredOutputs(body),
    logprobTokenIds: body.logprob_token_ids,
    streamInterval: body.stream_interval,
    repetitionDetection: detection && {
      minPatternSize: detection.min_pattern_size ?? 0,
      maxPatternSize: detection.max_pattern_size ?? 0,
      minCount: detection.min_count ?? 0,
    },
  };
  const given = Object.entries(own).filter(([, value]) => value !== undefined && value !== null);
  return { ...defaults, ...Object.fromEntries(given), ...endpoint };
}

/**
 * The tokens whose log-probabilities are reported in place of the likeliest ones'.
 * @throws RequestError where no log-probabilities are asked for, or none can be
 */
export function reportedTokens(
  body: { logprob_token_ids?: number[] | null | undefined; use_beam_search?: boolean | null | undefined },
  hasLogprobs: boolean,
): ReadonlySet<number> | undefined {
  const { logprob_token_ids: ids } = body;
  if (ids === null || ids === undefined) return undefined;
  const param = "logprob_token_ids";
  if (body.use_beam_search === true) throw new RequestError(`${param} cannot be used with use_beam_search`, { param });
  if (!hasLogprobs) throw new RequestError(`${param} needs logprobs`, { param });
  return new Set(ids);
}

/** @throws RequestError for anything but names */
function processorNames(given: unknown): string[] | undefined {
  if (given === undefined || given === null) return undefined;
  if (Array.isArray(given) && given.every((one) => typeof one === "string")) return given;
  throw new RequestError(
    "logits_processors must be a list of names of processors that the server's plugins registered; code cannot be sent over HTTP",
    { param: "logits_processors" },
  );
}

/** The longest answer that is asked for: the request's word, at most the model's own default; null: no limit. */
export function limitTokens(asked: number | null, defaults: Partial<SamplingParams>): number | null {
  const { maxTokens } = defaults;
  if (maxTokens === undefined || maxTokens === null) return asked;
  return asked === null ? maxTokens : Math.min(asked, maxTokens);
}

/**
 * @throws RequestError for prompt log-probabilities in a stream, and for stream options without one, as in vLLM
 */
export function refuseWithStream(body: {
  stream?: boolean | null;
  stream_options?: object | null;
  prompt_logprobs?: number | null;
}): void {
  if (body.stream_options && body.stream !== true) {
    throw new RequestError("stream_options needs stream: true", { param: "stream_options" });
  }
  const asked = body.prompt_logprobs ?? null;
  if (body.stream !== true || asked === null || asked === 0) return;
  throw new RequestError("prompt_logprobs are not available in a stream; leave out stream", {
    param: "prompt_logprobs",
  });
}
