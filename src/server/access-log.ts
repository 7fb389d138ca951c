/** The access log: a line for each answer, as uvicorn writes it. */
import { STATUS_CODES } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { isLogged } from "../util/log-level.js";
import type { ServerLog } from "./server-log.js";

/** Longer URLs are cut. */
const MAX_URL = 1024;

/** Logs every answer, streams when they begin; none if the options say so, or --uvicorn-log-level is above info. */
export function logAccess(app: FastifyInstance, config: ServerConfig, log: ServerLog): void {
  if (config.disableUvicornAccessLog || !isLogged("info", config.uvicornLogLevel)) return;
  const excluded = new Set(config.disableAccessLogForEndpoints.flatMap((list) => list.split(",")));
  app.addHook("onRequest", (request, reply, done) => {
    if (!excluded.has(pathOf(request))) {
      const started = performance.now();
      const from = peer(request);
      reply.raw.once("close", () => {
        const status = reply.raw.headersSent ? reply.raw.statusCode : undefined;
        const ms = Math.round((performance.now() - started) * 10) / 10;
        const words = status === undefined ? "client left" : `${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
        const url = request.url.slice(0, MAX_URL);
        const { method } = request;
        log.line(`${from} - "${method} ${url} HTTP/${request.raw.httpVersion}" ${words}`, "info", {
          method,
          url,
          status,
          ms,
        });
      });
    }
    done();
  });
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0]!;
}

/** To be asked while the connection is there. */
function peer({ socket, ip }: FastifyRequest): string {
  return ip === undefined || socket.remotePort === undefined ? "unix" : `${ip}:${socket.remotePort}`;
}
