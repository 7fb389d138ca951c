/** ServerConfig: every option of the HTTP server; flags, help and docs are made from it. */
import { z } from "zod";
import { logLevelOf, type LogLevel } from "../util/log-level.js";
import type { EnvironmentVariables } from "./environment.js";
import { processEnvironment } from "./environment.js";
import { parseHumanBytes } from "./human-number.js";
import { option } from "./option.js";
import { parseOptions } from "./parse-options.js";

const text = z.string().min(1);
const list = z.union([z.array(text), text.transform((entry) => [entry])]);
const flag = z.boolean().default(false);
const seconds = z.number().min(0).max(86_400);

const bytes = z.union([z.number(), z.string()]).transform((value, context) => {
  const parsed = typeof value === "number" ? value : parseHumanBytes(value);
  if (parsed !== undefined && Number.isSafeInteger(parsed) && parsed >= 1024) return parsed;
  context.issues.push({ code: "invalid_value", values: [], input: value });
  return z.NEVER;
});

const logLevel = z
  .string()
  .default("info")
  .transform((name, context): LogLevel => {
    const level = logLevelOf(name);
    if (level !== undefined) return level;
    context.issues.push({ code: "invalid_value", values: [], input: name });
    return z.NEVER;
  });

const group = "Frontend";

/** One member per option; the order is the order of help and docs. */
export const serverSchema = z.strictObject({
  /** Address to listen on. Unlike vLLM, which listens on all interfaces, Quire is reachable from this machine alone until told otherwise (0.0.0.0). */
  host: option(text.default("127.0.0.1"), {
    group,
    kind: "text",
    expected: "a host name or address",
    description:
      "Address to listen on. Unlike vLLM, which listens on all interfaces, Quire is reachable from this machine alone until told otherwise (0.0.0.0).",
  }),
  /** Port to listen on; 0 takes a free one. */
  port: option(z.int().min(0).max(65_535).default(8000), {
    group,
    kind: "integer",
    expected: "an integer in [0, 65535]",
    description: "Port to listen on; 0 takes a free one.",
  }),
  /** Listen on this unix socket; host and port are then ignored. */
  uds: option(text.optional(), {
    group,
    kind: "text",
    expected: "a path",
    defaultText: "none",
    description: "Listen on this unix socket; host and port are then ignored.",
  }),
  /** Require one of these keys, as bearer token or X-API-Key, on every route that reaches the model or its state (vLLM guards /v1 and a few others only). */
  apiKey: option(list.default([]), {
    group,
    kind: "list",
    env: "QUIRE_API_KEY",
    secret: true,
    expected: "a key or a list of keys",
    description:
      "Require one of these keys, as bearer token or X-API-Key, on every route that reaches the model or its state (vLLM guards /v1 and a few others only).",
  }),
  /** Require the key for /metrics too. */
  apiKeyMetrics: option(flag, {
    group,
    kind: "boolean",
    description: "Require the key for /metrics too.",
  }),
  /** Private key of the server's certificate, PEM; with it and --ssl-certfile the server speaks TLS. */
  sslKeyfile: option(text.optional(), {
    group,
    kind: "text",
    defaultText: "none",
    expected: "a file",
    description: "Private key of the server's certificate, PEM; with it and --ssl-certfile the server speaks TLS.",
  }),
  /** The server's certificate and its chain, PEM. */
  sslCertfile: option(text.optional(), {
    group,
    kind: "text",
    defaultText: "none",
    expected: "a file",
    description: "The server's certificate and its chain, PEM.",
  }),
  /** Certificates that clients' certificates must lead to, PEM. */
  sslCaCerts: option(text.optional(), {
    group,
    kind: "text",
    defaultText: "the system's",
    expected: "a file",
    description: "Certificates that clients' certificates must lead to, PEM.",
  }),
  /** Certificates of clients: 0 asks for none, 1 takes none as well as a valid one, 2 requires a valid one. */
  sslCertReqs: option(z.int().min(0).max(2).default(0), {
    group,
    kind: "integer",
    expected: "0, 1 or 2",
    description:
      "Certificates of clients: 0 asks for none, 1 takes none as well as a valid one, 2 requires a valid one.",
  }),
  /** Ciphers for TLS, as OpenSSL writes them. */
  sslCiphers: option(text.optional(), {
    group,
    kind: "text",
    defaultText: "Node's",
    expected: "a list of ciphers",
    description: "Ciphers for TLS, as OpenSSL writes them.",
  }),
  /** Take up new certificate files as they come, without a restart. */
  enableSslRefresh: option(flag, {
    group,
    kind: "boolean",
    description: "Take up new certificate files as they come, without a restart.",
  }),
  /** Path under which a proxy shows this server; it is taken off requests that carry it. */
  rootPath: option(
    z
      .string()
      .regex(/^(\/[^/?#]+)*\/?$/)
      .default(""),
    {
      group,
      kind: "text",
      expected: "a path like /llm",
      description: "Path under which a proxy shows this server; it is taken off requests that carry it.",
    },
  ),
  /** Web origins that may call the API from a browser (CORS); * allows all. */
  allowedOrigins: option(list.default([]), {
    group,
    kind: "list",
    expected: "an origin, a list of origins or *",
    description: "Web origins that may call the API from a browser (CORS); * allows all.",
  }),
  /** Methods that those origins may use. */
  allowedMethods: option(list.default(["*"]), {
    group,
    kind: "list",
    expected: "a list of methods or *",
    description: "Methods that those origins may use.",
  }),
  /** Headers that those origins may send. */
  allowedHeaders: option(list.default(["*"]), {
    group,
    kind: "list",
    expected: "a list of headers or *",
    description: "Headers that those origins may send.",
  }),
  /** Let those origins send cookies and the like. */
  allowCredentials: option(flag, {
    group,
    kind: "boolean",
    description: "Let those origins send cookies and the like.",
  }),
  /** Longest request body. */
  maxBodyBytes: option(bytes.default(32 * 1024 * 1024), {
    group,
    kind: "bytes",
    expected: "a number of bytes from 1024, like 32MiB",
    description: "Longest request body.",
  }),
  /** Most bytes of a request's headers. */
  h11MaxIncompleteEventSize: option(bytes.default(64 * 1024), {
    group,
    kind: "bytes",
    expected: "a number of bytes from 1024, like 64KiB",
    description: "Most bytes of a request's headers.",
  }),
  /** Most headers of a request. */
  h11MaxHeaderCount: option(z.int().min(1).max(10_000).default(256), {
    group,
    kind: "integer",
    expected: "an integer in [1, 10000]",
    description: "Most headers of a request.",
  }),
  /** Seconds in which a whole request must have come in; a sixth of it for the headers. */
  httpReadTimeout: option(seconds.gt(0).default(120), {
    group,
    kind: "number",
    expected: "a number of seconds above 0",
    description: "Seconds in which a whole request must have come in; a sixth of it for the headers.",
  }),
  /** Seconds that an idle connection stays open. */
  httpTimeoutKeepAlive: option(seconds.gt(0).default(65), {
    group,
    kind: "number",
    env: "QUIRE_HTTP_TIMEOUT_KEEP_ALIVE",
    expected: "a number of seconds above 0",
    description: "Seconds that an idle connection stays open.",
  }),
  /** Seconds without progress after which a client that does not read the rest of its answer is cut off. */
  httpWriteTimeout: option(seconds.gt(0).default(60), {
    group,
    kind: "number",
    expected: "a number of seconds above 0",
    description: "Seconds without progress after which a client that does not read the rest of its answer is cut off.",
  }),
  /** Seconds after which a request that is not done is aborted and answered with 504; 0: no limit. */
  requestTimeout: option(seconds.default(0), {
    group,
    kind: "number",
    expected: "a number of seconds from 0",
    description: "Seconds after which a request that is not done is aborted and answered with 504; 0: no limit.",
  }),
  /** Most prompts in one request. */
  maxPromptsPerRequest: option(z.int().min(1).default(4096), {
    group,
    kind: "integer",
    expected: "an integer from 1",
    description: "Most prompts in one request.",
  }),
  /** Most outputs of one request: n, times the number of prompts. */
  maxNSequences: option(z.int().min(1).max(16_384).default(16_384), {
    group,
    kind: "integer",
    env: "QUIRE_MAX_N_SEQUENCES",
    expected: "an integer in [1, 16384]",
    description: "Most outputs of one request: n, times the number of prompts.",
  }),
  /** A streaming client that is this far behind is cut off and its request aborted. */
  maxBufferedBytes: option(bytes.default(8 * 1024 * 1024), {
    group,
    kind: "bytes",
    expected: "a number of bytes from 1024, like 8MiB",
    description: "A streaming client that is this far behind is cut off and its request aborted.",
  }),
  /** Seconds between comments that keep an idle stream alive; 0: none. */
  sseKeepAliveInterval: option(seconds.default(0), {
    group,
    kind: "number",
    expected: "a number of seconds from 0",
    description: "Seconds between comments that keep an idle stream alive; 0: none.",
  }),
  /** Seconds that running requests get to finish after SIGINT or SIGTERM; 0: abort them at once. */
  shutdownTimeout: option(seconds.default(0), {
    group: "options",
    kind: "number",
    expected: "a number of seconds from 0",
    description: "Seconds that running requests get to finish after SIGINT or SIGTERM; 0: abort them at once.",
  }),
  /** Role of the messages that the server answers with. */
  responseRole: option(text.default("assistant"), {
    group,
    kind: "text",
    expected: "a role",
    description: "Role of the messages that the server answers with.",
  }),
  /** Accept a chat template in a request; without it such a request is refused. */
  trustRequestChatTemplate: option(flag, {
    group,
    kind: "boolean",
    description: "Accept a chat template in a request; without it such a request is refused.",
  }),
  /** Arguments of the chat template; those of a request come on top. */
  defaultChatTemplateKwargs: option(z.record(z.string(), z.unknown()).default({}), {
    group,
    kind: "object",
    expected: "a JSON object",
    description: "Arguments of the chat template; those of a request come on top.",
  }),
  /** Let the model call tools by itself (tool_choice "auto"); needs --tool-call-parser. */
  enableAutoToolChoice: option(flag, {
    group,
    kind: "boolean",
    description: 'Let the model call tools by itself (tool_choice "auto"); needs --tool-call-parser.',
  }),
  /** The format in which the model writes tool calls: hermes, llama3_json, mistral, and others; see docs/tool-calling.md. */
  toolCallParser: option(text.optional(), {
    group,
    kind: "text",
    expected: "the name of a parser",
    defaultText: "none",
    description:
      "The format in which the model writes tool calls: hermes, llama3_json, mistral, and others; see docs/tool-calling.md.",
  }),
  /** Leave tools out of the prompt when a request's tool_choice is "none". */
  excludeToolsWhenToolChoiceNone: option(flag, {
    group,
    kind: "boolean",
    description: 'Leave tools out of the prompt when a request\'s tool_choice is "none".',
  }),
  /** The form of the model's reasoning: deepseek_r1, qwen3, openai_gptoss, and others; see docs/tool-calling.md. */
  reasoningParser: option(text.optional(), {
    group,
    kind: "text",
    expected: "the name of a parser",
    defaultText: "none",
    description:
      "The form of the model's reasoning: deepseek_r1, qwen3, openai_gptoss, and others; see docs/tool-calling.md.",
  }),
  /** A plugin that registers tool parsers; the same as --plugin. */
  toolParserPlugin: option(text.optional(), {
    group,
    kind: "text",
    expected: "a path or the name of a package",
    defaultText: "none",
    description: "A plugin that registers tool parsers; the same as --plugin.",
  }),
  /** A plugin that registers reasoning parsers; the same as --plugin. */
  reasoningParserPlugin: option(text.optional(), {
    group,
    kind: "text",
    expected: "a path or the name of a package",
    defaultText: "none",
    description: "A plugin that registers reasoning parsers; the same as --plugin.",
  }),
  /** Write tokens in log-probabilities as "token_id:17" instead of text. */
  returnTokensAsTokenIds: option(flag, {
    group,
    kind: "boolean",
    description: 'Write tokens in log-probabilities as "token_id:17" instead of text.',
  }),
  /** Report in usage how many prompt tokens came from the prefix cache. */
  enablePromptTokensDetails: option(flag, {
    group,
    kind: "boolean",
    description: "Report in usage how many prompt tokens came from the prefix cache.",
  }),
  /** Put usage into every stream, asked for or not. */
  enableForceIncludeUsage: option(flag, {
    group,
    kind: "boolean",
    description: "Put usage into every stream, asked for or not.",
  }),
  /** Answer GET /tokenizer_info with tokenizer_config.json, chat template included. */
  enableTokenizerInfoEndpoint: option(flag, {
    group,
    kind: "boolean",
    description: "Answer GET /tokenizer_info with tokenizer_config.json, chat template included.",
  }),
  /** Count the requests under way for GET /load; without it that is always 0. */
  enableServerLoadTracking: option(flag, {
    group,
    kind: "boolean",
    description: "Count the requests under way for GET /load; without it that is always 0.",
  }),
  /** Have the routes that change the server's state: /sleep, /wake_up, /pause, /resume, /reset_prefix_cache and others. Not for servers that strangers reach. */
  serverDevMode: option(flag, {
    group,
    kind: "boolean",
    env: "QUIRE_SERVER_DEV_MODE",
    description:
      "Have the routes that change the server's state: /sleep, /wake_up, /pause, /resume, /reset_prefix_cache and others. Not for servers that strangers reach.",
  }),
  /** Have neither /docs nor /openapi.json. */
  disableFastapiDocs: option(flag, {
    group,
    kind: "boolean",
    description: "Have neither /docs nor /openapi.json.",
  }),
  /** Keep the responses of /v1/responses in memory, for get, cancel, background and previous_response_id. */
  enableResponsesApiStore: option(flag, {
    group,
    kind: "boolean",
    env: "QUIRE_ENABLE_RESPONSES_API_STORE",
    description: "Keep the responses of /v1/responses in memory, for get, cancel, background and previous_response_id.",
  }),
  /** Memory for kept responses; those that were looked at longest ago go first. */
  responsesStoreMaxBytes: option(bytes.default(64 * 1024 * 1024), {
    group,
    kind: "bytes",
    expected: "a number of bytes from 1024, like 64MiB",
    description: "Memory for kept responses; those that were looked at longest ago go first.",
  }),
  /** Tokens of an output between two chunks of its stream, except the first and the last. A request may ask for more. */
  streamInterval: option(z.int().min(1).default(1), {
    group: "SchedulerConfig",
    kind: "integer",
    expected: "an integer from 1",
    description:
      "Tokens of an output between two chunks of its stream, except the first and the last. A request may ask for more.",
  }),
  /** Answer with X-Request-Id: the request's own, or a random one. */
  enableRequestIdHeaders: option(flag, {
    group,
    kind: "boolean",
    description: "Answer with X-Request-Id: the request's own, or a random one.",
  }),
  /** Log each request when it comes and when it ends. */
  enableLogRequests: option(flag, {
    group: "options",
    kind: "boolean",
    description: "Log each request when it comes and when it ends.",
  }),
  /** Characters of a prompt, or token ids, that --enable-log-requests shows; 0 shows none. */
  maxLogLen: option(z.int().min(0).default(0), {
    group,
    kind: "integer",
    expected: "an integer from 0",
    description: "Characters of a prompt, or token ids, that --enable-log-requests shows; 0 shows none.",
  }),
  /** Write the log as lines of text or of JSON. */
  logFormat: option(z.enum(["text", "json"]).default("text"), {
    group: "options",
    kind: "choice",
    env: "QUIRE_LOG_FORMAT",
    description: "Write the log as lines of text or of JSON.",
  }),
  /** Least level of the lines that are logged: debug, info, warning, error or critical, in any case. */
  logLevel: option(logLevel, {
    group: "options",
    kind: "text",
    env: "QUIRE_LOGGING_LEVEL",
    expected: "debug, info, warning, error or critical",
    description: "Least level of the lines that are logged: debug, info, warning, error or critical, in any case.",
  }),
  /** Level of the access log: its lines are of level info. */
  uvicornLogLevel: option(logLevel, {
    group,
    kind: "text",
    expected: "trace, debug, info, warning, error or critical",
    description: "Level of the access log: its lines are of level info.",
  }),
  /** Log no line for each answer. */
  disableUvicornAccessLog: option(flag, {
    group,
    kind: "boolean",
    description: "Log no line for each answer.",
  }),
  /** Paths whose answers are not logged, separated by commas. */
  disableAccessLogForEndpoints: option(list.default([]), {
    group,
    kind: "list",
    expected: "a list of paths",
    description: "Paths whose answers are not logged, separated by commas.",
  }),
  /** Send a span for each request to the OpenTelemetry collector at this URL, by HTTP. */
  otlpTracesEndpoint: option(text.optional(), {
    group: "options",
    kind: "text",
    expected: "a URL like http://localhost:4318/v1/traces",
    defaultText: "none",
    description: "Send a span for each request to the OpenTelemetry collector at this URL, by HTTP.",
  }),
  /** Taken for vLLM's sake: no metrics are hidden. */
  showHiddenMetricsForVersion: option(text.optional(), {
    group: "options",
    kind: "text",
    expected: "a version",
    defaultText: "none",
    description: "Taken for vLLM's sake: no metrics are hidden.",
  }),
  /** Log the stack of errors that answer with 500. */
  logErrorStack: option(flag, {
    group,
    kind: "boolean",
    description: "Log the stack of errors that answer with 500.",
  }),
});

/** What `parseServerConfig` takes; everything may be left out. */
export type ServerOptions = z.input<typeof serverSchema>;

/** Checked, complete and frozen options. */
export type ServerConfig = Readonly<z.output<typeof serverSchema>>;

/**
 * Checks options and fills in what is missing from the environment and the defaults.
 *
 * @throws ConfigError with a line per problem: option and flag, what was expected, what came
 */
export function parseServerConfig(
  options: ServerOptions = {},
  variables: EnvironmentVariables = processEnvironment(),
): ServerConfig {
  return parseOptions(serverSchema, options, variables, "server options");
}
