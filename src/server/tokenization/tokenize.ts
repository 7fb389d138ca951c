/** POST /tokenize: text, or a conversation through the chat template, as token ids. Wire types and endpoint. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { RequestError } from "../../util/errors.js";
import { chatMessages, readMessages } from "../openai/chat-messages.js";
import { parseBody } from "../request-body.js";
import { refuseRequestTemplate } from "../request-template.js";
import { respond, servedName } from "../respond.js";
import type { ServerContext } from "../respond.js";
import { tokenizerOf } from "./tokenizer-of.js";

/** Longest text, where the model's length allows less. */
const MIN_CHARACTER_LIMIT = 1_000_000;
const MAX_CHARACTERS_PER_TOKEN = 256;

const boolean = z.boolean().nullish();

export const tokenizeCompletionRequest = z.object({
  model: z.string().nullish(),
  prompt: z.string(),
  /** Put BOS and the like around the text; true when left out. */
  add_special_tokens: boolean,
  /** Give the vocabulary's entries too. */
  return_token_strs: boolean,
});

export const tokenizeChatRequest = z.object({
  model: z.string().nullish(),
  messages: chatMessages,
  add_generation_prompt: boolean,
  continue_final_message: boolean,
  /** On top of what the template writes; false when left out. */
  add_special_tokens: boolean,
  return_token_strs: boolean,
  /** Only where the server trusts requests' templates. */
  chat_template: z.string().max(1_000_000).nullish(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  documents: z.array(z.record(z.string(), z.unknown())).nullish(),
  tools: z.array(z.looseObject({})).max(1024).nullish(),
});

export interface TokenizeResponse {
  count: number;
  max_model_len: number;
  tokens: number[];
  /** Vocabulary entries as stored, with `return_token_strs`. */
  token_strs: string[] | null;
}

export function registerTokenize(app: FastifyInstance, context: ServerContext): void {
  app.post("/tokenize", (request, reply) =>
    respond(context, request, reply, "tokenize", async () => {
      const isChat =
        typeof request.body === "object" && request.body !== null && Object.hasOwn(request.body, "messages");
      return { json: await (isChat ? tokenizeChat(context, request.body) : tokenizeText(context, request.body)) };
    }),
  );
}

async function tokenizeText(context: ServerContext, raw: unknown): Promise<TokenizeResponse> {
  const body = parseBody(tokenizeCompletionRequest, raw, context.log);
  servedName(context.engine, body.model);
  const tokenizer = tokenizerOf(context.engine, "prompt");
  checkLength(context, body.prompt, "prompt");
  const ids = await tokenizer.encode(body.prompt, { addSpecialTokens: body.add_special_tokens ?? true });
  return answer(context, ids, body.return_token_strs);
}

async function tokenizeChat(context: ServerContext, raw: unknown): Promise<TokenizeResponse> {
  const { engine, config, log } = context;
  const body = parseBody(tokenizeChatRequest, raw, log);
  servedName(engine, body.model);
  const tokenizer = tokenizerOf(engine, "messages");
  const continues = body.continue_final_message === true;
  if (continues && body.add_generation_prompt === true) {
    throw new RequestError("continue_final_message and add_generation_prompt cannot both be true", {
      param: "continue_final_message",
    });
  }
  refuseRequestTemplate(config, body);
  const { text, tokenIds } = await engine.renderChat(readMessages(body.messages), {
    addGenerationPrompt: body.add_generation_prompt ?? !continues,
    continueFinalMessage: continues,
    chatTemplateKwargs: { ...config.defaultChatTemplateKwargs, ...body.chat_template_kwargs },
    ...(body.chat_template ? { chatTemplate: body.chat_template } : {}),
    ...(body.documents ? { documents: body.documents } : {}),
    ...(body.tools && body.tools.length > 0 ? { tools: body.tools } : {}),
  });
  const ids = body.add_special_tokens === true ? await tokenizer.encode(text, { addSpecialTokens: true }) : tokenIds;
  return answer(context, ids, body.return_token_strs);
}

function checkLength(context: ServerContext, text: string, param: string): void {
  const limit = Math.max(MIN_CHARACTER_LIMIT, context.engine.modelConfig.maxModelLen * MAX_CHARACTERS_PER_TOKEN);
  if (text.length <= limit) return;
  throw new RequestError(`${param}: at most ${limit} characters; got ${text.length}`, { param });
}

function answer(context: ServerContext, ids: number[], wantsStrings: boolean | null | undefined): TokenizeResponse {
  const { tokenizer, modelConfig } = context.engine;
  return {
    count: ids.length,
    max_model_len: modelConfig.maxModelLen,
    tokens: ids,
    token_strs: wantsStrings === true ? ids.map((id) => tokenizer!.idToToken(id) ?? "") : null,
  };
}
