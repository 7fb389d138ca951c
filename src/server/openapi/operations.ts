/** Every operation of the API in the form from which /openapi.json and /docs are made. */
import type { z } from "zod";
import { countTokensRequest, messagesRequest } from "../anthropic/messages-request.js";
import { abortRequestsRequest } from "../dev/development.js";
import { chatRequest } from "../openai/chat-completions.js";
import { completionRequest } from "../openai/completions.js";
import { responseRequest } from "../responses/response-request.js";
import { detokenizeRequest } from "../tokenization/detokenize.js";
import { tokenizeChatRequest, tokenizeCompletionRequest } from "../tokenization/tokenize.js";
import * as answers from "./answers.js";

/** A value in the address. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly method: "GET" | "POST";
  /** As Fastify knows it. */
  readonly route: string;
  readonly tag: string;
  readonly summary: string;
  /** JSON bodies, any of these. */
  readonly bodies?: readonly z.ZodType[];
  readonly isBodyOptional?: boolean;
  readonly parameters?: readonly Parameter[];
  /** Undefined: an answer without a body. */
  readonly answer?: z.ZodType;
  /** Of an answer that is no JSON. */
  readonly contentType?: string;
  /** Also a stream of events, with `stream`. */
  readonly isStream?: boolean;
  /** Errors have Anthropic's form. */
  readonly isAnthropic?: boolean;
}

const query = (name: string, description: string, schema: object): Parameter => ({
  name,
  in: "query",
  description,
  schema: { ...schema },
});
const path = (name: string, description: string): Parameter => ({
  name,
  in: "path",
  description,
  schema: { type: "string" },
});
const flag = { type: "boolean", default: false };
const pauseMode = query("mode", "What becomes of requests that run.", {
  type: "string",
  enum: ["abort", "wait", "keep"],
  default: "abort",
});

const CHAT = "Chat and completions";
const TOKENS = "Tokens";
const SERVER = "Server";
const DEVELOPMENT = "Development mode";

