/** The HTTP server: routes, who may call, errors, start and stop. */
import { once } from "node:events";
import { lstatSync, rmSync } from "node:fs";
import { STATUS_CODES } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import fastify from "fastify";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { ResourceError } from "../util/errors.js";
import { allowOrigins, requireKey } from "./auth.js";
import type { EngineClient } from "./engine-client.js";
import { errorResponse, toErrorResponse } from "./error-response.js";
import { OpenRequests } from "./open-requests.js";
import { StatsHub } from "./metrics/stats-hub.js";
import { registerChatCompletions } from "./openai/chat-completions.js";
import { registerCompletions } from "./openai/completions.js";
import { registerModels } from "./openai/models.js";
import { homePage } from "./page.js";
import { logFailure, requestId } from "./respond.js";
import type { ServerContext } from "./respond.js";
import { ServerLog } from "./server-log.js";

/** Milliseconds in which a whole request must have come in. */
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Routes have no JSON schemas (zod checks bodies), and loading Fastify's compilers for them takes 40 ms of the start. */
const NO_SCHEMAS = {
  // Never called; its type asks for more of a validator than Fastify does.
  buildValidator: () => () => (() => true) as never,
  buildSerializer: () => () => (value: unknown) => JSON.stringify(value),
};

/** A server that listens. */
export interface RunningServer {
  /** "http://127.0.0.1:8000", or "unix:/path". */
  readonly url: string;
  /** Requests under way. */
  readonly numOpenRequests: number;
  /**
   * Stops accepting, lets open requests finish for `shutdownTimeout` seconds, aborts the rest, and closes. The engine stays open.
   * Can be called again.
   */
  close(): Promise<void>;
}

export interface ServerHooks {
  /** Takes the log's lines; standard error by default. */
  readonly log?: (line: string) => void;
  /** Quire's own, for /version. */
  readonly version?: string;
}

/**
 * Serves an engine over HTTP.
 *
 * @throws ResourceError when the address cannot be listened on
 */
export async function startServer(
  engine: EngineClient,
  config: ServerConfig,
  hooks: ServerHooks = {},
): Promise<RunningServer> {
  const log = new ServerLog(hooks.log ?? ((line) => process.stderr.write(`${line}\n`)));
  const context: ServerContext = { engine, config, log, open: new OpenRequests(), stats: new StatsHub() };
  const ignoreEngine = engine.observe?.(context.stats);
  const app = createApp(context);
  let url = "";
  registerPlain(app, context, hooks.version ?? "unknown", () => url);
  registerModels(app, context);
  registerCompletions(app, context);
  registerChatCompletions(app, context);
  url = await listen(app, config);
  let closing: Promise<void> | undefined;
  const close = async () => {
    // Stop accepting first; then the open requests.
    app.server.close();
    app.server.closeIdleConnections();
    await context.open.drain(config.shutdownTimeout * 1000);
    await app.close();
    ignoreEngine?.();
  };
  return {
    url,
    get numOpenRequests() {
      return context.open.count;
    },
    close: () => (closing ??= close()),
  };
}

function createApp(context: ServerContext): FastifyInstance {
  const { config } = context;
  const root = config.rootPath.replace(/\/$/, "");
  const app = fastify({
    logger: false,
    bodyLimit: config.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1024 },
    schemaController: { compilersFactory: NO_SCHEMAS },
    rewriteUrl: (request) => {
      const url = request.url ?? "/";
      if (root === "" || !(url === root || url.startsWith(`${root}/`))) return url;
      return url.slice(root.length) || "/";
    },
    clientErrorHandler: answerBadHttp,
    frameworkErrors: (error, _request, reply) => {
      const { status, body } = toErrorResponse(error);
      void (reply as FastifyReply).code(status).send(body);
    },
  });
  app.removeContentTypeParser("text/plain");
  if (config.enableRequestIdHeaders) {
    app.addHook("onRequest", async (request, reply) => {
      const id = requestId(request);
      reply.header("X-Request-Id", id);
      reply.raw.setHeader("X-Request-Id", id);
    });
  }
  allowOrigins(app, config);
  requireKey(app, config.apiKey);
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = toErrorResponse(error);
    if (status === 500) logFailure(context, `${request.method} ${request.url.split("?")[0]}`, error);
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0]!.slice(0, 200);
    const methods = ["GET", "POST"].filter((method) => app.hasRoute({ method: method as "GET", url: path }));
    const { status, body } =
      methods.length > 0
        ? errorResponse(405, `${request.method} ${path}: not allowed; use ${methods.join(" or ")}`)
        : errorResponse(404, `${request.method} ${path}: there is no such endpoint`);
    return reply.code(status).send(body);
  });
  return app;
}

/** What never became a request, because it is not HTTP or too slow: the same form of error, and the connection ends. */
function answerBadHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  const [status, text] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? [431, "the headers are too large"]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? [408, "the request did not come in time"]
        : [400, "this is not a valid HTTP request"];
  const json = JSON.stringify(errorResponse(status, text).body);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
}

/** Endpoints that are not OpenAI's. */
function registerPlain(app: FastifyInstance, context: ServerContext, version: string, url: () => string): void {
  const { engine } = context;
  const health = (): number => (engine.isResponding && !context.open.isClosing ? 200 : 503);
  app.get("/health", (_request, reply) => reply.code(health()).send());
  app.route({
    method: ["GET", "POST"],
    url: "/ping",
    handler: (_request, reply) => reply.code(health()).send(),
  });
  app.get("/version", async () => ({ version }));
  app.get("/", (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
      .send(homePage(engine, url())),
  );
}

async function listen(app: FastifyInstance, config: ServerConfig): Promise<string> {
  const { host, port, uds } = config;
  await app.ready();
  try {
    if (uds !== undefined) await removeLeftover(uds);
    app.server.listen(uds === undefined ? { host, port } : { path: uds });
    await once(app.server, "listening");
  } catch (cause) {
    await app.close();
    if (cause instanceof ResourceError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const remedy = code === "EADDRINUSE" ? "something listens there already; choose another --port or --uds" : message;
    throw new ResourceError(`cannot listen on ${uds ?? `${host}:${port}`} (${code}): ${remedy}`, { cause });
  }
  if (uds !== undefined) return `unix:${uds}`;
  const address = app.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

/** Removes a socket file on which nobody listens any more. @throws ResourceError if something else lies there */
async function removeLeftover(path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket()) {
    throw new ResourceError(`cannot listen on ${path}: it exists and is not a socket; choose another --uds`);
  }
  const socket = connect(path);
  try {
    await once(socket, "connect");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") rmSync(path, { force: true });
  } finally {
    socket.destroy();
  }
}
