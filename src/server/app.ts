/** The HTTP application before it has routes: limits, keys, origins, and the form of errors. */
import fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyServerOptions } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { requireKey } from "./auth.js";
import { allowOrigins } from "./cors.js";
import { errorResponse, toErrorResponse } from "./error-response.js";
import { errorBodyFor } from "./event-format.js";
import type { ErrorResponse } from "./error-response.js";
import { answerBadHttp, checkHeaders } from "./http-rules.js";
import { readJsonBodies } from "./json-body.js";
import { lingerAfterRefusals } from "./linger.js";
import { logFailure, requestId } from "./respond.js";
import type { ServerContext } from "./respond.js";
import { refreshTls, tlsOptions } from "./tls.js";
import { UnreadAnswers } from "./unread-answers.js";

/** Routes have no JSON schemas (zod checks bodies), and loading Fastify's compilers for them takes 40 ms of the start. */
const NO_SCHEMAS = {
  // Never called; its type asks for more of a validator than Fastify does.
  buildValidator: () => () => (() => true) as never,
  buildSerializer: () => () => (value: unknown) => JSON.stringify(value),
};

/** Seconds after which a client that was refused with 503 may try again. */
const RETRY_AFTER_S = "1";
const METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH"] as const;

/** A route as it was registered. */
export interface RouteName {
  readonly method: string;
  readonly path: string;
}

/**
 * @param routes filled with every route that is registered later
 * @throws ConfigError for certificate files that cannot be used
 */
export function createApp(
  context: ServerContext,
  routes: RouteName[],
): { readonly app: FastifyInstance; readonly unread: UnreadAnswers } {
  const { config } = context;
  const app = fastify(fastifyOptions(config)) as unknown as FastifyInstance;
  app.addHook("onRoute", ({ method, url }) => {
    for (const name of [method].flat()) routes.push({ method: name, path: url });
  });
  context.metrics.http.watch(app);
  readJsonBodies(app);
  checkHeaders(app, config);
  lingerAfterRefusals(app);
  const unread = new UnreadAnswers(app, config.httpWriteTimeout * 1000);
  if (config.enableSslRefresh) refreshTls(app, config, (line) => context.log.line(line));
  if (config.enableRequestIdHeaders) {
    app.addHook("onRequest", async (request, reply) => {
      const id = requestId(request);
      reply.header("X-Request-Id", id);
      reply.raw.setHeader("X-Request-Id", id);
    });
  }
  allowOrigins(app, config);
  requireKey(app, config);
  app.setErrorHandler((error, request, reply) => {
    const answer = toErrorResponse(error);
    if (answer.status === 503) context.metrics.rejected(codeOf(error));
    if (answer.status === 500) logFailure(context, `${request.method} ${request.url.split("?")[0]}`, error);
    return sendError(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0]!.slice(0, 200);
    const methods = METHODS.filter((method) => app.hasRoute({ method, url: path }));
    if (methods.length === 0) {
      return sendError(reply, errorResponse(404, `${request.method} ${path}: there is no such endpoint`));
    }
    reply.header("Allow", methods.join(", "));
    return sendError(reply, errorResponse(405, `${request.method} ${path}: not allowed; use ${methods.join(" or ")}`));
  });
  return { app, unread };
}

function fastifyOptions(config: ServerConfig): FastifyServerOptions {
  const root = config.rootPath.replace(/\/$/, "");
  const tls = tlsOptions(config);
  const readMs = Math.ceil(config.httpReadTimeout * 1000);
  const limits = {
    maxHeaderSize: config.h11MaxIncompleteEventSize,
    headersTimeout: Math.ceil(readMs / 6),
    connectionsCheckingInterval: Math.ceil(Math.max(50, Math.min(5000, readMs / 24))),
    // `checkHeaders` says it in the usual form.
    requireHostHeader: false,
  };
  return {
    logger: false,
    ...(tls === undefined ? { http: limits } : { https: { ...limits, ...tls } }),
    bodyLimit: config.maxBodyBytes,
    requestTimeout: readMs,
    keepAliveTimeout: Math.ceil(config.httpTimeoutKeepAlive * 1000),
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1024 },
    schemaController: { compilersFactory: NO_SCHEMAS },
    rewriteUrl: (request) => {
      const url = request.url ?? "/";
      if (root === "" || !(url === root || url.startsWith(`${root}/`) || url.startsWith(`${root}?`))) return url;
      const rest = url.slice(root.length);
      return rest.startsWith("/") ? rest : `/${rest}`;
    },
    clientErrorHandler: answerBadHttp,
    frameworkErrors: (error, _request, reply) => void sendError(reply as FastifyReply, toErrorResponse(error)),
  } as FastifyServerOptions;
}

function sendError(reply: FastifyReply, { status, body }: ErrorResponse): FastifyReply {
  if (status === 503) reply.header("Retry-After", RETRY_AFTER_S);
  return reply.code(status).send(errorBodyFor(reply.request.url, status, body));
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
