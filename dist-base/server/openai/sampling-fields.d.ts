/** Request fields that completions and chat share: sampling, and what this version refuses. */
import { z } from "zod";
import type { SamplingParams, SamplingParamsInput } from "../../request/sampling-params.js";
/** Parts of an object schema; ranges are checked by `normalizeSamplingParams`, in one place for all doors. */
export declare const samplingFields: {
    temperature: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    top_p: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    top_k: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    min_p: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    presence_penalty: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    frequency_penalty: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    repetition_penalty: z.ZodOptional<z.ZodNullable<z.ZodNumber>>;
    logit_bias: z.ZodOptional<z.ZodNullable<z.ZodRecord<z.ZodString, z.ZodNumber>>>;
    bad_words: z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodString>>>;
    allowed_token_ids: z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodInt>>>;
    stop: z.ZodOptional<z.ZodNullable<z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>>;
    stop_token_ids: z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodInt>>>;
    include_stop_str_in_output: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    min_tokens: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    ignore_eos: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    seed: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    n: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    prompt_logprobs: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    skip_special_tokens: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    spaces_between_special_tokens: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    /** Names of processors that plugins registered; a function cannot come over HTTP. */
    logits_processors: z.ZodOptional<z.ZodUnknown>;
    vllm_xargs: z.ZodOptional<z.ZodNullable<z.ZodRecord<z.ZodString, z.ZodUnknown>>>;
    repetition_detection: z.ZodOptional<z.ZodNullable<z.ZodObject<{
        min_pattern_size: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
        max_pattern_size: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
        min_count: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    }, z.core.$strip>>>;
};
/** Fields besides sampling that both endpoints have. */
export declare const commonFields: {
    model: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    stream: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    stream_options: z.ZodOptional<z.ZodNullable<z.ZodObject<{
        include_usage: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
        continuous_usage_stats: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    }, z.core.$strip>>>;
    user: z.ZodOptional<z.ZodUnknown>;
    echo: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    priority: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    cache_salt: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    request_id: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    add_special_tokens: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    return_token_ids: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    return_tokens_as_token_ids: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    truncate_prompt_tokens: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    truncation_side: z.ZodOptional<z.ZodNullable<z.ZodEnum<{
        left: "left";
        right: "right";
    }>>>;
};
/** Known to vLLM; here they would change the answer and cannot be heeded. */
export declare const refusedFields: {
    use_beam_search: z.ZodOptional<z.ZodUnknown>;
    best_of: z.ZodOptional<z.ZodUnknown>;
    prompt_embeds: z.ZodOptional<z.ZodUnknown>;
    response_format: z.ZodOptional<z.ZodUnknown>;
    structured_outputs: z.ZodOptional<z.ZodUnknown>;
    guided_json: z.ZodOptional<z.ZodUnknown>;
    guided_regex: z.ZodOptional<z.ZodUnknown>;
    guided_choice: z.ZodOptional<z.ZodUnknown>;
    guided_grammar: z.ZodOptional<z.ZodUnknown>;
    thinking_token_budget: z.ZodOptional<z.ZodUnknown>;
    logprob_token_ids: z.ZodOptional<z.ZodUnknown>;
    kv_transfer_params: z.ZodOptional<z.ZodUnknown>;
};
/**
 * @throws RequestError if a field asks for what this version does not have; null, false and empty lists ask for nothing
 */
export declare function refuseUnsupported(body: Readonly<Record<string, unknown>>): void;
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
export declare function samplingParams(body: SamplingBody, defaults: Partial<SamplingParams>, endpoint: EndpointParams): SamplingParamsInput;
/** The longest answer that is asked for: the request's word, at most the model's own default; null: no limit. */
export declare function limitTokens(asked: number | null, defaults: Partial<SamplingParams>): number | null;
/**
 * @throws RequestError for prompt log-probabilities in a stream, and for stream options without one, as in vLLM
 */
export declare function refuseWithStream(body: {
    stream?: boolean | null;
    stream_options?: object | null;
    prompt_logprobs?: number | null;
}): void;
export {};
