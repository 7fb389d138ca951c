/** POST /v1/chat/completions: wire types and endpoint. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CompletionOutput, RequestOutput } from "../../engine/request-output.js";
import { RequestError } from "../../util/errors.js";
import type { ClientPrompt } from "../engine-client.js";
import { parseBody } from "../request-body.js";
import { respond, servedName } from "../respond.js";
import type { Answer, Call, ServerContext } from "../respond.js";
import { chatMessages, readMessages } from "./chat-messages.js";
import { readPrompts } from "./prompts.js";
import { lastOutputs, runPrompts } from "./run-prompts.js";
import {
  commonFields,
  limitTokens,
  refusedFields,
  refuseWithStream,
  refuseUnsupported,
  samplingFields,
  samplingParams,
} from "./sampling-fields.js";
import { chatLogprobs, promptLogprobsJson } from "./token-logprobs.js";
import type { ChatLogprobs, PromptLogprobsJson, TokenStyle } from "./token-logprobs.js";
import { streamUsage, UsageCounter, usageSoFar } from "./usage.js";
import type { Usage } from "./usage.js";

const boolean = z.boolean().nullish();

export const chatRequest = z.object({
  ...samplingFields,
  ...commonFields,
  ...refusedFields,
  messages: chatMessages,
  /** Up to the model's length when both are left out. */
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  logprobs: boolean,
  top_logprobs: z.int().min(-1).nullish(),
  tools: z.array(z.looseObject({})).max(1024).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: boolean,
  add_generation_prompt: boolean,
  continue_final_message: boolean,
  chat_template: z.string().max(1_000_000).nullish(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  documents: z.array(z.record(z.string(), z.unknown())).nullish(),
  reasoning_effort: z.string().max(64).nullish(),
});
export type ChatRequest = z.output<typeof chatRequest>;

