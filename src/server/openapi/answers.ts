/** Answers of the API as schemas, for its description. The types of the endpoints are what counts; a test holds answers to these. */
import { z } from "zod";

const text = z.string();
const textOrNull = z.string().nullable();
const int = z.int();
const ids = z.array(int);
const idsOrNull = ids.nullable();
const anyOrNull = z.unknown().nullable();

export const errorAnswer = z
  .object({
    error: z.object({ message: text, type: text, param: textOrNull, code: int }),
  })
  .meta({ id: "Error", description: "What every error looks like." });

export const anthropicErrorAnswer = z
  .object({
    type: z.literal("error"),
    error: z.object({ type: text, message: text, param: textOrNull, code: int }),
  })
  .meta({ id: "AnthropicError" });

const usage = z
  .object({
    prompt_tokens: int,
    total_tokens: int,
    completion_tokens: int,
    prompt_tokens_details: z.object({ cached_tokens: int }).nullable(),
    completion_tokens_details: z.object({ reasoning_tokens: int }).optional(),
  })
  .meta({ id: "Usage" });

const promptLogprobs = z
  .array(z.record(text, z.object({ logprob: z.number(), rank: int, decoded_token: textOrNull })).nullable())
  .nullable();

const stopReason = z.union([int, text, z.null()]);

const model = z
  .object({
    id: text,
    object: z.literal("model"),
    created: int,
    owned_by: text,
    root: text,
    parent: z.null(),
    max_model_len: int,
  })
  .loose()
  .meta({ id: "Model" });

export const modelAnswer = model;
export const modelsAnswer = z.object({ object: z.literal("list"), data: z.array(model) });

const completionChoice = z
  .object({
    index: int,
    text,
    logprobs: z
      .object({
        text_offset: ids,
        token_logprobs: z.array(z.number().nullable()),
        tokens: z.array(text),
        top_logprobs: z.array(z.record(text, z.number()).nullable()),
      })
      .nullable(),
    finish_reason: textOrNull,
    stop_reason: stopReason,
    token_ids: idsOrNull,
    prompt_logprobs: promptLogprobs.optional(),
    prompt_token_ids: idsOrNull,
  })
  .loose();

export const completionAnswer = z
  .object({
    id: text,
    object: z.literal("text_completion"),
    created: int,
    model: text,
    choices: z.array(completionChoice),
    usage: usage.nullish(),
  })
  .loose()
  .meta({ id: "Completion" });

const chatLogprobs = z
  .object({
    content: z.array(
      z.object({
        token: text,
        logprob: z.number(),
        bytes: idsOrNull,
        top_logprobs: z.array(z.object({ token: text, logprob: z.number(), bytes: idsOrNull })),
      }),
    ),
  })
  .nullable();

const toolCall = z.object({
  id: text,
  type: z.literal("function"),
  function: z.object({ name: text, arguments: text }),
});

export const chatAnswer = z
  .object({
    id: text,
    object: z.literal("chat.completion"),
    created: int,
    model: text,
    choices: z.array(
      z
        .object({
          index: int,
          message: z
            .object({
              role: text,
              content: textOrNull,
              reasoning: textOrNull.optional(),
              tool_calls: z.array(toolCall).optional(),
            })
            .loose(),
          logprobs: chatLogprobs,
          finish_reason: textOrNull,
          stop_reason: stopReason,
          token_ids: idsOrNull,
        })
        .loose(),
    ),
    usage,
    prompt_logprobs: promptLogprobs,
    prompt_token_ids: idsOrNull,
  })
  .loose()
  .meta({ id: "ChatCompletion" });

const itemStatus = z.enum(["in_progress", "completed", "incomplete"]);
const outputItem = z.union([
  z
    .object({
      type: z.literal("message"),
      id: text,
      role: z.literal("assistant"),
      status: itemStatus,
      content: z.array(
        z.object({ type: z.literal("output_text"), text, annotations: z.array(z.unknown()), logprobs: anyOrNull }),
      ),
    })
    .loose(),
  z
    .object({
      type: z.literal("reasoning"),
      id: text,
      summary: z.array(z.unknown()),
      content: z.array(z.object({ type: z.literal("reasoning_text"), text })),
      status: itemStatus,
    })
    .loose(),
  z.object({
    type: z.literal("function_call"),
    id: text,
    call_id: text,
    name: text,
    arguments: text,
    status: itemStatus,
  }),
]);

export const responseAnswer = z
  .object({
    id: text,
    object: z.literal("response"),
    created_at: int,
    completed_at: int.nullable(),
    status: z.enum(["queued", "in_progress", "completed", "incomplete", "failed", "cancelled"]),
    error: z.object({ code: text, message: text }).nullable(),
    incomplete_details: z.object({ reason: text }).nullable(),
    instructions: textOrNull,
    metadata: z.record(text, text).nullable(),
    model: text,
    output: z.array(outputItem),
    previous_response_id: textOrNull,
    usage: z
      .object({
        input_tokens: int,
        input_tokens_details: z.object({ cached_tokens: int }).loose(),
        output_tokens: int,
        output_tokens_details: z.object({ reasoning_tokens: int }).loose(),
        total_tokens: int,
      })
      .nullable(),
  })
  .loose()
  .meta({ id: "Response" });

export const messageAnswer = z
  .object({
    id: text,
    type: z.literal("message"),
    role: z.literal("assistant"),
    model: text,
    content: z.array(
      z.union([
        z.object({ type: z.literal("text"), text }),
        z.object({ type: z.literal("thinking"), thinking: text, signature: text }),
        z.object({ type: z.literal("tool_use"), id: text, name: text, input: z.record(text, z.unknown()) }),
      ]),
    ),
    stop_reason: z.enum(["end_turn", "max_tokens", "stop_sequence", "tool_use"]).nullable(),
    stop_sequence: textOrNull,
    usage: z.object({
      input_tokens: int,
      output_tokens: int,
      cache_creation_input_tokens: int.optional(),
      cache_read_input_tokens: int.optional(),
    }),
  })
  .meta({ id: "Message" });

export const countTokensAnswer = z.object({
  input_tokens: int,
  context_management: z.object({ original_input_tokens: int }),
});

export const tokenizeAnswer = z.object({
  count: int,
  max_model_len: int,
  tokens: ids,
  token_strs: z.array(text).nullable(),
});
export const detokenizeAnswer = z.object({ prompt: text });
export const tokenizerInfoAnswer = z.object({ tokenizer_class: text }).loose();
export const loadAnswer = z.object({ server_load: int });
export const versionAnswer = z.object({ version: text });
export const anyAnswer = z.object({}).loose();
export const isSleepingAnswer = z.object({ is_sleeping: z.boolean() });
export const isPausedAnswer = z.object({ is_paused: z.boolean() });
export const statusAnswer = z.object({ status: text });
export const abortAnswer = z.object({ status: text, aborted: int });
export const resetAnswer = z.object({ success: z.boolean() });
