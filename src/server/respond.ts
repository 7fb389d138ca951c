/** The life of one API request: refuse when stopping, run, answer as JSON or as a stream, end the engine's part with it. */
import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import type { RequestTrace } from "../engine/stats-listener.js";
import { AbortError, RequestError } from "../util/errors.js";
import type { ChatParsers } from "./chat/chat-parsers.js";
import type { EngineClient } from "./engine-client.js";
import type { ServerMetrics } from "./metrics/server-metrics.js";
import type { EventFormat } from "./event-format.js";
import type { StatsHub } from "./metrics/stats-hub.js";
import type { OpenRequests } from "./open-requests.js";
import type { ServerLog } from "./server-log.js";
import { requestTrace } from "./request-trace.js";
import { sendEvents } from "./sse.js";

/** What all endpoints share. */
export interface ServerContext {
  readonly engine: EngineClient;
  readonly config: ServerConfig;
  readonly log: ServerLog;
  readonly open: OpenRequests;
  /** What the engine did lately. */
  readonly stats: StatsHub;
  /** What /metrics shows. */
  readonly metrics: ServerMetrics;
  /** What reads tool calls and reasoning out of a chat model's text. */
  readonly parsers: ChatParsers;
}

/** One request at an endpoint. */
export interface Call {
  /** Of the answer: "cmpl-..." */
  readonly id: string;
  /** Unix time in seconds. */
  readonly created: number;
  /** Aborted when the client leaves or the server stops. */
  readonly signal: AbortSignal;
  /** Ends what the request started. */
  readonly abort: () => void;
  /** When it came: milliseconds of `performance.now()`. */
  readonly arrivalMs: number;
  /** For the records of what it runs. */
  readonly trace: RequestTrace;
}

/** Either the whole answer, or lists of events, each list to be sent in one piece. */
export type Answer =
  { readonly json: object } | { readonly events: AsyncGenerator<readonly object[]>; readonly format?: EventFormat };

/**
 * Runs `work` and sends what it answers. Errors before the answer begins are thrown, for Fastify's error handler.
 *
 * @param prefix  of the answer's id: "cmpl"
 */
export async function respond(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  prefix: string,
  work: (call: Call) => Promise<Answer>,
): Promise<unknown> {
  const { engine, config, log, open } = context;
  if (open.isClosing) throw closingError();
  if (engine.isDead) throw unavailable("the engine died; the server's log says why");
  if (!engine.isResponding) throw unavailable("the engine has been silent for some seconds; try again later");
  const { abort, release } = open.add();
  const leave = () => abort.abort(new AbortError("the client is gone"));
  reply.raw.on("close", () => {
    if (!reply.raw.writableFinished) leave();
  });
  const limit = limitTime(config.requestTimeout, abort);
  const id = `${prefix}-${requestId(request)}`;
  if (config.enableLogRequests) log.line(`${id}: begins`);
  const started = performance.now();
  try {
    const call: Call = {
      id,
      created: Math.floor(Date.now() / 1000),
      signal: abort.signal,
      abort: leave,
      arrivalMs: started,
      trace: requestTrace(request),
    };
    const answer = await work(call);
    if ("json" in answer) return answer.json;
    await sendEvents(reply, answer.events, {
      maxBufferedBytes: config.maxBufferedBytes,
      keepAliveMs: config.sseKeepAliveInterval * 1000,
      onGone: leave,
      onSlow: () => context.metrics.slowClients.inc(),
      ...(answer.format === undefined ? {} : { format: answer.format }),
      onLateError: (error) => {
        const told = limit.isOver ? timeoutError(config) : whenClosing(context, error);
        if (told === error && !(error instanceof RequestError)) logFailure(context, id, error);
        return told;
      },
    });
    return reply;
  } catch (error) {
    abort.abort(error);
    throw limit.isOver && error instanceof AbortError ? timeoutError(config) : whenClosing(context, error);
  } finally {
    limit.clear();
    release();
    const ms = Math.round(performance.now() - started);
    if (config.enableLogRequests) log.line(`${id}: ends after ${ms} ms${abort.signal.aborted ? ", cut short" : ""}`);
  }
}

/** Aborts after so many seconds; 0: never. */
function limitTime(seconds: number, abort: AbortController): { readonly isOver: boolean; clear(): void } {
  if (seconds === 0) return { isOver: false, clear: () => {} };
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    abort.abort(new AbortError("the request took too long"));
  }, seconds * 1000);
  return {
    get isOver() {
      return isOver;
    },
    clear: () => clearTimeout(timer),
  };
}

function timeoutError({ requestTimeout }: ServerConfig): RequestError {
  const message = `the request was not done after ${requestTimeout} s (--request-timeout)`;
  return new RequestError(message, { status: 504, code: "TIMEOUT" });
}

/** What was aborted because the server stops says so. */
function whenClosing(context: ServerContext, error: unknown): unknown {
  const isEnded = error instanceof AbortError && context.open.isClosing;
  return isEnded ? closingError() : error;
}

function closingError(): RequestError {
  return unavailable("the server is shutting down");
}

/** Another server, or this one later, may do it. */
function unavailable(message: string): RequestError {
  return new RequestError(message, { status: 503, code: "UNAVAILABLE" });
}

/** Logs an error that is not the client's fault. */
export function logFailure(context: ServerContext, where: string, error: unknown): void {
  const { log, config } = context;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  log.line(`${where}: ${text}`, "error");
  if (config.logErrorStack && error instanceof Error && error.stack !== undefined) log.line(error.stack, "error");
}

/** The client's X-Request-Id or `request_id`, else random. */
export function requestId(request: FastifyRequest): string {
  const header = request.headers["x-request-id"];
  const fromBody = (request.body as { request_id?: unknown } | null | undefined)?.request_id;
  const given = typeof header === "string" ? header : fromBody;
  return typeof given === "string" && /^[\x21-\x7e]{1,256}$/.test(given) ? given : randomId(request);
}

const randomIds = new WeakMap<FastifyRequest, string>();

/** The same for each question about the same request. */
function randomId(request: FastifyRequest): string {
  let id = randomIds.get(request);
  if (id === undefined) randomIds.set(request, (id = randomUUID().replaceAll("-", "")));
  return id;
}

/** @throws RequestError 404 unless the engine serves the model under this name; no name: the first */
export function servedName(engine: EngineClient, model: string | null | undefined): string {
  if (model === undefined || model === null || model === "") return engine.servedModelNames[0]!;
  if (engine.servedModelNames.includes(model)) return model;
  throw new RequestError(
    `The model \`${model.slice(0, 200)}\` does not exist; this server has ${engine.servedModelNames.join(", ")}.`,
    {
      param: "model",
      status: 404,
    },
  );
}
