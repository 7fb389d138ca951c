/** Keys: who may call. Every route is guarded unless it is listed here as open. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ServerConfig } from "../config/server-config.js";
import { errorFor } from "./event-format.js";

/**
 * Routes, as they are registered, that answer without a key: probes, what the server is, and the page's static shell, none of which
 * reaches the model or its state. `/metrics` is added unless --api-key-metrics is given.
 */
export const OPEN_ROUTES: ReadonlySet<string> = new Set([
  "/",
  "/dashboard",
  "/docs",
  "/health",
  "/openapi.json",
  "/page/*",
  "/ping",
  "/version",
]);

/**
 * Requires one of the configured keys, as `Authorization: Bearer KEY` or `X-API-Key: KEY`, on all routes that are not open, unknown
 * paths included; no keys: open to all. Digests are compared, all of them, so that the time says nothing about a key.
 */
export function requireKey(app: FastifyInstance, config: ServerConfig): void {
  if (config.apiKey.length === 0) return;
  const digests = config.apiKey.map(digest);
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.method === "OPTIONS" || isOpen(request.routeOptions.url, config)) return;
    let matches = false;
    for (const given of givenKeys(request).map(digest)) {
      for (const known of digests) matches = timingSafeEqual(given, known) || matches;
    }
    if (matches) return;
    const body = errorFor(request.url, 401, "this server wants a key; send the header Authorization: Bearer KEY");
    return reply.code(401).header("WWW-Authenticate", "Bearer").send(body);
  });
}

/** Whether the route answers without a key. @param route as it was registered; undefined: an unknown path */
export function isOpen(route: string | undefined, config: ServerConfig): boolean {
  return route !== undefined && (OPEN_ROUTES.has(route) || (route === "/metrics" && !config.apiKeyMetrics));
}

function givenKeys(request: FastifyRequest): string[] {
  const [scheme, token] = splitOnce(request.headers.authorization ?? "");
  const bearer = scheme.toLowerCase() === "bearer" ? [token] : [];
  const header = request.headers["x-api-key"];
  return typeof header === "string" ? [...bearer, header] : bearer;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function splitOnce(header: string): [string, string] {
  const space = header.indexOf(" ");
  return space < 0 ? [header, ""] : [header.slice(0, space), header.slice(space + 1).trim()];
}
