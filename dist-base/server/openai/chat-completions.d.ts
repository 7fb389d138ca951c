/** POST /v1/chat/completions: wire types and endpoint. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ServerContext } from "../respond.js";
import type { ChatLogprobs, PromptLogprobsJson } from "./token-logprobs.js";
import type { Usage } from "./usage.js";
export declare const chatRequest: z.ZodObject<{
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
    messages: z.ZodArray<z.ZodObject<{
        role: z.ZodString;
        content: z.ZodOptional<z.ZodNullable<z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodObject<{
            type: z.ZodString;
        }, z.core.$loose>>]>>>;
        name: z.ZodOptional<z.ZodNullable<z.ZodString>>;
        tool_calls: z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodObject<{}, z.core.$loose>>>>;
        tool_call_id: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    }, z.core.$loose>>;
    max_tokens: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    max_completion_tokens: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    logprobs: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    top_logprobs: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    tools: z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodObject<{}, z.core.$loose>>>>;
    tool_choice: z.ZodOptional<z.ZodUnknown>;
    parallel_tool_calls: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    add_generation_prompt: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    continue_final_message: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
    chat_template: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    chat_template_kwargs: z.ZodOptional<z.ZodNullable<z.ZodRecord<z.ZodString, z.ZodUnknown>>>;
    documents: z.ZodOptional<z.ZodNullable<z.ZodArray<z.ZodRecord<z.ZodString, z.ZodUnknown>>>>;
    reasoning_effort: z.ZodOptional<z.ZodNullable<z.ZodString>>;
}, z.core.$strip>;
export type ChatRequest = z.output<typeof chatRequest>;
export interface ChatChoice {
    index: number;
    message: {
        role: string;
        content: string;
    };
    logprobs: ChatLogprobs | null;
    finish_reason: string | null;
    stop_reason: number | string | null;
    /** Generated ids, with `return_token_ids`. */
    token_ids: number[] | null;
}
export interface ChatResponse {
    id: string;
    object: "chat.completion";
    created: number;
    model: string;
    choices: ChatChoice[];
    usage: Usage;
    prompt_logprobs: PromptLogprobsJson | null;
    /** With `return_token_ids`. */
    prompt_token_ids: number[] | null;
}
export interface ChatChunkChoice {
    index: number;
    delta: {
        role?: string;
        content?: string;
    };
    logprobs: ChatLogprobs | null;
    finish_reason: string | null;
    stop_reason?: number | string | null;
    token_ids?: number[];
}
export interface ChatChunk {
    id: string;
    object: "chat.completion.chunk";
    created: number;
    model: string;
    choices: ChatChunkChoice[];
    usage?: Usage | null;
    /** In the first chunk, with `return_token_ids`. */
    prompt_token_ids?: number[];
}
export declare function registerChatCompletions(app: FastifyInstance, context: ServerContext): void;
