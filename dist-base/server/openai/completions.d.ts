/** POST /v1/completions: wire types and endpoint. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ServerContext } from "../respond.js";
import type { CompletionLogprobs, PromptLogprobsJson } from "./token-logprobs.js";
import type { Usage } from "./usage.js";
export declare const completionRequest: z.ZodObject<{
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
    logits_processors: z.ZodOptional<z.ZodUnknown>;
    vllm_xargs: z.ZodOptional<z.ZodNullable<z.ZodRecord<z.ZodString, z.ZodUnknown>>>;
    repetition_detection: z.ZodOptional<z.ZodNullable<z.ZodObject<{
        min_pattern_size: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
        max_pattern_size: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
        min_count: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    }, z.core.$strip>>>;
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
    prompt: z.ZodOptional<z.ZodUnknown>;
    suffix: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    max_tokens: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    logprobs: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
}, z.core.$strip>;
export type CompletionRequest = z.output<typeof completionRequest>;
export interface CompletionChoice {
    index: number;
    text: string;
    logprobs: CompletionLogprobs | null;
    finish_reason: string | null;
    stop_reason: number | string | null;
    /** Generated ids, with `return_token_ids`. In a stream: the new ones. */
    token_ids: number[] | null;
    prompt_logprobs?: PromptLogprobsJson | null;
    /** With `return_token_ids`. In a stream: in the choice's first chunk. */
    prompt_token_ids: number[] | null;
}
/** The answer, and a chunk of a stream. */
export interface CompletionResponse {
    id: string;
    object: "text_completion";
    created: number;
    model: string;
    choices: CompletionChoice[];
    usage?: Usage | null;
}
export declare function registerCompletions(app: FastifyInstance, context: ServerContext): void;