export const operations: readonly Operation[] = [
  {
    method: "POST",
    route: "/v1/chat/completions",
    tag: CHAT,
    summary: "Answers a conversation (OpenAI).",
    bodies: [chatRequest],
    answer: answers.chatAnswer,
    isStream: true,
  },
  {
    method: "POST",
    route: "/v1/completions",
    tag: CHAT,
    summary: "Goes on with a text or with token ids (OpenAI).",
    bodies: [completionRequest],
    answer: answers.completionAnswer,
    isStream: true,
  },
  {
    method: "POST",
    route: "/v1/responses",
    tag: CHAT,
    summary: "Answers items of a conversation (OpenAI's Responses).",
    bodies: [responseRequest],
    answer: answers.responseAnswer,
    isStream: true,
  },
  {
    method: "GET",
    route: "/v1/responses/:id",
    tag: CHAT,
    summary: "A response that was kept; its events with stream.",
    parameters: [
      path("id", "Of the response."),
      query("stream", "Give the events of a response made in the background.", flag),
      query("starting_after", "Leave out events up to this sequence number.", { type: "integer", default: -1 }),
    ],
    answer: answers.responseAnswer,
    isStream: true,
  },
  {
    method: "POST",
    route: "/v1/responses/:id/cancel",
    tag: CHAT,
    summary: "Ends a response that is made in the background.",
    parameters: [path("id", "Of the response.")],
    answer: answers.responseAnswer,
  },
  {
    method: "POST",
    route: "/v1/messages",
    tag: CHAT,
    summary: "Answers a conversation (Anthropic).",
    bodies: [messagesRequest],
    answer: answers.messageAnswer,
    isStream: true,
    isAnthropic: true,
  },
  {
    method: "POST",
    route: "/v1/messages/count_tokens",
    tag: TOKENS,
    summary: "Counts the tokens of a conversation (Anthropic).",
    bodies: [countTokensRequest],
    answer: answers.countTokensAnswer,
    isAnthropic: true,
  },
  {
    method: "POST",
    route: "/tokenize",
    tag: TOKENS,
    summary: "Token ids of a text or of a conversation.",
    bodies: [tokenizeCompletionRequest, tokenizeChatRequest],
    answer: answers.tokenizeAnswer,
  },
  {
    method: "POST",
    route: "/detokenize",
    tag: TOKENS,
    summary: "Text of token ids.",
    bodies: [detokenizeRequest],
    answer: answers.detokenizeAnswer,
  },
  {
    method: "GET",
    route: "/tokenizer_info",
    tag: TOKENS,
    summary: "tokenizer_config.json.",
    answer: answers.tokenizerInfoAnswer,
  },
  { method: "GET", route: "/v1/models", tag: SERVER, summary: "What is served.", answer: answers.modelsAnswer },
  {
    method: "GET",
    route: "/v1/models/*",
    tag: SERVER,
    summary: "One model.",
    parameters: [path("model", "Its name, which may have slashes.")],
    answer: answers.modelAnswer,
  },
  { method: "GET", route: "/health", tag: SERVER, summary: "200 while the engine answers, else 503." },
  { method: "GET", route: "/ping", tag: SERVER, summary: "As /health." },
  { method: "POST", route: "/ping", tag: SERVER, summary: "As /health." },
  { method: "GET", route: "/version", tag: SERVER, summary: "Quire's version.", answer: answers.versionAnswer },
  {
    method: "GET",
    route: "/load",
    tag: SERVER,
    summary: "Requests under way, with --enable-server-load-tracking.",
    answer: answers.loadAnswer,
  },
  { method: "GET", route: "/metrics", tag: SERVER, summary: "Prometheus metrics.", contentType: "text/plain" },
  {
    method: "GET",
    route: "/dashboard/data",
    tag: SERVER,
    summary: "What the dashboard shows.",
    parameters: [query("since", "nowMs of the last answer.", { type: "string" })],
    answer: answers.anyAnswer,
  },
  {
    method: "POST",
    route: "/sleep",
    tag: DEVELOPMENT,
    summary: "Pauses and gives memory back.",
    parameters: [
      query("level", "1: the KV cache, 2: the weights too.", { type: "integer", enum: [0, 1, 2], default: 1 }),
      pauseMode,
    ],
  },
  {
    method: "POST",
    route: "/wake_up",
    tag: DEVELOPMENT,
    summary: "Makes what sleeps usable again.",
    parameters: [
      query("tags", "What to wake; by default all.", {
        type: "array",
        items: { type: "string", enum: ["weights", "kv_cache", "scheduling"] },
      }),
    ],
  },
  {
    method: "GET",
    route: "/is_sleeping",
    tag: DEVELOPMENT,
    summary: "Whether the engine sleeps.",
    answer: answers.isSleepingAnswer,
  },
  {
    method: "POST",
    route: "/pause",
    tag: DEVELOPMENT,
    summary: "Holds requests back.",
    parameters: [
      pauseMode,
      query("wait_for_inflight_requests", "The same as mode=wait.", flag),
      query("clear_cache", "Forget cached prefixes.", { type: "boolean", default: true }),
    ],
    answer: answers.statusAnswer,
  },
  {
    method: "POST",
    route: "/resume",
    tag: DEVELOPMENT,
    summary: "Lets requests run again.",
    answer: answers.statusAnswer,
  },
  {
    method: "GET",
    route: "/is_paused",
    tag: DEVELOPMENT,
    summary: "Whether requests are held back.",
    answer: answers.isPausedAnswer,
  },
  {
    method: "POST",
    route: "/abort_requests",
    tag: DEVELOPMENT,
    summary: "Ends requests.",
    bodies: [abortRequestsRequest],
    isBodyOptional: true,
    answer: answers.abortAnswer,
  },
  {
    method: "POST",
    route: "/reset_prefix_cache",
    tag: DEVELOPMENT,
    summary: "Forgets all cached prefixes.",
    parameters: [
      query("reset_running_requests", "Compute open requests again.", flag),
      query("reset_external", "There is no cache outside.", flag),
    ],
    answer: answers.resetAnswer,
  },
  { method: "POST", route: "/reset_mm_cache", tag: DEVELOPMENT, summary: "There is no such cache." },
  { method: "POST", route: "/reset_encoder_cache", tag: DEVELOPMENT, summary: "There is no such cache." },
  {
    method: "GET",
    route: "/server_info",
    tag: DEVELOPMENT,
    summary: "Options in force and the machine.",
    parameters: [
      query("config_format", "How options are written.", { type: "string", enum: ["text", "json"], default: "text" }),
    ],
    answer: answers.anyAnswer,
  },
];

/** Routes that are for browsers, not for programs. */
export const PAGE_ROUTES: ReadonlySet<string> = new Set(["/", "/dashboard", "/page/*", "/docs", "/openapi.json"]);
