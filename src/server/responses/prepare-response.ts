/** A request for a response: checked, rendered and handed to the chat pipeline. */
import type { SamplingParamsInput } from "../../request/sampling-params.js";
import { readToolUse } from "../chat/chat-tools.js";
import type { ToolUse } from "../chat/chat-tools.js";
import { startChat } from "../chat/run-chat.js";
import type { ChatRun } from "../chat/run-chat.js";
import { withThinkingBudget } from "../chat/thinking-budget.js";
import type { ClientMessage } from "../engine-client.js";
import { limitTokens, samplingParams } from "../openai/sampling-fields.js";
import { servedName } from "../respond.js";
import type { Call, ServerContext } from "../respond.js";
import { inputMessages } from "./input-items.js";
import { checkResponseRequest, responseFormat, toolBody } from "./response-request.js";
import type { ResponseRequest } from "./response-request.js";
import type { ResponseObject } from "./response-types.js";
import { ResponseWriter } from "./response-writer.js";

/** What the endpoint decides. */
export interface ResponseFacts {
  readonly id: string;
  readonly isStored: boolean;
  /** Turns of the response that this one follows. */
  readonly previous: readonly ClientMessage[];
}

export interface PreparedResponse {
  readonly writer: ResponseWriter;
  readonly run: ChatRun;
  /** All turns before the answer, without instructions. */
  readonly messages: readonly ClientMessage[];
}

/** @throws RequestError for what is wrong with the request */
export async function prepareResponse(
  context: ServerContext,
  call: Call,
  body: ResponseRequest,
  facts: ResponseFacts,
): Promise<PreparedResponse> {
  const { engine, config, parsers } = context;
  const model = servedName(engine, body.model);
  checkResponseRequest(body);
  const tools = toolBody(body);
  // Without a choice the model calls as it likes, where the server can read that.
  const toolUse = readToolUse(tools, parsers.canBeAuto);
  const params = await withThinkingBudget(context, paramsOf(context, body), body.thinking_token_budget);
  const input = inputMessages(body.input);
  const messages = [...facts.previous, ...input.messages];
  const system: ClientMessage[] = body.instructions ? [{ role: "system", content: body.instructions }] : [];
  const run = await startChat(context, call, {
    messages: [...system, ...messages],
    toolUse,
    promptOptions: {
      continueFinalMessage: input.continuesLast,
      chatTemplateKwargs: body.chat_template_kwargs,
      reasoningEffort: body.reasoning?.effort,
      truncate: body.truncation === "auto" ? -1 : undefined,
    },
    params,
    outputKind: body.stream === true || body.background === true ? "delta" : "final",
    strictLength: false,
    model: body.model,
    priority: body.priority,
    cacheSalt: body.cache_salt,
  });
  const { tokenizer } = engine;
  const writer = new ResponseWriter(responseObject(call, body, facts, { model, params, toolUse }), {
    asIds: config.returnTokensAsTokenIds,
    logprobs: params.logprobs ?? null,
    reportsCached: config.enablePromptTokensDetails,
    promptText: run.promptText,
    rawText:
      body.enable_response_messages === true && tokenizer !== undefined
        ? (ids) => tokenizer.decode(ids, { skipSpecialTokens: false })
        : undefined,
  });
  return { writer, run, messages };
}

function paramsOf({ engine }: ServerContext, body: ResponseRequest): SamplingParamsInput {
  const defaults = engine.defaultSamplingParams();
  const wantsLogprobs = body.include?.includes("message.output_text.logprobs") === true;
  return samplingParams({ ...body, n: 1, response_format: responseFormat(body) }, defaults, {
    maxTokens: limitTokens(body.max_output_tokens ?? null, defaults),
    logprobs: wantsLogprobs ? (body.top_logprobs ?? 0) : null,
    promptLogprobs: null,
  });
}

function responseObject(
  call: Call,
  body: ResponseRequest,
  facts: ResponseFacts,
  { model, params, toolUse }: { model: string; params: SamplingParamsInput; toolUse: ToolUse },
): ResponseObject {
  return {
    id: facts.id,
    object: "response",
    created_at: call.created,
    completed_at: null,
    status: "queued",
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    metadata: body.metadata ?? null,
    model,
    output: [],
    parallel_tool_calls: toolUse.isParallel,
    temperature: params.temperature ?? 1,
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: params.topP ?? 1,
    background: body.background === true,
    max_output_tokens: body.max_output_tokens ?? params.maxTokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    previous_response_id: body.previous_response_id ?? null,
    prompt: null,
    reasoning: body.reasoning ?? null,
    service_tier: body.service_tier ?? "auto",
    store: facts.isStored,
    text: body.text ?? null,
    top_logprobs: body.top_logprobs ?? null,
    truncation: body.truncation ?? "disabled",
    usage: null,
    user: body.user ?? null,
    input_messages: null,
    output_messages: null,
  };
}
