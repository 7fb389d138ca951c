import { _ as unknown, c as int, d as number, g as union, h as string, m as strictObject, o as array, p as record, s as boolean, y as NEVER } from "./schemas-7FBsOODy.js";
import { t as processEnvironment } from "./environment-ChMoDSMV.js";
import { t as parseHumanBytes } from "./human-number-CzIhQD6Q.js";
import { i as option, r as parseOptions } from "./engine-config-D9uvfcfS.js";
// src/config/server-config.ts
/** ServerConfig: every option of the HTTP server; flags, help and docs are made from it. */
const text = string().min(1);
const list = union([array(text), text.transform((entry) => [entry])]);
const flag = boolean().default(false);
const seconds = number().min(0).max(86400);
const bytes = union([number(), string()]).transform((value, context) => {
	const parsed = typeof value === "number" ? value : parseHumanBytes(value);
	if (parsed !== void 0 && Number.isSafeInteger(parsed) && parsed >= 1024) return parsed;
	context.issues.push({
		code: "invalid_value",
		values: [],
		input: value
	});
	return NEVER;
});
const group = "Frontend";
/** One member per option; the order is the order of help and docs. */
const serverSchema = strictObject({
	/** Address to listen on. Unlike vLLM, which listens on all interfaces, Quire is reachable from this machine alone until told otherwise (0.0.0.0). */
	host: option(text.default("127.0.0.1"), {
		group,
		kind: "text",
		expected: "a host name or address",
		description: "Address to listen on. Unlike vLLM, which listens on all interfaces, Quire is reachable from this machine alone until told otherwise (0.0.0.0)."
	}),
	/** Port to listen on; 0 takes a free one. */
	port: option(int().min(0).max(65535).default(8e3), {
		group,
		kind: "integer",
		expected: "an integer in [0, 65535]",
		description: "Port to listen on; 0 takes a free one."
	}),
	/** Listen on this unix socket; host and port are then ignored. */
	uds: option(text.optional(), {
		group,
		kind: "text",
		expected: "a path",
		defaultText: "none",
		description: "Listen on this unix socket; host and port are then ignored."
	}),
	/** Require one of these keys as bearer token on every path but /health and /ping (vLLM guards /v1 and a few others only). */
	apiKey: option(list.default([]), {
		group,
		kind: "list",
		env: "QUIRE_API_KEY",
		secret: true,
		expected: "a key or a list of keys",
		description: "Require one of these keys as bearer token on every path but /health and /ping (vLLM guards /v1 and a few others only)."
	}),
	/** Path under which a proxy shows this server; it is taken off requests that carry it. */
	rootPath: option(string().regex(/^(\/[^/?#]+)*\/?$/).default(""), {
		group,
		kind: "text",
		expected: "a path like /llm",
		description: "Path under which a proxy shows this server; it is taken off requests that carry it."
	}),
	/** Web origins that may call the API from a browser (CORS); * allows all. */
	allowedOrigins: option(list.default([]), {
		group,
		kind: "list",
		expected: "an origin, a list of origins or *",
		description: "Web origins that may call the API from a browser (CORS); * allows all."
	}),
	/** Methods that those origins may use. */
	allowedMethods: option(list.default(["*"]), {
		group,
		kind: "list",
		expected: "a list of methods or *",
		description: "Methods that those origins may use."
	}),
	/** Headers that those origins may send. */
	allowedHeaders: option(list.default(["*"]), {
		group,
		kind: "list",
		expected: "a list of headers or *",
		description: "Headers that those origins may send."
	}),
	/** Let those origins send cookies and the like. */
	allowCredentials: option(flag, {
		group,
		kind: "boolean",
		description: "Let those origins send cookies and the like."
	}),
	/** Longest request body. */
	maxBodyBytes: option(bytes.default(33554432), {
		group,
		kind: "bytes",
		expected: "a number of bytes from 1024, like 32MiB",
		description: "Longest request body."
	}),
	/** A streaming client that is this far behind is cut off and its request aborted. */
	maxBufferedBytes: option(bytes.default(8388608), {
		group,
		kind: "bytes",
		expected: "a number of bytes from 1024, like 8MiB",
		description: "A streaming client that is this far behind is cut off and its request aborted."
	}),
	/** Seconds between comments that keep an idle stream alive; 0: none. */
	sseKeepAliveInterval: option(seconds.default(0), {
		group,
		kind: "number",
		expected: "a number of seconds from 0",
		description: "Seconds between comments that keep an idle stream alive; 0: none."
	}),
	/** Seconds that running requests get to finish after SIGINT or SIGTERM; 0: abort them at once. */
	shutdownTimeout: option(seconds.default(0), {
		group: "options",
		kind: "number",
		expected: "a number of seconds from 0",
		description: "Seconds that running requests get to finish after SIGINT or SIGTERM; 0: abort them at once."
	}),
	/** Role of the messages that the server answers with. */
	responseRole: option(text.default("assistant"), {
		group,
		kind: "text",
		expected: "a role",
		description: "Role of the messages that the server answers with."
	}),
	/** Accept a chat template in a request; without it such a request is refused. */
	trustRequestChatTemplate: option(flag, {
		group,
		kind: "boolean",
		description: "Accept a chat template in a request; without it such a request is refused."
	}),
	/** Arguments of the chat template; those of a request come on top. */
	defaultChatTemplateKwargs: option(record(string(), unknown()).default({}), {
		group,
		kind: "object",
		expected: "a JSON object",
		description: "Arguments of the chat template; those of a request come on top."
	}),
	/** Write tokens in log-probabilities as "token_id:17" instead of text. */
	returnTokensAsTokenIds: option(flag, {
		group,
		kind: "boolean",
		description: "Write tokens in log-probabilities as \"token_id:17\" instead of text."
	}),
	/** Report in usage how many prompt tokens came from the prefix cache. */
	enablePromptTokensDetails: option(flag, {
		group,
		kind: "boolean",
		description: "Report in usage how many prompt tokens came from the prefix cache."
	}),
	/** Put usage into every stream, asked for or not. */
	enableForceIncludeUsage: option(flag, {
		group,
		kind: "boolean",
		description: "Put usage into every stream, asked for or not."
	}),
	/** Answer with X-Request-Id: the request's own, or a random one. */
	enableRequestIdHeaders: option(flag, {
		group,
		kind: "boolean",
		description: "Answer with X-Request-Id: the request's own, or a random one."
	}),
	/** Log each request when it comes and when it ends. */
	enableLogRequests: option(flag, {
		group: "options",
		kind: "boolean",
		description: "Log each request when it comes and when it ends."
	}),
	/** Log the stack of errors that answer with 500. */
	logErrorStack: option(flag, {
		group,
		kind: "boolean",
		description: "Log the stack of errors that answer with 500."
	})
});
/**
* Checks options and fills in what is missing from the environment and the defaults.
*
* @throws ConfigError with a line per problem: option and flag, what was expected, what came
*/
function parseServerConfig(options = {}, variables = processEnvironment()) {
	return parseOptions(serverSchema, options, variables, "server options");
}
export { serverSchema as n, parseServerConfig as t };
