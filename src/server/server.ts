/** The HTTP server: routes, who may call, errors, start and stop. */
import { once } from "node:events";
import { lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { ResourceError } from "../util/errors.js";
import { logAccess } from "./access-log.js";
import { createApp } from "./app.js";
import type { RouteName } from "./app.js";
import { loadChatParsers } from "./chat/chat-parsers.js";
import { Connections } from "./connections.js";
import type { EngineClient } from "./engine-client.js";
import { OpenRequests } from "./open-requests.js";
import { registerMetrics } from "./metrics/metrics-route.js";
import { ServerMetrics } from "./metrics/server-metrics.js";
import { StatsHub } from "./metrics/stats-hub.js";
import { registerChatCompletions } from "./openai/chat-completions.js";
import { registerCompletions } from "./openai/completions.js";
import { registerDevelopment } from "./dev/development.js";
import { registerLoad } from "./load.js";
import { registerModels } from "./openai/models.js";
import { registerPage } from "./page-routes.js";
import type { ServerContext } from "./respond.js";
import { ServerLog, type LogSink } from "./server-log.js";
import { registerDetokenize } from "./tokenization/detokenize.js";
import { registerMessages } from "./anthropic/messages.js";
import { registerOpenApi } from "./openapi/openapi.js";
import { registerResponses } from "./responses/responses.js";
import { registerTokenize } from "./tokenization/tokenize.js";
import { tracesTarget } from "./tracing/traces-target.js";
import { registerTokenizerInfo } from "./tokenization/tokenizer-info.js";

/** Milliseconds that the last answers get to reach their clients. */
const LAST_ANSWERS_MS = 1000;

/** A server that listens. */
export interface RunningServer {
  /** "http://127.0.0.1:8000", "https://...", or "unix:/path". */
  readonly url: string;
  /** Requests under way. */
  readonly numOpenRequests: number;
  /** Everything that can be called, HEAD routes included. */
  readonly routes: readonly RouteName[];
  /**
   * Answers new requests and probes with 503, lets open requests finish for `shutdownTimeout` seconds, aborts the rest, and closes.
   * The engine stays open. Can be called again.
   */
  close(): Promise<void>;
}

export interface ServerHooks {
  /** Takes the log's lines; standard error by default. */
  readonly log?: LogSink;
  /** Lines that could not be written so far, for /metrics. */
  readonly numLogLinesDropped?: () => number;
  /** Also log a line for each answer, unless the options say otherwise. */
  readonly accessLog?: boolean;
  /** Quire's own, for /version. */
  readonly version?: string;
  /** Runs the application's plugins in this process; called when a parser is named that only a plugin can bring. */
  readonly loadPlugins?: () => Promise<unknown>;
}

/** A server with all its routes that does not listen. */
export interface PreparedServer {
  readonly app: FastifyInstance;
  readonly open: OpenRequests;
  readonly routes: readonly RouteName[];
  readonly metrics: ServerMetrics;
  /** As `RunningServer.close`. */
  close(): Promise<void>;
}

/**
 * Serves an engine over HTTP.
 *
 * @throws ResourceError when the address cannot be listened on; ConfigError for certificate files that cannot be used, and for an unknown parser of
 * tool calls or reasoning
 */
export async function startServer(
  engine: EngineClient,
  config: ServerConfig,
  hooks: ServerHooks = {},
): Promise<RunningServer> {
  const { app, open, routes, metrics, close } = await prepareServer(engine, config, hooks);
  const endTraces = await traceRequests(engine, config, metrics, hooks.version ?? "unknown");
  const url = await listen(app, config);
  return {
    url,
    routes,
    get numOpenRequests() {
      return open.count;
    },
    close: () => close().then(endTraces),
  };
}

/** With --otlp-traces-endpoint; what comes back sends what waits, and ends. @throws ConfigError for a wrong target */
async function traceRequests(
  engine: EngineClient,
  config: ServerConfig,
  metrics: ServerMetrics,
  version: string,
): Promise<() => Promise<void>> {
  const target = tracesTarget(config);
  if (target === undefined) return async () => {};
  const { openRequestTraces } = await import("./tracing/request-traces.js");
  const onDropped = (count: number) => metrics.spansDropped.inc(count);
  const traces = await openRequestTraces({ target, servedModel: engine.servedModelNames[0] ?? "", version, onDropped });
  engine.observe?.(traces);
  return () => traces.close();
}

/** @throws ConfigError for certificate files that cannot be used, and for an unknown parser of tool calls or reasoning */
export async function prepareServer(
  engine: EngineClient,
  config: ServerConfig,
  hooks: ServerHooks = {},
): Promise<PreparedServer> {
  const log = new ServerLog(hooks.log ?? ((line) => process.stderr.write(`${line}\n`)), config.logLevel);
  const context: ServerContext = {
    engine,
    config,
    log,
    open: new OpenRequests(),
    stats: new StatsHub(),
    metrics: new ServerMetrics(engine, hooks.numLogLinesDropped),
    parsers: await loadChatParsers(config, hooks.loadPlugins),
  };
  const ignored = [context.stats, context.metrics.engine].map((listener) => engine.observe?.(listener));
  const routes: RouteName[] = [];
  const { app, unread } = createApp(context, routes);
  if (hooks.accessLog === true) logAccess(app, config, log);
  const version = hooks.version ?? "unknown";
  registerPlain(app, context, version);
  registerPage(app, context, version);
  registerModels(app, context);
  registerMetrics(app, context.metrics);
  registerCompletions(app, context);
  registerChatCompletions(app, context);
  registerResponses(app, context);
  registerMessages(app, context);
  registerTokenize(app, context);
  registerDetokenize(app, context);
  registerTokenizerInfo(app, context);
  registerLoad(app, context);
  registerDevelopment(app, context);
  registerOpenApi(app, context, routes, version);
  const connections = new Connections(app.server);
  let closing: Promise<void> | undefined;
  const close = async () => {
    // Probes and new requests are answered with 503 until the open requests have ended.
    await context.open.drain(config.shutdownTimeout * 1000);
    await unread.settle(LAST_ANSWERS_MS);
    await connections.cutUntil(app.close());
    for (const ignore of ignored) ignore?.();
  };
  return { app, open: context.open, routes, metrics: context.metrics, close: () => (closing ??= close()) };
}

/** Endpoints that are not OpenAI's. */
function registerPlain(app: FastifyInstance, context: ServerContext, version: string): void {
  const { engine } = context;
  const health = (): number => (engine.isResponding && !context.open.isClosing ? 200 : 503);
  app.get("/health", (_request, reply) => reply.code(health()).send());
  app.route({
    method: ["GET", "POST"],
    url: "/ping",
    handler: (_request, reply) => reply.code(health()).send(),
  });
  app.get("/version", async () => ({ version }));
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
  const scheme = config.sslCertfile === undefined ? "http" : "https";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
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
