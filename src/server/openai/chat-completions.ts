/** POST /v1/chat/completions: the request's fields and the endpoint. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { SamplingParamsInput } from "../../request/sampling-params.js";
import { RequestError } from "../../util/errors.js";
import { readToolUse, toolFields } from "../chat/chat-tools.js";
import { startChat, wholeChat } from "../chat/run-chat.js";
import type { ChatInput, ChatRun } from "../chat/run-chat.js";
import { withThinkingBudget } from "../chat/thinking-budget.js";
import { parseBody } from "../request-body.js";
import { respond, servedName } from "../respond.js";
import type { Answer, Call, ServerContext } from "../respond.js";
import { chatResponse } from "./chat-answer.js";
import type { ChatStyle } from "./chat-answer.js";
import { chatChunks } from "./chat-chunks.js";
import { chatMessages, readMessages } from "./chat-messages.js";
import {
  commonFields,
  limitTokens,
  reportedTokens,
  refusedFields,
  refuseWithStream,
  refuseUnsupported,
  samplingFields,
  samplingParams,
} from "./sampling-fields.js";
import { streamUsage } from "./usage.js";

const boolean = z.boolean().nullish();

/** What OpenAI's and vLLM's APIs know. */
export const REASONING_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

export const chatRequest = z.object({
  ...samplingFields,
  ...commonFields,
  ...refusedFields,
  ...toolFields,
  messages: chatMessages,
  /** Up to the model's length when both are left out. */
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  logprobs: boolean,
  top_logprobs: z.int().min(-1).nullish(),
  add_generation_prompt: boolean,
  continue_final_message: boolean,
  chat_template: z.string().max(1_000_000).nullish(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  documents: z.array(z.record(z.string(), z.unknown())).nullish(),
  reasoning_effort: z.enum(REASONING_EFFORTS).nullish(),
  /** Give reasoning out; default true. */
  include_reasoning: boolean,
  return_prompt_text: boolean,
});
export type ChatRequest = z.output<typeof chatRequest>;

export function registerChatCompletions(app: FastifyInstance, context: ServerContext): void {
  app.post("/v1/chat/completions", (request, reply) =>
    respond(context, request, reply, "chatcmpl", async (call) => {
      const body = parseBody(chatRequest, request.body, context.log);
      return answer(context, call, body);
    }),
  );
}

async function answer(context: ServerContext, call: Call, body: ChatRequest): Promise<Answer> {
  const model = servedName(context.engine, body.model);
  refuse(body);
  const params = await withThinkingBudget(context, chatParams(context, body), body.thinking_token_budget);
  const isStream = body.stream === true;
  const asked = body.max_completion_tokens ?? body.max_tokens ?? null;
  const input: ChatInput = {
    messages: readMessages(body.messages),
    toolUse: readToolUse(body, context.parsers.canBeAuto),
    promptOptions: promptOptions(body),
    params,
    outputKind: isStream ? "delta" : "final",
    strictLength: asked !== null,
    includesReasoning: body.include_reasoning !== false,
    model: body.model,
    priority: body.priority,
    cacheSalt: body.cache_salt,
    beamSearch: body.use_beam_search === true ? { lengthPenalty: body.length_penalty } : undefined,
  };
  const run = await startChat(context, call, input);
  const head = { id: call.id, created: call.created, model };
  const style = chatStyle(context, body, input, run);
  if (isStream) {
    const wantsUsage = streamUsage(body.stream_options, context.config.enableForceIncludeUsage);
    return { events: chatChunks(head, run.steps, style, wantsUsage) };
  }
  return { json: chatResponse(head, await wholeChat(call, run), style) };
}

function refuse(body: ChatRequest): void {
  refuseUnsupported(body);
  refuseWithStream(body);
  if (body.top_logprobs && body.logprobs !== true) {
    throw new RequestError("when using `top_logprobs`, `logprobs` must be set to true.", { param: "top_logprobs" });
  }
}

function chatParams({ engine }: ServerContext, body: ChatRequest): SamplingParamsInput {
  const defaults = engine.defaultSamplingParams();
  const isEchoed = body.echo === true && body.stream !== true;
  return samplingParams(body, defaults, {
    maxTokens: limitTokens(body.max_completion_tokens ?? body.max_tokens ?? null, defaults),
    logprobs: body.logprobs === true ? (body.top_logprobs ?? 0) : null,
    promptLogprobs: body.prompt_logprobs ?? (isEchoed ? (body.top_logprobs ?? 0) : null),
  });
}

function promptOptions(body: ChatRequest): ChatInput["promptOptions"] {
  return {
    addGenerationPrompt: body.add_generation_prompt,
    continueFinalMessage: body.continue_final_message,
    chatTemplate: body.chat_template,
    chatTemplateKwargs: body.chat_template_kwargs,
    documents: body.documents,
    reasoningEffort: body.reasoning_effort,
    addSpecialTokens: body.add_special_tokens,
    truncate: body.truncate_prompt_tokens,
    truncationSide: body.truncation_side,
  };
}

function chatStyle(
  { engine, config, parsers }: ServerContext,
  body: ChatRequest,
  input: ChatInput,
  run: ChatRun,
): ChatStyle {
  const last = body.messages.at(-1)!;
  const role = body.add_generation_prompt === false ? last.role : config.responseRole;
  const isEchoed = body.echo === true && last.role === role && typeof last.content === "string";
  // Token texts and ids would tell of reasoning that is not to be seen.
  const isHidden = body.include_reasoning === false && (parsers.reasoning ?? parsers.tool) !== undefined;
  const { logprobs = null, n } = input.params;
  const { choice } = input.toolUse;
  return {
    role,
    echo: isEchoed ? (last.content as string) : "",
    logprobs: isHidden ? null : logprobs === -1 ? engine.modelConfig.vocabSize : logprobs,
    returnTokenIds: body.return_token_ids === true && !isHidden,
    promptText: body.return_prompt_text === true ? run.promptText : undefined,
    reported: reportedTokens(body, body.logprobs === true),
    asIds: body.return_tokens_as_token_ids ?? config.returnTokensAsTokenIds,
    n: n ?? 1,
    isParsed: run.isParsed,
    isForced: choice === "required" || typeof choice === "object",
    countsReasoning: run.countsReasoning,
    reportsCached: config.enablePromptTokensDetails,
  };
}
