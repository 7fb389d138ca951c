/** What /v1/messages and /v1/messages/count_tokens do: Anthropic's API over the same chats. */
import type { SamplingParamsInput } from "../../request/sampling-params.js";
import { RequestError } from "../../util/errors.js";
import { readToolUse } from "../chat/chat-tools.js";
import { renderChatPrompt } from "../chat/render-chat.js";
import { startChat } from "../chat/run-chat.js";
import type { ChatInput, ChatRun } from "../chat/run-chat.js";
import { withThinkingBudget } from "../chat/thinking-budget.js";
import { anthropicError, namedEvents } from "../event-format.js";
import { limitTokens, samplingParams } from "../openai/sampling-fields.js";
import { parseBody } from "../request-body.js";
import { servedName } from "../respond.js";
import type { Answer, Call, ServerContext } from "../respond.js";
import { MessageWriter } from "./message-writer.js";
import type { MessageEvent } from "./message-writer.js";
import { conversation, countTokensRequest, messagesRequest, templateKwargs, toolBody } from "./messages-request.js";
import type { CountTokensRequest, MessagesRequest } from "./messages-request.js";

const FORMAT = namedEvents(({ status, body }) => [anthropicError(status, body)]);

export interface CountTokensResponse {
  input_tokens: number;
  context_management: { original_input_tokens: number };
}

/** POST /v1/messages. */
export function createMessage(context: ServerContext, call: Call, body: unknown): Promise<Answer> {
  return answer(context, call, parseBody(messagesRequest, body, context.log));
}

async function answer(context: ServerContext, call: Call, body: MessagesRequest): Promise<Answer> {
  const model = servedName(context.engine, body.model);
  if (body.kv_transfer_params) {
    throw new RequestError("kv_transfer_params is not in this version; leave it out", { param: "kv_transfer_params" });
  }
  const isStream = body.stream === true;
  const run = await startChat(context, call, {
    messages: conversation(body),
    toolUse: readToolUse(toolBody(body), context.parsers.canBeAuto),
    promptOptions: promptOptions(body),
    params: await params(context, body),
    outputKind: isStream ? "delta" : "final",
    strictLength: false,
    model: body.model,
    priority: body.priority,
    cacheSalt: body.cache_salt,
  });
  const writer = new MessageWriter(model, { reportsCached: context.config.enablePromptTokensDetails });
  if (isStream) return { events: events(run, writer), format: FORMAT };
  for await (const step of run.steps) writer.step(step);
  writer.end();
  return { json: writer.message };
}

async function* events(run: ChatRun, writer: MessageWriter): AsyncGenerator<MessageEvent[]> {
  for await (const step of run.steps) yield writer.step(step);
  yield writer.end();
}

/** The last message, if it is the assistant's, is the beginning of the answer. */
function promptOptions(body: CountTokensRequest): ChatInput["promptOptions"] {
  return {
    chatTemplateKwargs: templateKwargs(body),
    continueFinalMessage: body.messages.at(-1)!.role === "assistant",
    reasoningEffort: body.output_config?.effort,
  };
}

async function params(context: ServerContext, body: MessagesRequest): Promise<SamplingParamsInput> {
  const defaults = context.engine.defaultSamplingParams();
  const { format } = body.output_config ?? {};
  const fields = {
    temperature: body.temperature,
    top_p: body.top_p,
    top_k: body.top_k,
    stop: body.stop_sequences,
    ...(format
      ? { response_format: { type: "json_schema", json_schema: { name: "output", schema: format.schema } } }
      : {}),
  };
  const sampling = samplingParams(fields, defaults, {
    maxTokens: limitTokens(body.max_tokens, defaults),
    logprobs: null,
    promptLogprobs: null,
  });
  // A model without known bounds of its reasoning thinks as long as it likes.
  const isKnown = context.parsers.reasoning?.bounds !== undefined;
  return isKnown ? withThinkingBudget(context, sampling, body.thinking?.budget_tokens, "thinking") : sampling;
}

/** POST /v1/messages/count_tokens. */
export async function countTokens(context: ServerContext, raw: unknown): Promise<CountTokensResponse> {
  const body = parseBody(countTokensRequest, raw, context.log);
  servedName(context.engine, body.model);
  const toolUse = readToolUse(toolBody(body), true);
  const { prompt } = await renderChatPrompt(context, conversation(body), toolUse, promptOptions(body));
  const count = prompt.tokenIds?.length ?? 0;
  return { input_tokens: count, context_management: { original_input_tokens: count } };
}