export interface ChatChoice {
  index: number;
  message: { role: string; content: string };
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
  delta: { role?: string; content?: string };
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

interface Style extends TokenStyle {
  readonly role: string;
  /** Text that precedes each answer. */
  readonly echo: string;
  readonly logprobs: number | null;
  readonly returnTokenIds: boolean;
  /** Outputs per prompt. */
  readonly n: number;
}

export function registerChatCompletions(app: FastifyInstance, context: ServerContext): void {
  app.post("/v1/chat/completions", (request, reply) =>
    respond(context, request, reply, "chatcmpl", async (call) => {
      const body = parseBody(chatRequest, request.body, context.log);
      return answer(context, call, body);
    }),
  );
}

async function answer(context: ServerContext, call: Call, body: ChatRequest): Promise<Answer> {
  const { engine, config } = context;
  const model = servedName(engine, body.model);
  refuse(context, body);
  const prompt = await render(context, body);
  const defaults = engine.defaultSamplingParams();
  const asked = body.max_completion_tokens ?? body.max_tokens ?? null;
  const params = samplingParams(body, defaults, {
    maxTokens: limitTokens(asked, defaults),
    logprobs: body.logprobs === true ? (body.top_logprobs ?? 0) : null,
    promptLogprobs: body.prompt_logprobs ?? null,
  });
  const isStream = body.stream === true;
  const [stream] = runPrompts(context, call, [prompt], params, body, {
    outputKind: isStream ? "delta" : "final",
    strictLength: asked !== null,
  });
  const last = body.messages.at(-1)!;
  const style: Style = {
    role: body.add_generation_prompt === false ? last.role : config.responseRole,
    echo: body.echo === true && typeof last.content === "string" ? last.content : "",
    logprobs: params.logprobs === -1 ? engine.modelConfig.vocabSize : (params.logprobs ?? null),
    returnTokenIds: body.return_token_ids === true,
    asIds: body.return_tokens_as_token_ids ?? config.returnTokensAsTokenIds,
    n: params.n ?? 1,
  };
  if (isStream) {
    const head = { id: call.id, object: "chat.completion.chunk" as const, created: call.created, model };
    return { events: chunks(context, body, head, stream!, style) };
  }
  const [output] = await lastOutputs(call, [stream!]);
  return { json: whole(context, call, model, output!, style) };
}

function refuse(context: ServerContext, body: ChatRequest): void {
  refuseUnsupported(body);
  refuseWithStream(body);
  const isToolChoice = body.tool_choice !== undefined && body.tool_choice !== null && body.tool_choice !== "none";
  if (isToolChoice || (body.tools && body.tools.length > 0 && body.tool_choice !== "none")) {
    const param = isToolChoice ? "tool_choice" : "tools";
    throw new RequestError(
      'tools: tool calls are not in this version; leave out tools and tool_choice, or set tool_choice to "none"',
      { param },
    );
  }
  if (body.top_logprobs && body.logprobs !== true) {
    throw new RequestError("top_logprobs needs logprobs: true", { param: "top_logprobs" });
  }
  if (body.continue_final_message === true && body.add_generation_prompt === true) {
    throw new RequestError("continue_final_message and add_generation_prompt cannot both be true", {
      param: "continue_final_message",
    });
  }
  const own = body.chat_template ?? body.chat_template_kwargs?.chat_template;
  if (own !== undefined && own !== null && !context.config.trustRequestChatTemplate) {
    throw new RequestError(
      "chat_template: this server takes no template from a request (--trust-request-chat-template allows it)",
      { param: "chat_template" },
    );
  }
  if (context.engine.tokenizer === undefined) {
    throw new RequestError(
      "messages: chat needs a tokenizer, and this server has none; send token ids to /v1/completions",
      { param: "messages" },
    );
  }
}

/** The conversation as token ids. */
async function render(context: ServerContext, body: ChatRequest): Promise<ClientPrompt> {
  const { engine, config } = context;
  const continues = body.continue_final_message === true;
  const { text, tokenIds } = await engine.renderChat(readMessages(body.messages), {
    addGenerationPrompt: body.add_generation_prompt ?? !continues,
    continueFinalMessage: continues,
    chatTemplateKwargs: {
      ...config.defaultChatTemplateKwargs,
      ...(body.reasoning_effort ? { reasoning_effort: body.reasoning_effort } : {}),
      ...body.chat_template_kwargs,
    },
    ...(body.chat_template ? { chatTemplate: body.chat_template } : {}),
    ...(body.documents ? { documents: body.documents } : {}),
    ...(body.tools && body.tools.length > 0 ? { tools: body.tools } : {}),
  });
  const options = {
    addSpecialTokens: body.add_special_tokens === true,
    truncate: body.truncate_prompt_tokens ?? undefined,
    truncationSide: body.truncation_side ?? ("left" as const),
  };
  const [prompt] = await readPrompts(options.addSpecialTokens ? text : tokenIds, engine, options);
  return prompt!;
}

function whole(context: ServerContext, call: Call, model: string, output: RequestOutput, style: Style): ChatResponse {
  const usage = new UsageCounter({ reportsCached: context.config.enablePromptTokensDetails });
  usage.prompt(0, output.promptTokenIds.length, output.numCachedTokens);
  const choices = output.outputs.map((completion): ChatChoice => {
    usage.completion(completion.tokenIds.length);
    return {
      index: completion.index,
      message: { role: style.role, content: style.echo + completion.text },
      logprobs: logprobsOf(completion, style),
      finish_reason: completion.finishReason,
      stop_reason: completion.stopReason,
      token_ids: style.returnTokenIds ? completion.tokenIds : null,
    };
  });
  return {
    id: call.id,
    object: "chat.completion",
    created: call.created,
    model,
    choices,
    usage: usage.total,
    prompt_logprobs: promptLogprobsJson(output.promptLogprobs),
    prompt_token_ids: style.returnTokenIds ? output.promptTokenIds : null,
  };
}

/** A stream's chunks; those of one engine step come as one list. */
async function* chunks(
  context: ServerContext,
  body: ChatRequest,
  head: Pick<ChatChunk, "id" | "object" | "created" | "model">,
  outputs: AsyncIterable<RequestOutput>,
  style: Style,
): AsyncGenerator<ChatChunk[]> {
  const { config } = context;
  const wantsUsage = streamUsage(body.stream_options, config.enableForceIncludeUsage);
  const usage = new UsageCounter({ reportsCached: config.enablePromptTokensDetails });
  const numTokens = new Map<number, number>();
  let isFirst = true;
  for await (const output of outputs) {
    const cached = config.enablePromptTokensDetails ? output.numCachedTokens : null;
    usage.prompt(0, output.promptTokenIds.length, output.numCachedTokens);
    const chunk = (choice: ChatChunkChoice): ChatChunk => {
      const sofar = usageSoFar(output.promptTokenIds.length, numTokens.get(choice.index) ?? 0, cached);
      const chunkUsage = wantsUsage === "none" ? {} : { usage: wantsUsage === "always" ? sofar : null };
      return { ...head, choices: [choice], ...chunkUsage };
    };
    const list: ChatChunk[] = [];
    if (isFirst) {
      for (let index = 0; index < style.n; index++) {
        const delta = { role: style.role, content: style.echo };
        const first = chunk({ index, delta, logprobs: null, finish_reason: null });
        list.push(style.returnTokenIds ? { ...first, prompt_token_ids: output.promptTokenIds } : first);
      }
      isFirst = false;
    }
    for (const completion of output.outputs) {
      const { index, text, tokenIds, finishReason } = completion;
      if (text === "" && tokenIds.length === 0 && finishReason === null) continue;
      usage.completion(tokenIds.length);
      numTokens.set(index, (numTokens.get(index) ?? 0) + tokenIds.length);
      list.push(chunk(chunkChoice(completion, style)));
    }
    yield list;
  }
  if (wantsUsage !== "none") yield [{ ...head, choices: [], usage: usage.total }];
}

function chunkChoice(completion: CompletionOutput, style: Style): ChatChunkChoice {
  const { index, text, tokenIds, finishReason, stopReason } = completion;
  return {
    index,
    delta: { content: text },
    logprobs: tokenIds.length > 0 ? logprobsOf(completion, style) : null,
    finish_reason: finishReason,
    ...(finishReason === null ? {} : { stop_reason: stopReason }),
    ...(style.returnTokenIds ? { token_ids: tokenIds } : {}),
  };
}

function logprobsOf(completion: CompletionOutput, style: Style): ChatLogprobs | null {
  if (style.logprobs === null) return null;
  return chatLogprobs(completion.tokenIds, completion.logprobs ?? [], style.logprobs, style);
}
